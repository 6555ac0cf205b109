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
from latent_repl.synthesis.inversion.patterns import OPEN, Substitution, fits, is_within, read
from latent_repl.synthesis.inversion.written_out import WrittenOut
from latent_repl.synthesis.problem.goals import clauses_of
from latent_repl.synthesis.problem.text import holes_in

# Expressions of one problem, operations that are undone on the way, and nodes of an expression, at most. Chosen.
MOST, UNDONE, LARGEST = 16, 256, 2_000

WANTED = "T"
"""In an inverse: what the expression must come to."""

RULES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "X + X": ("T[:len(T) // 2]",),
        "X + a": ("T[:len(T) - len(a)]", "T - a"),
        "a + X": ("T[len(a):]", "T - a"),
        "X * a": ("T[:len(T) // a]", "T // a", "T / a"),
        "a * X": ("T[:len(T) // a]", "len(T) // len(a)", "T // a", "T / a"),
        "X - a": ("T + a",),
        "a - X": ("a - T",),
        "X // a": ("T * a",),
        "X / a": ("int(T * a)", "T * a"),
        "a / X": ("int(a / T)", "a / T"),
        "round(X, a)": ("T",),
        "float(X)": ("T",),
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
_RESULTS = {
    **dict.fromkeys(("len", "int", "float", "round", "ord", "sum", "abs"), NUMBER),
    **dict.fromkeys(("str", "chr"), PARTS),
}


_RULES = [(read(pattern), [*map(read, inverses)]) for pattern, inverses in RULES.items()]


def witnesses(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr]) -> dict[int, list[str]]:
    """Return expressions for what each hole may be, by its number, at most MOST; they have no holes themselves."""
    found = dict[int, dict[str, None]]()
    for number, expression in islice(_found(statements, conditions), MOST):
        text = ast.unparse(ast.fix_missing_locations(copy.deepcopy(expression)))
        found.setdefault(number, {})[text] = None
    return {number: [*texts] for number, texts in found.items()}


def before_witnesses(statements: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Return the statements that such an expression may need: those that no hole has a say in."""
    writer = WrittenOut()
    return [each for each in statements if not writer.goes_through(each) and not isinstance(each, ast.Assert)]


def _found(statements: Sequence[ast.stmt], conditions: Sequence[ast.expr]) -> Iterator[tuple[int, ast.expr]]:
    writer, left = WrittenOut(), iter(range(UNDONE))
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
    elif next(left, None) is not None and is_within(wanted, LARGEST):
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
        if fits(pattern, expression, names):
            for inverse in inverses:
                if _asks(inverse) in (None, kind := _kind(wanted)) or kind is None:
                    yield names[OPEN], Substitution({**names, WANTED: wanted}).visit(copy.deepcopy(inverse))


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
            return NUMBER if isinstance(value, int | float) else PARTS
        case ast.List() | ast.Tuple() | ast.Dict() | ast.Subscript(slice=ast.Slice()):
            return PARTS
        case ast.BinOp(op=ast.Sub() | ast.FloorDiv() | ast.Div()) | ast.UnaryOp():
            return NUMBER
        case ast.BinOp(left, ast.Add(), right):
            return _kind(left) or _kind(right)
        case ast.Call(ast.Name(name)):
            return _RESULTS.get(name)
        case ast.Call(ast.Attribute(attr=name)):
            return PARTS if name in ("upper", "lower", "replace", "join", "split") else None
        case _:
            return None
