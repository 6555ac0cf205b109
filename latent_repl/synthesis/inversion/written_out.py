"""What a hole has a say in, written out: variables as what was assigned to them, calls as what is returned.

    t = s.upper() + ?; t == "A!"    ->    s.upper() + ? == "A!"

What would be too long is kept as something that no rule fits, so that whatever is made of it is given up as well.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping
from types import MappingProxyType

from latent_repl.language.parsing.holes import HOLE_LETTER
from latent_repl.language.parsing.scopes import is_spread, parameters_in
from latent_repl.synthesis.inversion.patterns import Substitution, fits, is_within, read
from latent_repl.synthesis.problem.text import holes_in

# What is written out at most: nodes of a variable's expression, calls, and calls in one another. Chosen.
LONGEST, CALLS, DEEPEST = 400, 64, 8

CHANGES: Mapping[str, str] = MappingProxyType(
    {"a.append(X)": "a + [X]", "a.extend(X)": "a + X", "a.insert(0, X)": "[X] + a"}
)
"""Calls that change a list, and what it is then."""

_BEYOND = ast.Await(ast.Name(HOLE_LETTER, ast.Load()))  # a hole has a say in it, and no rule fits; Lx has no await
_CHANGES = [(read(call), read(after)) for call, after in CHANGES.items()]


class WrittenOut:
    """Writes out what a hole has a say in: variables as what was assigned to them, calls as what is returned."""

    def __init__(self) -> None:
        self.held: dict[str, ast.expr] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.calls = iter(range(CALLS))

    def goes_through(self, statement: ast.stmt) -> bool:
        """Note what a statement assigns; return whether the hole has a say in it."""
        match statement:
            case ast.FunctionDef(name=name):
                called = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
                holed = holes_in(statement) or called & self.functions.keys()
                self.functions = {key: held for key, held in self.functions.items() if key != name}
                if holed:
                    self.functions[name] = statement
                return name in self.functions
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                written = self.written_out(value)
            case ast.AugAssign(target=ast.Name(id=name) as target, op=operator, value=value):
                written = self.written_out(ast.BinOp(ast.Name(target.id, ast.Load()), operator, value))
            case ast.Expr(value) if changed := _changed(value):
                name, after = changed
                written = self.written_out(after)
            case _:
                return bool(holes_in(Substitution(self.held).visit(copy.deepcopy(statement))))
        self.held.pop(name, None)
        if holes_in(written):
            self.held[name] = _bounded(written)
        return name in self.held

    def written_out(self, expression: ast.expr, depth: int = 0) -> ast.expr:
        """Return an expression with what the hole has a say in written out."""
        filled = Substitution(self.held).visit(copy.deepcopy(expression))
        return _CallsWriter(self, depth).visit(filled) if self.functions and depth < DEEPEST else filled

    def returned(self, call: ast.Call, depth: int) -> ast.expr | None:
        """Return what a call of a function with the hole returns, None where that is no expression."""
        function = self.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is None or call.keywords or is_spread(call):
            return None
        if parameters_in(function.args) != function.args.args or len(call.args) != len(function.args.args):
            return None
        if next(self.calls, None) is None:
            return None
        inside = WrittenOut()
        inside.functions, inside.calls = self.functions, self.calls
        inside.held = {each.arg: given for each, given in zip(function.args.args, call.args, strict=True)}
        for statement in function.body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    returned = inside.written_out(value, depth + 1)
                    return returned if is_within(returned, LONGEST) else None
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    inside.held[name] = _bounded(inside.written_out(value, depth + 1))
                case _:
                    return None
        return None


class _CallsWriter(ast.NodeTransformer):
    """Puts what is returned in the place of calls."""

    def __init__(self, writer: WrittenOut, depth: int) -> None:
        self.writer, self.depth = writer, depth

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        returned = self.writer.returned(node, self.depth)
        return node if returned is None else returned


def _bounded(written: ast.expr) -> ast.expr:
    """Return what a variable holds, one expression for all that are too long and what is made of them."""
    beyond = any(isinstance(node, ast.Await) for node in ast.walk(written))
    return _BEYOND if beyond or not is_within(written, LONGEST) else written


def _changed(expression: ast.expr) -> tuple[str, ast.expr] | None:
    """Return the variable whose list a call changes, and what the list is then; None for anything else."""
    for pattern, after in _CHANGES:
        names = dict[str, ast.expr]()
        if fits(pattern, expression, names) and isinstance(target := names["a"], ast.Name):
            return target.id, Substitution(names).visit(copy.deepcopy(after))
    return None
