"""The text run backwards: what a hole must be, as an expression of what is wanted.

    s + ? == "catch"             ->  "catch"[len(s):]
    t = ?; t.upper() == "CAT"    ->  "CAT".lower()
    sum(?) == 6                  ->  [6]

A number is undone on latents, core line by core line (`inverse_run.py`). A string or a list has many cells, and what
makes one is mostly a routine of the prelude; so it is undone in the text, and the network runs the expression as it
runs any other. An inverse may miss, or be one of many: whether it leads where it should is tried elsewhere.
Source: Polozov and Gulwani, 2015, "FlashMeta: a framework for inductive program synthesis" (witness functions).
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from types import MappingProxyType

from latent_repl.language.parsing.holes import hole_number
from latent_repl.synthesis.problem.goals import clauses_of
from latent_repl.synthesis.problem.text import holes_in

# Expressions of one problem, operations that are undone on the way, and nodes of an expression, at most; and functions
# that are written out in one another. Chosen.
MOST, UNDONE, LARGEST, DEEPEST = 16, 256, 2_000, 8

OPEN, WANTED = "X", "T"
"""In a rule: what the hole is in, and what it must come to. Other letters stand for what has no hole in it."""

RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "X + X": ("T[:len(T) // 2]",),
        "X + a": ("T[:len(T) - len(a)]", "T - a"),
        "a + X": ("T[len(a):]", "T - a"),
        "X * a": ("T[:len(T) // a]", "T // a"),
        "a * X": ("T[:len(T) // a]", "len(T) // len(a)", "T // a"),
        "X - a": ("T + a",),
        "a - X": ("a - T",),
        "X // a": ("T * a",),
        "-X": ("-T",),
        "X[::-1]": ("T[::-1]",),
        "X[0]": ("T", "[T]"),
        "X[-1]": ("T", "[T]"),
        "a[X]": ("a.index(T)", "{value: key for key, value in a.items()}[T]"),
        "a[X:]": ("len(a) - len(T)",),
        "a[:X]": ("len(T)",),
        "X.upper()": ("T.lower()",),
        "X.lower()": ("T.upper()",),
        "X.strip()": ("T",),
        "X.replace(a, b)": ("T.replace(b, a)",),
        "X.split()": ("' '.join(T)",),
        "X.split(a)": ("a.join(T)",),
        "a.join(X)": ("T.split(a)",),
        "a.index(X)": ("a[T]",),
        "a.find(X)": ("a[T]",),
        "len(X)": ("'a' * T", "[0] * T"),
        "str(X)": ("int(T)", "T"),
        "int(X)": ("str(T)",),
        "list(X)": ("''.join(T)", "T"),
        "sorted(X)": ("T",),
        "list(reversed(X))": ("T[::-1]",),
        "sum(X)": ("[T]",),
        "max(X)": ("[T]",),
        "min(X)": ("[T]",),
        "ord(X)": ("chr(T)",),
        "chr(X)": ("ord(T)",),
        "X > a": ("a + 1",),
        "X >= a": ("a",),
        "X < a": ("a - 1",),
        "X <= a": ("a",),
        "a > X": ("a - 1",),
        "a >= X": ("a",),
        "a < X": ("a + 1",),
        "a <= X": ("a",),
        "X in a": ("a[0]", "[*a][0]"),
        "a in X": ("a", "[a]"),
        "X.startswith(a)": ("a",),
        "X.endswith(a)": ("a",),
    }
)
"""What a hole is in, and the expressions that may undo it."""


NUMBER, PARTS = "number", "parts"

CHANGES: Mapping[str, str] = MappingProxyType(
    {"a.append(X)": "a + [X]", "a.extend(X)": "a + X", "a.insert(0, X)": "[X] + a"}
)
"""Calls that change a list, and what it is then."""


def _read(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


_RULES = [(_read(pattern), [*map(_read, inverses)]) for pattern, inverses in RULES.items()]
_CHANGES = [(_read(call), _read(after)) for call, after in CHANGES.items()]


def witnesses(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr]) -> dict[int, list[str]]:
    """Return expressions for what each hole may be, by its number, at most MOST; they have no holes themselves."""
    found = dict[int, dict[str, None]]()
    for number, expression in islice(_found(statements, conditions), MOST):
        text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(expression)))
        found.setdefault(number, {})[text] = None
    return {number: [*texts] for number, texts in found.items()}


def before_witnesses(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that such an expression may need: those that no hole has a say in."""
    writer = _WrittenOut()
    return [each for each in statements if not writer.goes_through(each) and not isinstance(each, ast.Assert)]


def _found(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr]) -> Iterator[tuple[int, ast.expr]]:
    writer, left = _WrittenOut(), iter(range(UNDONE))
    for statement in (*statements, *(ast.Assert(condition, None) for condition in conditions)):
        writer.goes_through(statement)
        if isinstance(statement, ast.Assert):
            for clause in clauses_of(writer.written_out(statement.test)):
                yield from _of_clause(clause, left)


def _of_clause(clause: ast.expr, left: Iterator[int]) -> Iterator[tuple[int, ast.expr]]:
    """Yield what makes a clause true, and of which hole. left: is asked before each operation that is undone."""
    match clause:
        case ast.Compare(first, [ast.Eq()], [second]) if not holes_in(second):
            yield from _undone(first, second, left)
        case ast.Compare(first, [ast.Eq()], [second]) if not holes_in(first):
            yield from _undone(second, first, left)
        case _:
            yield from _undone(clause, ast.Constant(True), left)


