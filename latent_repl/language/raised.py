"""The errors that programs raise and catch: which of Python's there are, and what a handler's names mean.

    CAUGHT["LookupError"]    {"IndexError", "KeyError", "LookupError"}, as in Python

A limit of Lx's own, such as a full row or too many steps, ends the program: nothing catches it.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

KINDS = (
    *("Exception", "ArithmeticError", "AssertionError", "AttributeError", "IndexError", "KeyError", "LookupError"),
    *("NameError", "NotImplementedError", "OverflowError", "RecursionError", "RuntimeError", "TypeError"),
    *("UnboundLocalError", "ValueError", "ZeroDivisionError"),
)
"""What may stand behind `raise` and `except`."""


def _covers(name: str, kind: str) -> bool:
    return issubclass(getattr(builtins, kind), getattr(builtins, name))


CAUGHT: Mapping[str, frozenset[str]] = MappingProxyType(
    {name: frozenset(kind for kind in KINDS if _covers(name, kind)) for name in KINDS}
)
"""The kinds of errors that a name catches."""


@dataclass(frozen=True, slots=True)
class ErrorHandler:
    """Where a program goes on after an error of some kinds, at the instructions first <= index < last.

    final: whether that is a `finally` block, behind which the error goes on.
    """

    first: int
    last: int
    kinds: frozenset[str]
    target: int
    final: bool = False

    def catches(self, place: int, kind: str) -> bool:
        """Return whether an error of a kind at an instruction is caught here."""
        return self.first <= place < self.last and kind in self.kinds
