"""What programs may call by name: builtins and methods, how many arguments they take, and which of them by name.

    BUILTINS["sorted"]           sorted(values, reverse=False)
    METHODS["pop"]               pop(), pop(key), pop(key, default): which of them it is, the value's kind decides

The parser takes exactly these. What they do is the prelude's, or a core line's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from latent_repl.language.operators import CHR, FUNCTIONS, LENGTH, MAX, MIN, TABLE
from latent_repl.language.prelude import table


@dataclass(frozen=True, slots=True)
class Signature:
    """How a builtin or a method is called.

    least, most: how many arguments it takes, those by name included; None for any number.
    keywords: the parameters that may be given by name; None for any. placed: how many may be given without; None for
        all.
    """

    name: str
    least: int
    most: int | None
    keywords: tuple[str, ...] | None = ()
    placed: int | None = None


# Python takes the others by position alone.
_KEYWORDS: Mapping[str, tuple[str, ...]] = {
    "enumerate": ("start",),
    "expandtabs": ("tabsize",),
    "int": ("base",),
    "max or": ("default",),
    "min or": ("default",),
    "round": ("ndigits",),
    "rsplit": ("sep", "maxsplit"),
    "sort": ("reverse",),
    "sorted": ("reverse",),
    "sort by": ("reverse",),
    "sorted by": ("reverse",),
    "split": ("sep", "maxsplit"),
    "splitlines": ("keepends",),
    "sum": ("start",),
}

# Python takes the rest of these by name alone.
_PLACED: Mapping[str, int] = {"sort": 0, "sorted": 1}


def _signature(name: str, rows: tuple[table.PreludeRoutine, ...], given: int = 0) -> Signature:
    """Return how a name is called that stands for these routines; given: how many arguments stand before the dot."""
    most = None if any(row.most is None for row in rows) else max(row.most or 0 for row in rows) - given
    least = min(row.least for row in rows) - given
    return Signature(name, least, most, _KEYWORDS.get(name, ()), _PLACED.get(name))


def operator_signature(name: str) -> Signature:
    """Return how a function is called that is an operator of core lines."""
    row = TABLE[name]
    return Signature(name, row.arity, None if row.folds else row.arity)


def _builtin(name: str) -> Signature:
    """Return how a builtin is called, as a routine or as an operator."""
    routine = _signature(name, table.BUILTINS[name]) if name in table.BUILTINS else None
    if name not in TABLE:
        assert routine is not None, f"{name} is nowhere"
        return routine
    operator = operator_signature(name)
    return operator if routine is None else Signature(name, routine.least, operator.most)


BUILTINS: Mapping[str, Signature] = MappingProxyType(
    {name: _builtin(name) for name in dict.fromkeys([*FUNCTIONS, LENGTH, CHR, *table.BUILTINS])}
)
KEYED = (MAX, MIN, "sorted")
"""What takes key= where the parser can write it out."""
REWRITTEN: Mapping[str, Signature] = MappingProxyType(
    {name: _signature(name, rows) for name, rows in table.REWRITTEN.items()}
)
"""What the parser itself calls, under names that no program can write."""
METHODS: Mapping[str, Signature] = MappingProxyType(
    {name: _signature(name, rows, given=1) for name, rows in table.METHODS.items()}
    | {"format": Signature("format", 0, None, keywords=None)}
)
PRINT = Signature("print", 0, None, ("sep", "end"))
"""It stands on a line of its own."""

LAZY_BUILTINS = ("enumerate", "range", "reversed", "zip")
LAZY_METHODS = ("items", "keys", "values")
"""What gives no value that a variable could hold, but something to be gone through once."""

GENERATOR_CONSUMERS = ("all", "any", "dict", "list", MAX, MIN, "sorted", "sum", "tuple")
"""What goes through its argument at once, and takes a generator expression for it."""
REWRITTEN_CONSUMERS = ("dict of", "distinct of", "max or", "min or", "parts around", "spread of")
CONSUMERS = (*GENERATOR_CONSUMERS, "enumerate", LENGTH, "reversed", "zip")
CONSUMING_METHODS = ("extend", "join")
"""The same of methods; they take a generator expression, too."""
