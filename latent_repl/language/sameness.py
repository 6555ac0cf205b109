"""Whether two states are the same: equal values of equal kinds (1 is not True), and the same lists shared.

{"a": x, "b": x} with one list x differs from two equal lists: what changes one would not change the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from latent_repl.language.extent import PLAIN, parts_of
from latent_repl.language.values import Cells, Reference, Rows


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Return whether two states have the same variables, whatever their order."""
    if one is other:
        return True
    return one.keys() == other.keys() and _match((value, other[name]) for name, value in one.items())


def same_value(one: Any, other: Any) -> bool:
    """Return whether two values are the same by themselves."""
    return _match([(one, other)])


def same_cells(one: Cells, rows: Rows, other: Cells, other_rows: Rows) -> bool:
    """Return whether two states are the same, cell by cell: their rows, too, but for where in the heap these lie."""
    there, here = dict[int, int](), dict[int, int]()
    stack = [*zip(one, other, strict=True)]
    while stack:
        cell, its = stack.pop()
        if type(cell) is not type(its):
            return False
        if not (isinstance(cell, Reference) and isinstance(its, Reference)):
            if cell != its:
                return False
        elif cell.index in there or its.index in here:
            if there.get(cell.index) != its.index or here.get(its.index) != cell.index:
                return False
        elif max(cell.index - len(rows), its.index - len(other_rows)) >= 0:
            return False
        else:
            there[cell.index], here[its.index] = its.index, cell.index
            row, its_row = rows[cell.index], other_rows[its.index]
            kinds = [*map(type, row.cells)]
            if row is its_row and Reference not in kinds:
                continue
            if row.kind != its_row.kind or kinds != [*map(type, its_row.cells)]:
                return False
            if Reference in kinds:
                stack += zip(row.cells, its_row.cells, strict=True)
            elif row.cells != its_row.cells:
                return False
    return True


def first_difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return the first cell in which two states differ: a variable, or a place in its value; nothing where none does.

    >>> first_difference({"a": 1, "x": [3, "cat"]}, {"a": 1, "x": [3, "cut"]})
    'x[1][1]'
    """
    for name in {**one, **other}:
        if name not in one or name not in other:
            return name
        if not same_value(one[name], other[name]):
            return name + _place(one[name], other[name], frozenset())
    return ""


def _place(one: Any, other: Any, around: frozenset[tuple[int, int]]) -> str:
    """Return where two values that differ do so first, nothing where it is in what they are themselves."""
    if type(one) is not type(other) or not isinstance(one, list | tuple | str | dict) or (id(one), id(other)) in around:
        return ""
    parts, others = (value if isinstance(value, dict) else dict(enumerate(value)) for value in (one, other))
    for key in {**parts, **others}:
        if key not in parts or key not in others:
            return f"[{key!r}]"
        if not same_value(parts[key], others[key]):
            inner = "" if isinstance(one, str) else _place(parts[key], others[key], around | {(id(one), id(other))})
            return f"[{key!r}]{inner}"
    return ""


def _match(pairs: Iterable[tuple[Any, Any]]) -> bool:
    """Return whether values are the same, pair by pair; a list or a dict has one partner wherever it is met."""
    there, here = dict[int, int](), dict[int, int]()
    tuples = set[tuple[int, int]]()
    stack = [*pairs]
    while stack:
        one, other = stack.pop()
        kind, ids = type(one), (id(one), id(other))
        if kind is not type(other):
            return False
        if kind is tuple:  # nothing can change one, so that two equal ones are as good as one
            if ids in tuples:
                continue
            tuples.add(ids)
        elif kind is list or kind is dict:
            if ids[0] in there or ids[1] in here:
                if there.get(ids[0]) != ids[1] or here.get(ids[1]) != ids[0]:
                    return False
                continue
            there[ids[0]], here[ids[1]] = ids[1], ids[0]
        elif not (one == other if kind in PLAIN else repr(one) == repr(other)):
            return False
        parts, others = parts_of(one), parts_of(other)
        kinds = [*map(type, parts)]
        if kinds != [*map(type, others)]:
            return False
        if not PLAIN.issuperset(kinds):
            stack += zip(parts, others, strict=True)
        elif [*parts] != [*others]:
            return False
    return True
