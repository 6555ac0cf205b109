"""What a program prints, as Python writes it: pieces with their ends, and the lines that they make.

printed(["1", "2"], ", ", " ")      -> "1, 2 "
lines(["0 ", "1 ", "done\\n"])       -> ("0 1 done",)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def printed(texts: Iterable[str], separator: str = " ", end: str = "\n") -> str:
    """Return what one `print` writes."""
    return separator.join(texts) + end


def lines(pieces: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that pieces make; the last one may be open."""
    *whole, last = "".join(pieces).split("\n")
    return (*whole, last) if last else tuple(whole)
