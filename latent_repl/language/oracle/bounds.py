"""What a checkpoint's values can be, for values of Python's own types: the range, the room of a row, and an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from latent_repl.language.extent import written_out
from latent_repl.language.floats import cells_of_float
from latent_repl.language.oracle.steps import Limits
from latent_repl.language.values import CHARACTERS

WRITTEN_LIMIT = 100_000
"""How many values one may consist of, written out, that is compared or shown: a heap has some 10,000 cells. Chosen."""
ELEMENTS = 100_000
"""How many elements a program may go through inside its lines. Chosen: a fraction of a second."""


class TooMuchError(Exception):
    """A program would take longer than anybody waits."""


class Bounds:
    """The bounds of one run: what a checkpoint can hold. floats: whether it has them."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._elements = limits, 0
        self.floats = limits.rows > 0
        # Where there are rows, a number outside the range is a row of a sign and its digits.
        self.largest = 10 ** (limits.cells - 1) - 1 if limits.rows else max(-limits.minimum, limits.maximum)

    def admit(self, value: Any) -> Any:
        """Return a result. Raises OverflowError outside the range, MemoryError and ValueError for what is no row."""
        match value:
            case int():
                self._number(value)
            case float():
                # There is one zero.
                return value if cells_of_float(value) else 0.0
            case str():
                self.refuse_longer(len(value))
                if not all(character in CHARACTERS for character in value):
                    raise ValueError(f"{value!a} is no text of Lx")
            case list() | tuple():
                self.refuse_longer(len(value))
                for part in value:
                    if isinstance(part, int | float):
                        self.admit(part)
            case dict():
                self.refuse_longer(2 * len(value))
        return value

    def _number(self, value: int) -> None:
        limits = self._limits
        if limits.rows:
            if abs(value) > self.largest:
                self.refuse_longer(limits.cells + 1)
        elif not limits.minimum <= value <= limits.maximum:
            raise OverflowError(f"the result is outside {limits.minimum}..{limits.maximum}")

    def refuse_longer(self, length: int) -> None:
        """Raise MemoryError for a row of so many values where there is no room for them."""
        if length > self._limits.cells:
            raise MemoryError(
                f"a row holds at most {self._limits.cells} values, a string as many characters: use several"
            )

    def bounded(self, value: Any) -> Any:
        """Return a value that is going to be compared or shown. Raises TooMuchError where that would not end."""
        if isinstance(value, list | tuple | dict) and written_out(value) > WRITTEN_LIMIT:
            raise TooMuchError(f"a value of more than {WRITTEN_LIMIT} parts")
        return value

    def each(self, values: Iterable[Any]) -> Iterator[Any]:
        """Return what goes through a value and counts its parts. Raises TypeError at once where it has none."""
        return self._counted(iter(values))

    def _counted(self, values: Iterator[Any]) -> Iterator[Any]:
        for value in values:
            self._elements += 1
            if self._elements > ELEMENTS:
                raise TooMuchError(f"more than {ELEMENTS} elements")
            yield self.admit(value)

    def collected(self, values: Iterable[Any]) -> list[Any]:
        """Return what a value consists of, each part fit to be compared; MemoryError for more than a row holds."""
        found: list[Any] = []
        for value in self.each(values):
            found.append(self.bounded(value))
            self.refuse_longer(len(found))
        return found
