"""Loops and comparisons as programs have them, for every bound N: nothing is drawn, so each wrong N can be named.

`for j in range(N)` and `x = N; x < N + 1` meet neighbours, where random operands hardly ever do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from grammar.suites.published import COMPARISONS

LAST_BOUND = 400
"""Chosen: a loop of so many rounds stays within the step budget of a text."""

COUNTING = {
    "for-loops": "n = 0\nfor j in range({bound}):\n    n += 1\nprint(n, j)",
    "for-loops-down": "n = 0\nfor j in range({bound}, 0, -1):\n    n += 1\nprint(n, j)",
    "while-loops": "i = 0\nwhile i < {bound}:\n    i += 1\nprint(i)",
    "while-loops-down": "i = {bound}\nwhile i > 0:\n    i -= 1\nprint(i)",
}
"""A loop of {bound} rounds in each of its forms."""


def bounds(maximum: int) -> range:
    """Return every bound N, in order: from 1 to LAST_BOUND, or as far as N + 1 is in range."""
    return range(1, min(LAST_BOUND, maximum - 1) + 1)


def counting(text: str) -> Callable[[int], Iterator[str]]:
    """Return the suite of one loop with every bound, as a function of the largest value."""
    return lambda maximum: (text.format(bound=bound) for bound in bounds(maximum))


def neighbours(maximum: int) -> Iterator[str]:
    """Yield `x = N` compared with the literals N - 1, N and N + 1 by all six comparisons, for every N."""
    for bound in bounds(maximum):
        compared = (f"x {sign} {other}" for sign in COMPARISONS for other in range(bound - 1, bound + 2))
        yield "\n".join([f"x = {bound}", *compared])


EXHAUSTIVE: dict[str, Callable[[int], Iterator[str]]] = {
    **{name: counting(text) for name, text in COUNTING.items()},
    "neighbours": neighbours,
}
"""Suites that hold all programs of their kind, each a function of the largest value; their order is that of N."""
