"""A tree of Lx rewritten so that CPython reports every line it runs and checks every result.

    a = b + 1         ->    %:line(1);  a = %:+(b, 1)
    xs[0] = s.upper() ->    %:line(1);  %:put(xs, 0, %:method("upper", s)())

The names of the functions begin with a sign that no user's name can hold.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence

from latent_repl.language.lowering.slots import is_bare_expression
from latent_repl.language.operators import WRITTEN_NODES
from latent_repl.language.oracle.instrument_expressions import DEFINED, MARK, ExpressionRewriter, call, stored
from latent_repl.language.parsing.errors import CaughtMessage, ErrorNames, finally_line
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.parsing.patterns import Subject, WrittenPattern
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE
from latent_repl.language.raised import CAUGHT as KINDS_CAUGHT

LINE, ROUNDS, SHOW, VALUE, FAIL = (MARK + name for name in ("line", "rounds", "show", "value", "fail"))
# What raises an error, and what gives the message of the one that was caught.
RAISE, CAUGHT = f"{MARK}raise", f"{MARK}caught"
# What tells whether a `finally` block is to run.
LEAVES = f"{MARK}leaves"
# What a function's loops call in place of LINE and ROUNDS: the line that calls the function is still under way.
TICK, TURNS = f"{MARK}tick", f"{MARK}turns"
# What changes a row where it is, and an augmented assignment.
PUT, CUT, IN_PLACE = f"{MARK}put", f"{MARK}cut", f"{MARK}in place"
# Where a value is kept until it is shown or assigned, and what a subscript is of and at.
KEPT, OWNER, KEY = f"{MARK}kept", f"{MARK}owner", f"{MARK}key"

# What a match statement looks at.
LOOKED_AT = f"{MARK}subject"


def instrument(tree: Tree, *, rows: bool = False) -> ast.Module:
    """Return the rewritten tree; the given one stays as it is. rows: whether there are values with parts, and None."""
    module = copy.deepcopy(tree.module)
    before = [_definition(function.definition, function.text, rows) for function in tree.functions.values()]
    module.body = [*before, *_Rewriter(tree.text, rows).block(module.body, 0)]
    return ast.fix_missing_locations(module)


class _Rewriter(ExpressionRewriter):
    def __init__(self, text: SourceText, rows: bool) -> None:
        super().__init__(rows)
        self.text = text

    def block(self, statements: Sequence[ast.stmt], line: int) -> list[ast.stmt]:
        """Rewrite a block that follows a given line; a statement on that line does not begin one."""
        rewritten: list[ast.stmt] = []
        for statement in statements:
            # A while loop begins its line itself, at every test.
            if statement.lineno != line and not isinstance(statement, ast.While):
                rewritten.append(ast.Expr(call(LINE, ast.Constant(statement.lineno))))
            line = statement.lineno
            rewritten += self.statement(statement)
        return rewritten

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id="print")) as printing):
                return [ast.Expr(self.named(call(SHOW, *map(self.visit, printing.args)), printing.keywords))]
            case _ if is_bare_expression(node):
                return self.bare(node.value)
            case ast.FunctionDef():
                return [_definition(node, self.text, self.rows)]
            case ast.Assign():
                return self.assignment(node)
            case ast.AugAssign():
                return self.augmented(node)
            case ast.Delete():
                return [self.deleted(target) for target in node.targets]
            case ast.Match():
                assigned = ast.Assign([stored(LOOKED_AT)], self.visit(node.subject))
                return [assigned, ast.Match(ast.Constant(None), [*map(self.tried, node.cases)])]
            case ast.Raise(exc=ErrorNames() as error):
                said = [] if node.cause is None else [self.visit(node.cause)]
                return [ast.Expr(call(RAISE, ast.Constant(error.value), *said))]
            case ast.Assert():
                message = ast.Constant(self.text.segment(node.test)) if node.msg is None else self.visit(node.msg)
                return [ast.If(ast.UnaryOp(ast.Not(), self.visit(node.test)), [ast.Expr(call(FAIL, message))], [])]
            case _:
                return [self.visit(node)]

    def bare(self, node: ast.expr) -> list[ast.stmt]:
        """Rewrite an expression that stands alone: None is neither shown nor kept."""
        kept = ast.Name(KEPT, ast.Load())
        shown: list[ast.stmt] = [ast.Assign([stored(LAST_VALUE)], kept), ast.Expr(call(VALUE, kept))]
        test = ast.Compare(kept, [ast.IsNot()], [ast.Constant(None)])
        return [ast.Assign([stored(KEPT)], self.alone(node)), ast.If(test, shown, [])]

    def assignment(self, node: ast.Assign) -> list[ast.stmt]:
        """Rewrite an assignment; where it changes rows, every target is assigned by itself, from left to right."""
        value = self.visit(node.value)
        if not any(isinstance(part, ast.Subscript) for target in node.targets for part in ast.walk(target)):
            return [ast.Assign(node.targets, value)]
        statements: list[ast.stmt] = [ast.Assign([stored(KEPT)], value)]
        for number, target in enumerate(node.targets):
            statements += self.assigned(target, ast.Name(KEPT, ast.Load()), f"{KEPT}{number}")
        return statements

    def assigned(self, target: ast.expr, value: ast.expr, name: str) -> list[ast.stmt]:
        """Return what assigns a value; name: what the names of its parts begin with."""
        match target:
            case ast.Subscript():
                return [ast.Expr(call(PUT, self.visit(target.value), self.key(target.slice), value))]
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                names = [f"{name}.{place}" for place in range(len(targets))]
                statements: list[ast.stmt] = [ast.Assign([ast.Tuple([*map(stored, names)], ast.Store())], value)]
                for inner, part in zip(targets, names, strict=True):
                    statements += self.assigned(inner, ast.Name(part, ast.Load()), part)
                return statements
            case _:
                return [ast.Assign([target], value)]

    def deleted(self, target: ast.expr) -> ast.stmt:
        """Return what deletes one target."""
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Slice):
            return ast.Expr(call(CUT, self.visit(target.value), self.key(target.slice)))
        return ast.Delete([self.visit(target)])

    def augmented(self, node: ast.AugAssign) -> list[ast.stmt]:
        symbol = ast.Constant(WRITTEN_NODES[type(node.op)])
        if isinstance(node.target, ast.Name):
            before: ast.expr = ast.Name(node.target.id, ast.Load())
            return [ast.Assign([node.target], call(IN_PLACE, symbol, before, self.visit(node.value)))]
        assert isinstance(node.target, ast.Subscript), "the parser lets nothing else through"
        owner, key = ast.Name(OWNER, ast.Load()), ast.Name(KEY, ast.Load())
        before = ast.Subscript(owner, key, ast.Load())
        changed = call(PUT, owner, key, call(IN_PLACE, symbol, ast.Name(KEPT, ast.Load()), self.visit(node.value)))
        return [
            ast.Assign([stored(OWNER)], self.visit(node.target.value)),
            ast.Assign([stored(KEY)], self.key(node.target.slice)),
            ast.Assign([stored(KEPT)], before),
            ast.Expr(changed),
        ]

    def visit_Try(self, node: ast.Try) -> ast.stmt:
        handlers = [self.handler(handler) for handler in node.handlers]
        final: list[ast.stmt] = []
        if node.finalbody:
            final = [ast.If(call(LEAVES), [*self.block(node.finalbody, 0), *self.resumed(node)], [])]
        return ast.Try(self.block(node.body, node.lineno), handlers, self.block(node.orelse, 0), final)

    def resumed(self, node: ast.Try) -> list[ast.stmt]:
        """Return what ends a `finally` block: its line begins again."""
        return [ast.Expr(call(LINE, ast.Constant(finally_line(node, self.text))))]

    def handler(self, node: ast.ExceptHandler) -> ast.ExceptHandler:
        """Rewrite a handler; the names of errors are those of the kinds that they catch."""
        assert isinstance(node.type, ErrorNames), "the parser lets nothing else through"
        every = sorted({kind for name in node.type.names for kind in KINDS_CAUGHT[name]})
        kinds: list[ast.expr] = [ast.Name(MARK + kind, ast.Load()) for kind in every]
        return ast.ExceptHandler(ast.Tuple(kinds, ast.Load()), node.name, self.block(node.body, node.lineno))

    def tried(self, node: ast.match_case) -> ast.match_case:
        """Rewrite a case: whatever it asks and captures stands behind its `if`."""
        pattern = node.pattern
        assert isinstance(pattern, WrittenPattern), "the parser lets nothing else through"
        asked = [] if pattern.test is None else [self.visit(pattern.test)]
        captured: list[ast.expr] = [self.captured(capture) for capture in pattern.captures]
        # Of a tuple that is not empty the truth is True, whatever is in it.
        asked += [ast.Tuple(captured, ast.Load())] if captured else []
        asked += [] if node.guard is None else [self.visit(node.guard)]
        if not asked:
            return ast.match_case(ast.MatchAs(), None, self.block(node.body, 0))
        line, every = pattern.line, [*self.begun(pattern.line), *asked, ast.Constant(True)]
        guard = ast.BoolOp(ast.And(), every, lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
        return ast.match_case(ast.MatchAs(), guard, self.block(node.body, line))

    def captured(self, node: ast.Assign) -> ast.expr:
        """Return the expression that assigns what a pattern captures."""
        [target] = node.targets
        assert isinstance(target, ast.Name), "the parser lets nothing else through"
        return ast.NamedExpr(target, self.visit(node.value))

    def begun(self, line: int) -> list[ast.expr]:
        """Return what begins a line, and is true."""
        return [call(LINE, ast.Constant(line))]

    def visit_Subject(self, node: Subject) -> ast.expr:
        return ast.Name(LOOKED_AT, ast.Load())

    def visit_CaughtMessage(self, node: CaughtMessage) -> ast.expr:
        return call(CAUGHT)

    def visit_If(self, node: ast.If) -> ast.stmt:
        return ast.If(self.visit(node.test), self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))

    def visit_While(self, node: ast.While) -> ast.stmt:
        test = ast.BoolOp(ast.And(), [call(LINE, ast.Constant(node.lineno)), self.visit(node.test)])
        return ast.While(test, self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))

    def visit_For(self, node: ast.For) -> ast.stmt:
        rounds = call(ROUNDS, ast.Constant(node.lineno), self.visit(node.iter))
        return ast.For(node.target, rounds, self.block(node.body, node.lineno), self.block(node.orelse, node.lineno))


class _BodyRewriter(_Rewriter):
    """Rewrites the body of a function, where no line begins and bare expressions are not shown."""

    def block(self, statements: Sequence[ast.stmt], line: int) -> list[ast.stmt]:
        # An error names the line on which CPython has it.
        return [
            ast.copy_location(rewritten, statement)
            for statement in statements
            for rewritten in self.statement(statement)
        ]

    def bare(self, node: ast.expr) -> list[ast.stmt]:
        return [ast.Expr(self.alone(node))]

    def resumed(self, node: ast.Try) -> list[ast.stmt]:
        return []

    def begun(self, line: int) -> list[ast.expr]:
        return []

    def visit_While(self, node: ast.While) -> ast.stmt:
        test = ast.BoolOp(ast.And(), [call(TICK), self.visit(node.test)])
        return ast.While(test, self.block(node.body, 0), self.block(node.orelse, 0))

    def visit_For(self, node: ast.For) -> ast.stmt:
        return ast.For(
            node.target, call(TURNS, self.visit(node.iter)), self.block(node.body, 0), self.block(node.orelse, 0)
        )


def _definition(node: ast.FunctionDef, text: SourceText, rows: bool) -> ast.stmt:
    rewritten = copy.deepcopy(node)
    rewritten.name = DEFINED + node.name
    rewritten.body = _BodyRewriter(text, rows).block(rewritten.body, 0)
    return rewritten
