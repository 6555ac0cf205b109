"""Which variables hold values of one kind for certain, so that a core line does where else a routine has to look.

s = ""; s += x             a str stays one, whatever x is: one core line, `+`
xs = []; xs.append(x)      one core line, `append`
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence

from latent_repl.language.operators import ABS, LENGTH, ORD
from latent_repl.language.parsing.errors import CaughtMessage
from latent_repl.language.parsing.scopes import is_builtin

Kinds = Mapping[str, type]

_BUILTINS: Kinds = {
    **dict.fromkeys((LENGTH, ORD, "int", "sum of range", "whole root", "whole number"), int),
    **dict.fromkeys((ABS, "float", "real number", "round"), float),
    **dict.fromkeys(("str", "chr", "repr", "kind name", "format of", "bin", "oct", "hex"), str),
    **dict.fromkeys(("list", "sorted", "sorted by", "reversed", "range", "zip", "enumerate", "spread of"), list),
    **dict.fromkeys(("distinct of", "in both", "in either", "in first"), list),
    **dict.fromkeys(("is member", "same members", "all members", "has members"), bool),
    **{"tuple": tuple, "divmod": tuple, "dict": dict, "bool": bool, "any": bool, "all": bool},
}
_TEXTS: tuple[str, ...] = (
    "upper",
    "lower",
    "title",
    "capitalize",
    "swapcase",
    "casefold",
    "strip",
    "lstrip",
    "rstrip",
    "replace",
    "join",
)
_TEXTS += ("zfill", "ljust", "rjust", "center", "expandtabs", "removeprefix", "removesuffix", "translate", "format")
_METHODS: Kinds = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(("split", "rsplit", "splitlines", "keys", "values", "items"), list),
    **dict.fromkeys(("find", "rfind", "index", "rindex", "count"), int),
    **dict.fromkeys(("partition", "rpartition", "popitem"), tuple),
}
SEQUENCES = (str, list, tuple)
NUMBERS = (int, bool, float)
"""float stands for any number, where it is not known to be a whole one."""


def kind_of(node: ast.expr | None, known: Kinds) -> type | None:
    """Return the kind of an expression's values, None where it is not known."""
    match node:
        case ast.Constant(value=value):
            return type(value)
        case ast.JoinedStr() | CaughtMessage():
            return str
        case ast.List() | ast.ListComp():
            return list
        case ast.Tuple():
            return tuple
        case ast.Dict() | ast.DictComp():
            return dict
        case ast.Compare() | ast.UnaryOp(op=ast.Not()):
            return bool
        case ast.UnaryOp(operand=operand):
            return int if kind_of(operand, known) in (int, bool) else float
        case ast.Name(id=name):
            return known.get(name)
        case ast.NamedExpr(value=value):
            return kind_of(value, known)
        case ast.BinOp():
            return _of_operation(node, known)
        case ast.IfExp(body=one, orelse=other):
            kind = kind_of(one, known)
            return kind if kind is kind_of(other, known) else None
        case ast.Call():
            return _of_call(node, known)
        case ast.Subscript(value=row, slice=part):
            kind = kind_of(row, known)
            return kind if kind is str or (kind in SEQUENCES and isinstance(part, ast.Slice)) else None
        case _:
            return None


def known_kinds(body: Sequence[ast.stmt], others: Collection[str]) -> dict[str, type]:
    """Return the kind of each variable that has one in all statements; others: those that come from elsewhere."""
    found: dict[str, type] = {}
    for _ in range(3):
        finder = _Finder(found)
        for statement in body:
            finder.visit(statement)
        found = {name: kind for name, kind in finder.kinds.items() if kind is not None and name not in others}
    # What was found with the help of what does not last is found no more.
    while True:
        finder = _Finder(found)
        for statement in body:
            finder.visit(statement)
        lasting = {name: kind for name, kind in found.items() if finder.kinds.get(name) is kind}
        if lasting == found:
            return found
        found = lasting


def _of_operation(node: ast.BinOp, known: Kinds) -> type | None:
    kinds = (kind_of(node.left, known), kind_of(node.right, known))
    match node.op:
        case ast.BitAnd() | ast.BitOr() | ast.BitXor():
            # Of two truths it is one, of two dicts a dict, and else a number.
            return next((kind for kind in (int, dict) if kind in kinds), None)
        case ast.LShift() | ast.RShift():
            return int
        case ast.Add() | ast.Mult() if any(kind in SEQUENCES for kind in kinds):
            return next(kind for kind in kinds if kind in SEQUENCES)
        case ast.Div() | ast.Pow():
            return float
        case ast.Mult() | ast.Add() if not all(kind in NUMBERS for kind in kinds):
            # A number and something else: their sum is a number or none at all, their product may be a row.
            return float if isinstance(node.op, ast.Add) and any(kind in NUMBERS for kind in kinds) else None
        case _:
            return int if all(kind in (int, bool) for kind in kinds) else float


def _of_call(node: ast.Call, known: Kinds) -> type | None:
    if is_builtin(node) and isinstance(node.func, ast.Name):
        return _BUILTINS.get(node.func.id)
    if not isinstance(node.func, ast.Attribute):
        return None
    if node.func.attr == "copy":
        return kind_of(node.func.value, known)
    return bool if node.func.attr.startswith("is") else _METHODS.get(node.func.attr)


class _Finder(ast.NodeVisitor):
    """Notes the kinds that are assigned; None for a variable that may hold several."""

    def __init__(self, known: Kinds) -> None:
        self._known = known
        self.kinds: dict[str, type | None] = {}

    def _note(self, target: ast.expr, kind: type | None) -> None:
        for part in ast.walk(target):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                new = kind if part is target else None
                both = {new, self.kinds.get(part.id, new)}
                self.kinds[part.id] = new if len(both) == 1 else float if both <= {*NUMBERS} else None

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            match target, node.value:
                case ast.Tuple(elts=parts), ast.Tuple(elts=values) if len(parts) == len(values):
                    for part, value in zip(parts, values, strict=True):
                        self._note(part, kind_of(value, self._known))
                case _:
                    self._note(target, kind_of(node.value, self._known))
        self.generic_visit(node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self._note(node.target, kind_of(node.value, self._known))
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            name = node.target.id
            before = self.kinds.get(name) or self._known.get(name)
            known = self._known if before is None else {**self._known, name: before}
            self._note(node.target, kind_of(ast.BinOp(ast.Name(name, ast.Load()), node.op, node.value), known))
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        match node.iter:
            case ast.Call(func=ast.Name(id="range")):
                self._note(node.target, int)
            case _:
                self._note(node.target, str if kind_of(node.iter, self._known) is str else None)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """A function's variables are its own."""
