"""How much values with parts hold, found without recursion: what programs build can be deep, shared, or in itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Any

_WITH_PARTS = (list, tuple, dict)
PLAIN = frozenset({int, bool, str, type(None)})
"""Kinds of values without parts that are the same where they are equal; a float is where its text is."""


def parts_of(value: Any) -> Collection[Any]:
    """Return the values directly inside a list, a tuple or a dict, keys included; nothing for others."""
    if isinstance(value, dict):
        return [*chain.from_iterable(value.items())]
    return value if isinstance(value, list | tuple) else ()


def written_out(value: Any) -> int:
    """Return how many values a value consists of where what is shared counts each time, as in its text.

    What lies in itself counts once there, as Python's text cuts it. The number can be far beyond any memory.
    """
    sizes: dict[int, int] = {}
    begun: set[int] = set()
    stack = [value]
    while stack:
        node = stack[-1]
        inner = [part for part in parts_of(node) if isinstance(part, _WITH_PARTS)]
        if id(node) in sizes or id(node) in begun:
            sizes.setdefault(id(node), 1 + len(parts_of(node)) + sum(sizes.get(id(part), 1) - 1 for part in inner))
            stack.pop()
        else:
            begun.add(id(node))
            stack += [part for part in inner if id(part) not in begun]
    return sizes[id(value)]


def rows_in(values: Collection[Any]) -> Iterator[Any]:
    """Yield each list, tuple and dict in values once, however it is reached."""
    seen: set[int] = set()
    stack = [value for value in values if isinstance(value, _WITH_PARTS)]
    while stack:
        node = stack.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            parts = parts_of(node)
            if not PLAIN.issuperset(map(type, parts)):
                stack += [part for part in parts if isinstance(part, _WITH_PARTS)]


def copied(variables: Mapping[str, Any], most: int | None = None) -> dict[str, Any]:
    """Return variables with copies of all that can change: what two of them share, the copies share.

    Raises MemoryError where they hold more than `most` rows, as lists, tuples and dicts.
    """
    rows = 0
    for rows, _ in enumerate(rows_in(variables.values()), start=1):
        if most is not None and rows > most:
            raise MemoryError(f"the heap has room for {most} rows")
    made: dict[int, Any] = {}
    return {name: _copy(value, made) for name, value in variables.items()}


def _copy(value: Any, made: dict[int, Any]) -> Any:
    """Return a copy of a value; made: the copies of lists, dicts and tuples by the ids of these."""
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, list):
        made[id(value)] = parts = list(value)
        if not PLAIN.issuperset(map(type, value)):
            parts[:] = [_copy(part, made) for part in value]
    elif isinstance(value, dict):
        made[id(value)] = pairs = dict[Any, Any]()
        pairs.update((_copy(key, made), _copy(each, made)) for key, each in value.items())
    elif isinstance(value, tuple):
        made[id(value)] = tuple(_copy(part, made) for part in value)
    return made.get(id(value), value)
