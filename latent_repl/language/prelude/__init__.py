"""Routines of Python's written in Lx itself, whose every line the executor runs. `table.py` says which stand for what.

    routine("upper")     the definition of `def upper(self)`, parsed when it is first asked for

A routine is plain Lx over core lines: `len`, `+`, `x[i]`, `x[i] = v`, `x.append(v)`, `x[:k]`, `x[k:]`, `x[::-1]`,
`ord`, `chr`, `min`, `max`, comparisons, and calls of other routines. It may also name what programs cannot:

    _list _str _tuple _dict _int _bool _none     the kinds of values
    _kind(x)  _row(kind)  _as(x, kind)           a value's kind; a new row without cells, or with those of another
    _cell(x, i)  _store(x, i, v)  _become(x, y)  a row's cell of any kind; the same written; all those of another
    _says(words, x < y)  what the operation gives; where its operands are of wrong kinds, {left} and {right}, its error
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

FOLDER = Path(__file__).parent


@cache
def routine(name: str) -> ast.FunctionDef:
    """Return the definition of a routine, its lines numbered as in its file. Raises KeyError for an unknown name."""
    text, line = _sources()[name]
    [definition] = ast.parse(text).body
    assert isinstance(definition, ast.FunctionDef)
    ast.increment_lineno(definition, line)
    return definition


def names() -> tuple[str, ...]:
    """Return the names of all routines."""
    return tuple(_sources())


@cache
def _sources() -> Mapping[str, tuple[str, int]]:
    """Return the text of each routine and how many lines stand before it: parsing one needs none of the others."""
    found: dict[str, tuple[str, int]] = {}
    for path in sorted(FOLDER.glob("*.lx")):
        text = path.read_text(encoding="utf-8")
        starts = [(match.start(), match[1]) for match in re.finditer(r"^def (\w+)", text, re.MULTILINE)]
        ends = [*(start for start, _ in starts[1:]), len(text)]
        for (start, name), end in zip(starts, ends, strict=True):
            assert name not in found, f"{path.name}: {name} is defined twice"
            found[name] = text[start:end], text.count("\n", 0, start)
    return MappingProxyType(found)