def _undone(expression: ast.expr, wanted: ast.expr, left: Iterator[int]) -> Iterator[tuple[int, ast.expr]]:
    """Yield what a hole in an expression must be for it to come to what is wanted."""
    if (number := hole_number(expression)) is not None:
        yield number, wanted
    elif next(left, None) is not None and sum(1 for _ in ast.walk(wanted)) <= LARGEST:
        for inner, of_inner in _inverses(expression, wanted):
            yield from _undone(inner, of_inner, left)


def _inverses(expression: ast.expr, wanted: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield what the hole is in, one operation further in, and what that must come to."""
    if isinstance(expression, ast.List | ast.Tuple):
        for place, part in enumerate(expression.elts):
            if holes_in(part):
                yield part, ast.Subscript(wanted, ast.Constant(place), ast.Load())
    for pattern, inverses in _RULES:
        names = dict[str, ast.expr]()
        if _fits(pattern, expression, names):
            for inverse in inverses:
                if _asks(inverse) in (None, kind := _kind(wanted)) or kind is None:
                    yield names[OPEN], _Substitution({**names, WANTED: wanted}).visit(copy.deepcopy(inverse))


def _asks(inverse: ast.expr) -> str | None:
    """Return what an inverse takes: NUMBER if it reckons with what is wanted, PARTS if it looks into it, else None."""
    for node in ast.walk(inverse):
        inside = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.Name) and each.id == WANTED]
        if inside and isinstance(node, ast.BinOp | ast.UnaryOp):
            return NUMBER
        if inside and (isinstance(node, ast.Attribute) or (isinstance(node, ast.Subscript) and node.value in inside)):
            return PARTS
    return None


def _kind(expression: ast.expr) -> str | None:
    """Return whether a value is a number or has parts, as far as an expression tells."""
    match expression:
        case ast.Constant(value=value):
            return NUMBER if isinstance(value, int) else PARTS
        case ast.List() | ast.Tuple() | ast.Dict() | ast.Subscript(slice=ast.Slice()):
            return PARTS
        case ast.BinOp(op=ast.Sub() | ast.FloorDiv()) | ast.UnaryOp():
            return NUMBER
        case ast.BinOp(left, ast.Add(), right):
            return _kind(left) or _kind(right)
        case ast.Call(ast.Name(name)):
            return NUMBER if name in ("len", "int", "ord", "sum", "abs") else PARTS if name in ("str", "chr") else None
        case ast.Call(ast.Attribute(attr=name)):
            return PARTS if name in ("upper", "lower", "replace", "join", "split") else None
        case _:
            return None


def _fits(pattern: object, node: object, names: dict[str, ast.expr]) -> bool:
    """Return whether a node has a pattern's form, and note what its letters stand for."""
    if isinstance(pattern, ast.Name) and len(pattern.id) == 1:
        if not isinstance(node, ast.expr) or bool(holes_in(node)) != (pattern.id == OPEN):
            return False
        return ast.dump(names.setdefault(pattern.id, node)) == ast.dump(node)
    if isinstance(pattern, ast.AST):
        parts = [name for name in pattern._fields if name != "ctx"]
        return type(pattern) is type(node) and all(
            _fits(getattr(pattern, name), getattr(node, name), names) for name in parts
        )
    if isinstance(pattern, list):
        pairs = zip(pattern, node, strict=True) if isinstance(node, list) and len(node) == len(pattern) else None
        return pairs is not None and all(_fits(*pair, names) for pair in pairs)
    return pattern == node


def _changed(expression: ast.expr) -> tuple[str, ast.expr] | None:
    """Return the variable whose list a call changes, and what the list is then; None for anything else."""
    for pattern, after in _CHANGES:
        names = dict[str, ast.expr]()
        if _fits(pattern, expression, names) and isinstance(target := names["a"], ast.Name):
            return target.id, _Substitution(names).visit(copy.deepcopy(after))
    return None


class _Substitution(ast.NodeTransformer):
    """Puts expressions in the place of names."""

    def __init__(self, names: Mapping[str, ast.expr]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return copy.deepcopy(self.names.get(node.id, node))


class _WrittenOut:
    """Writes out what a hole has a say in: variables as what was assigned to them, calls as what is returned."""

    def __init__(self) -> None:
        self.held: dict[str, ast.expr] = {}
        self.functions: dict[str, ast.FunctionDef] = {}

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
                return bool(holes_in(_Substitution(self.held).visit(copy.deepcopy(statement))))
        self.held.pop(name, None)
        if holes_in(written):
            self.held[name] = written
        return name in self.held

    def written_out(self, expression: ast.expr, depth: int = 0) -> ast.expr:
        """Return an expression with what the hole has a say in written out."""
        filled = _Substitution(self.held).visit(copy.deepcopy(expression))
        return _CallsWrittenOut(self, depth).visit(filled) if self.functions and depth < DEEPEST else filled

    def returned(self, call: ast.Call, depth: int) -> ast.expr | None:
        """Return what a call of a function with the hole returns, None where that is no expression."""
        function = self.functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if function is None or call.keywords or len(call.args) != len(function.args.args):
            return None
        inside = _WrittenOut()
        inside.functions = self.functions
        inside.held = {each.arg: given for each, given in zip(function.args.args, call.args, strict=True)}
        for statement in function.body:
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return inside.written_out(value, depth + 1)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    inside.held[name] = inside.written_out(value, depth + 1)
                case _:
                    return None
        return None


class _CallsWrittenOut(ast.NodeTransformer):
    """Puts what is returned in the place of calls."""

    def __init__(self, writer: _WrittenOut, depth: int) -> None:
        self.writer, self.depth = writer, depth

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        returned = self.writer.returned(node, self.depth)
        return node if returned is None else returned
