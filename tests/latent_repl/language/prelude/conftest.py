"""Runs the prelude's routines exactly: their text under CPython, over rows that only core lines can touch."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.language import prelude
from latent_repl.language.prelude.table import TRAPS

KINDS = ("list", "str", "tuple", "dict", "int", "bool", "none")
SEQUENCES = ("list", "str", "tuple")
NATIVE: dict[str, Callable[[Any, Any], Any]] = {
    "Add": lambda a, b: a + b,
    "Sub": lambda a, b: a - b,
    "Mult": lambda a, b: a * b,
    "FloorDiv": lambda a, b: a // b,
    "Mod": lambda a, b: a % b,
    "Eq": lambda a, b: a == b,
    "NotEq": lambda a, b: a != b,
    "Lt": lambda a, b: a < b,
    "LtE": lambda a, b: a <= b,
    "Gt": lambda a, b: a > b,
    "GtE": lambda a, b: a >= b,
}
SYMBOLS = {"Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "Mult": "*"}


class Failure(Exception):
    """An error of the program's own: its name and its message."""


class Row:
    """A row of the heap."""

    def __init__(self, kind: str, cells: list[Any]) -> None:
        self.kind, self.cells = kind, cells

    def __len__(self) -> int:
        return len(self.cells) // (2 if self.kind == "dict" else 1)


def kind_of(x: Any) -> str:
    return x.kind if isinstance(x, Row) else "none" if x is None else type(x).__name__


def stored(value: Any) -> Any:
    """Return the cell of a Python value, its rows made."""
    if isinstance(value, dict):
        return Row("dict", [stored(part) for pair in value.items() for part in pair])
    if isinstance(value, list | tuple):
        return Row(kind_of(value), [stored(part) for part in value])
    return Row("str", list(value)) if isinstance(value, str) and len(value) != 1 else value


def read(cell: Any) -> Any:
    """Return the Python value of a cell."""
    if not isinstance(cell, Row):
        return cell
    values = [read(each) for each in cell.cells]
    if cell.kind == "dict":
        return dict(zip(values[::2], values[1::2], strict=True))
    if cell.kind == "str":
        assert all(isinstance(each, str) and len(each) == 1 for each in cell.cells)
        return "".join(values)
    return values if cell.kind == "list" else tuple(values)


class CoreLines(ast.NodeTransformer):
    """Turns what a core line does into a call of its function."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return _call("literal", node) if isinstance(node.value, str) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Attribute):
            assert node.func.attr == "append"
            return _call("append", self.visit(node.func.value), *map(self.visit, node.args))
        literal = [isinstance(part, ast.Constant) and _named(node) == "_fail" for part in node.args]
        node.args = [part if plain else self.visit(part) for part, plain in zip(node.args, literal, strict=True)]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return _call("operate", ast.Constant(type(node.op).__name__), self.visit(node.left), self.visit(node.right))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        [operator], [right] = node.ops, node.comparators
        return _call("operate", ast.Constant(type(operator).__name__), self.visit(node.left), self.visit(right))

    def visit_List(self, node: ast.List) -> ast.expr:
        return _call("make", ast.Constant("list"), *map(self.visit, node.elts))

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        return _call("make", ast.Constant("tuple"), *map(self.visit, node.elts))

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        assert not node.keys
        return _call("make", ast.Constant("dict"))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not isinstance(node.slice, ast.Slice):
            return _call("subscript", self.visit(node.value), self.visit(node.slice))
        part = node.slice
        if part.step is not None:
            assert ast.unparse(part) == "::-1"
            return _call("flipped", self.visit(node.value))
        assert (part.lower is None) != (part.upper is None), ast.unparse(node)
        name, bound = ("take", part.upper) if part.lower is None else ("drop", part.lower)
        assert bound is not None
        return _call(name, self.visit(node.value), self.visit(bound))

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        [target] = node.targets
        value = self.visit(node.value)
        if isinstance(target, ast.Subscript):
            return ast.Expr(_call("put", self.visit(target.value), self.visit(target.slice), value))
        assert isinstance(target, ast.Name)
        return ast.Assign([target], value)


def _named(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _call(name: str, *arguments: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(f"@{name}", ast.Load()), [*arguments], [])


class Machine:
    """All routines, ready to run; steps: the core lines that ran."""

    def __init__(self) -> None:
        own = {name: getattr(self, name) for name in dir(self) if not name.startswith("_")}
        self.steps = 0
        self.names: dict[str, Any] = {f"_{kind}": f"kind {kind}" for kind in KINDS}
        self.names |= {f"@{name}": value for name, value in own.items()}
        self.names |= {name: own[f"core_{name}"] for name in ("len", "ord", "chr", "min", "max")}
        self.names |= {f"_{name}": own[f"core_{name}"] for name in RAW}
        module = ast.Module([CoreLines().visit(prelude.routine(name)) for name in prelude.names()], [])
        exec(compile(ast.fix_missing_locations(module), "prelude", "exec"), self.names)

    def literal(self, text: str) -> Any:
        self.steps += 0 if len(text) == 1 else len(text) + 1
        return stored(text)

    def make(self, kind: str, *cells: Any) -> Row:
        self.steps += len(cells) + 1
        return Row(kind, [*cells])

    def operate(self, operator: str, a: Any, b: Any) -> Any:
        self.steps += 1
        one, other = kind_of(a), kind_of(b)
        if isinstance(a, Row) or isinstance(b, Row):
            if operator == "Add" and one == other and one in SEQUENCES:
                return Row(one, [*cells_of(a), *cells_of(b)])
            if operator in ("Eq", "NotEq") and (one != other or a is b):
                return (a is b) == (operator == "Eq")
            repeats = operator == "Mult" and {one, other} & {"int", "bool"} and {one, other} & {*SEQUENCES}
            same = one == other and (one in SEQUENCES or operator in ("Eq", "NotEq"))
            if (same and operator in SYMBOLS and operator != "Mult") or repeats:
                return self.names[TRAPS[SYMBOLS[operator]].name](a, b)
            a, b = read(a), read(b)
        if operator == "Add" and one == other == "str":
            return Row("str", [a, b])
        return NATIVE[operator](a, b)

    def _traps(self, a: Any, b: Any) -> bool:
        return kind_of(a) == kind_of(b) and isinstance(a, Row) | isinstance(b, Row)

    def append(self, row: Row, cell: Any) -> None:
        self.steps += 1
        row.cells.append(cell)

    def subscript(self, row: Any, i: Any) -> Any:
        self.steps += 1
        if isinstance(row, Row) and row.kind == "dict":
            return self.names["item_get"](row, i)
        return (row.cells if isinstance(row, Row) else row)[read(i)]

    def put(self, row: Row, i: int, cell: Any) -> None:
        self.steps += 1
        assert row.kind == "list"
        row.cells[i] = cell

    def take(self, row: Any, end: int) -> Row:
        self.steps += 1
        return Row(kind_of(row), cells_of(row)[:end])

    def drop(self, row: Any, start: int) -> Row:
        self.steps += 1
        return Row(kind_of(row), cells_of(row)[start:])

    def flipped(self, row: Any) -> Row:
        self.steps += 1
        return Row(kind_of(row), cells_of(row)[::-1])

    def core_len(self, row: Any) -> int:
        self.steps += 1
        return len(row)

    def core_ord(self, character: str) -> int:
        self.steps += 1
        assert isinstance(character, str)
        return ord(character)

    def core_chr(self, number: int) -> str:
        self.steps += 1
        assert 0 <= number < 127
        return chr(number)

    def core_min(self, a: Any, b: Any) -> Any:
        self.steps += 1
        return self.names["lesser_of"](a, b) if self._traps(a, b) else min(a, b)

    def core_max(self, a: Any, b: Any) -> Any:
        self.steps += 1
        return self.names["greater_of"](a, b) if self._traps(a, b) else max(a, b)

    def core_kind(self, x: Any) -> str:
        self.steps += 1
        return f"kind {kind_of(x)}"

    def core_row(self, kind: str) -> Row:
        self.steps += 1
        return Row(kind.removeprefix("kind "), [])

    def core_as(self, row: Any, kind: str) -> Row:
        self.steps += 1
        return Row(kind.removeprefix("kind "), [*cells_of(row)])

    def core_cell(self, row: Row, i: int) -> Any:
        self.steps += 1
        assert 0 <= i < len(row.cells)
        return row.cells[i]

    def core_store(self, row: Row, i: int, cell: Any) -> None:
        self.steps += 1
        assert 0 <= i < len(row.cells)
        row.cells[i] = cell

    def core_become(self, row: Row, other: Row) -> None:
        self.steps += 1
        row.cells = [*other.cells]

    def core_fail(self, error: str, *parts: Any) -> None:
        raise Failure(error, "".join(_shown(part) for part in parts))


RAW = ("kind", "row", "as", "cell", "store", "become", "fail")


def cells_of(row: Any) -> list[Any]:
    return row.cells if isinstance(row, Row) else list(row)


def _shown(part: Any) -> str:
    name = str(read(part))
    return name.removeprefix("kind ").replace("none", "NoneType") if name.startswith("kind ") else name


@pytest.fixture(scope="session")
def machine() -> Machine:
    return Machine()


Call = Callable[..., Any]


@pytest.fixture(scope="session")
def call(machine: Machine) -> Call:
    """Call a routine with Python values; return its value and the arguments after it, or the error and its message."""

    def run(name: str, *arguments: Any) -> Any:
        cells = [stored(argument) for argument in arguments]
        try:
            result = machine.names[name](*cells)
        except Failure as failure:
            return failure.args
        except (TypeError, ValueError, IndexError, ZeroDivisionError) as error:
            return type(error).__name__, str(error)
        return read(result), [read(cell) for cell in cells]

    return run


@pytest.fixture(scope="session")
def python() -> Call:
    """Call a function of Python's in the same way."""

    def run(function: Call, *arguments: Any) -> Any:
        try:
            result = function(*arguments)
        except (TypeError, ValueError, LookupError, ZeroDivisionError, AttributeError) as error:
            return type(error).__name__, str(error)
        return result, [*arguments]

    return run
