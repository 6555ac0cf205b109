"""What of Python's the prelude's routines stand for: builtins, methods, and operators that one step cannot finish,
or whose result the model contradicts.

    BUILTINS["sorted"]      PreludeRoutine("sorted_list", ("values", "reverse"), defaults=(False,))
    METHODS["pop"]          three of them: pop(), pop(key), pop(key, default)
    TRAPS["=="]             PreludeRoutine("equal", ("a", "b"))
    DOUBTS["//"]            PreludeRoutine("counted_quotient", ("a", "b"))

A name stands for one routine for each number of arguments that it can have; `routine_for` chooses. A method's first
parameter is what stands before its dot. What Python tells apart by the value's kind, the routine itself does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from latent_repl.language import operators as op


@dataclass(frozen=True, slots=True)
class PreludeRoutine:
    """How a routine is called.

    name: that of its `def`. parameters: all of them, by the names under which programs may give them.
    defaults: of the last parameters, what stands for one that is not given: an int, a bool, one character, or None.
    packs: whether the last parameter takes the remaining arguments, as one tuple.
    """

    name: str
    parameters: tuple[str, ...]
    defaults: tuple[int | str | None, ...] = ()
    packs: bool = False

    @property
    def least(self) -> int:
        """How many arguments it must be given."""
        return len(self.parameters) - len(self.defaults) - self.packs

    @property
    def most(self) -> int | None:
        """How many arguments it can be given, None for any number."""
        return None if self.packs else len(self.parameters)


def routine_for(rows: tuple[PreludeRoutine, ...], count: int, named: Collection[str] = ()) -> PreludeRoutine | None:
    """Return the first of a name's routines that takes so many arguments, and these by name; None without one."""
    fitting = (row for row in rows if {*named} <= {*row.parameters})
    return next((row for row in fitting if row.least <= count and (row.most is None or count <= row.most)), None)


def _one(name: str, *parameters: str, defaults: tuple[int | str | None, ...] = ()) -> tuple[PreludeRoutine, ...]:
    return (PreludeRoutine(name, parameters, defaults),)


_BY_ITSELF = (
    *("upper", "lower", "title", "capitalize", "swapcase"),
    *("casefold", "isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum", "isspace", "isupper", "islower"),
    *(
        "istitle",
        "isascii",
        "isidentifier",
        "isprintable",
        "reverse",
        "copy",
        "clear",
        "keys",
        "values",
        "items",
        "popitem",
    ),
)


def _limited(name: str) -> tuple[PreludeRoutine, ...]:
    return _one(name, "self", "sep", "maxsplit", defaults=(None, -1))


def _in_span(name: str, part: str) -> tuple[PreludeRoutine, ...]:
    """Return a method's routine for the whole of a text, and that from one index up to another."""
    return *_one(name, "self", part), *_one(f"{name}_within", "self", part, "start", "end", defaults=(None,))


def _of_kinds(name: str, end: str) -> tuple[PreludeRoutine, ...]:
    """Return a method's routines with no index, with one and with two: what None means there goes by the kind."""
    spans = (*_one(f"{name}_from", "self", "value", "start"), *_one(f"{name}_within", "self", "value", "start", end))
    return *_one(name, "self", "value"), *spans


METHODS: Mapping[str, tuple[PreludeRoutine, ...]] = MappingProxyType(
    {
        **{name: _one(name, "self") for name in _BY_ITSELF},
        **{name: _one(name, "self", "chars", defaults=(None,)) for name in ("strip", "lstrip", "rstrip")},
        "split": (*_one("split", "self", "sep", defaults=(None,)), *_limited("split_up_to")),
        "rsplit": _limited("rsplit"),
        "splitlines": _one("splitlines", "self", "keepends", defaults=(False,)),
        **{name: _one(name, "self", "sep") for name in ("partition", "rpartition")},
        "join": _one("join", "self", "pieces"),
        "replace": _one("replace", "self", "old", "new", "count", defaults=(-1,)),
        **{name: _in_span(name, "sub") for name in ("find", "rfind")},
        "rindex": _one("rindex", "self", "sub", "start", "end", defaults=(None, None)),
        "startswith": _in_span("startswith", "prefix"),
        "endswith": _in_span("endswith", "suffix"),
        "removeprefix": _one("removeprefix", "self", "prefix"),
        "removesuffix": _one("removesuffix", "self", "suffix"),
        "zfill": _one("zfill", "self", "width"),
        **{name: _one(name, "self", "width", "fillchar", defaults=(" ",)) for name in ("ljust", "rjust", "center")},
        "expandtabs": _one("expandtabs", "self", "tabsize", defaults=(8,)),
        "maketrans": (
            *_one("maketrans_of", "self", "x"),
            *_one("maketrans", "self", "x", "y"),
            *_one("maketrans_without", "self", "x", "y", "z"),
        ),
        "translate": _one("translate", "self", "table"),
        "format": _one("format", "self", "values", "named"),
        "index": _of_kinds("index", "stop"),
        "count": _of_kinds("count", "end"),
        "append": _one("append", "self", "object"),
        "extend": _one("extend", "self", "iterable_"),
        "insert": _one("insert", "self", "index", "object"),
        "remove": _one("remove", "self", "value"),
        "sort": _one("sort", "self", "reverse", defaults=(False,)),
        "pop": (*_one("pop_last", "self"), *_one("pop", "self", "key"), *_one("pop_or", "self", "key", "default")),
        "get": _one("get", "self", "key", "default", defaults=(None,)),
        "setdefault": _one("setdefault", "self", "key", "default", defaults=(None,)),
        "update": _one("update", "self", "other"),
    }
)

BUILTINS: Mapping[str, tuple[PreludeRoutine, ...]] = MappingProxyType(
    {
        "sum": (*_one("sum_of", "values"), *_one("sum_from", "values", "start")),
        "min": _one("smallest", "values"),
        "max": _one("largest", "values"),
        "any": _one("any_of", "values"),
        "all": _one("all_of", "values"),
        "sorted": _one("sorted_list", "values", "reverse", defaults=(False,)),
        "enumerate": (*_one("enumerated", "values"), *_one("enumerated_from", "values", "start")),
        "zip": (PreludeRoutine("zipped", ("rows",), packs=True),),
        "reversed": _one("backwards", "values"),
        "range": (
            *_one("range_to", "stop"),
            *_one("range_from", "start", "stop"),
            *_one("range_by", "start", "stop", "step"),
        ),
        "list": _one("list_of", "x"),
        "tuple": _one("tuple_of", "x"),
        "dict": _one("dict_of", "x"),
        "str": _one("text", "x"),
        "repr": _one("shown", "x"),
        "bool": _one("truth", "x"),
        "int": (*_one("integer", "x"), *_one("integer_in", "x", "base")),
        "float": _one("floating", "x"),
        "ord": _one("code_point", "character"),
        **{"bin": _one("binary", "number"), "oct": _one("octal", "number"), "hex": _one("hexadecimal", "number")},
        "round": _one("rounded", "number", "ndigits", defaults=(None,)),
        "divmod": _one("quotient_and_rest", "a", "b"),
        "pow": (*_one("power", "base", "exponent"), *_one("power_modulo", "base", "exponent", "modulus")),
    }
)

REWRITTEN: Mapping[str, tuple[PreludeRoutine, ...]] = MappingProxyType(
    {
        "sorted by": _one("sorted_by", "pairs", "reverse", defaults=(False,)),
        "sort by": _one("sort_by", "self", "pairs", "reverse", defaults=(False,)),
        "list to sort": _one("sortable", "x"),
        "min by": _one("smallest_by", "pairs"),
        "max by": _one("largest_by", "pairs"),
        "min or": _one("smallest_or", "values", "default"),
        "max or": _one("largest_or", "values", "default"),
        "kind name": _one("kind_name", "x"),
        "own of": _one("own", "x", "kind", "method"),
        "dict of": _one("fromkeys", "keys", "value", defaults=(None,)),
        "str map": (
            *_one("translation_of", "x"),
            *_one("translation", "x", "y"),
            *_one("translation_without", "x", "y", "z"),
        ),
        "spread of": (*_one("spread", "x"), *_one("spread_into", "x", "name")),
        "merged with": _one("merged", "result", "other"),
        "parts around": _one("around", "x", "before", "after"),
        "has parts": _one("has_parts", "x", "least", "most", defaults=(None,)),
        "is dict": _one("is_dict", "x"),
        "zip of": _one("zipped", "rows"),
        "format of": _one("format", "self", "values", "named"),
        "sum of range": (
            *_one("range_sum_to", "stop"),
            *_one("range_sum_from", "start", "stop"),
            *_one("range_sum", "start", "stop", "step"),
        ),
        "whole root": _one("whole_root", "number"),
        "whole number": _one("whole_number", "x", "kind"),
        "real number": _one("real_number", "x"),
        "lone value": _one("lone_value", "x"),
        "distinct of": _one("distinct", "values"),
        "is member": _one("is_member", "item", "values"),
        "same members": _one("same_members", "a", "b"),
        "all members": _one("all_members", "a", "b"),
        "has members": _one("has_members", "a", "b"),
        **{name: _one(name.replace(" ", "_"), "a", "b") for name in ("in both", "in either", "in first")},
    }
)
"""What other ways to write the same become (`parsing/simplify.py`); no program can name them."""

_PAIR = {
    **{op.EQUAL: "equal", op.NOT_EQUAL: "unequal", op.LESS: "less", op.LESS_EQUAL: "less_equal"},
    **{op.GREATER: "greater", op.GREATER_EQUAL: "greater_equal"},
    **{op.MULTIPLY: "repeat", op.MIN: "lesser_of", op.MAX: "greater_of", op.ITEM: "item_get"},
    **{op.TAKE: "before_wide", op.DROP: "from_wide"},
}

_WIDE = {
    **{op.ADD: "wide_sum", op.SUBTRACT: "wide_difference"},
    **{op.FLOOR_DIVIDE: "wide_quotient", op.MODULO: "wide_remainder"},
}

TRAPS: Mapping[str, PreludeRoutine] = MappingProxyType(
    {
        **{operator: PreludeRoutine(name, ("a", "b")) for operator, name in _PAIR.items()},
        op.PUT: PreludeRoutine("item_put", ("container", "key", "value")),
        op.ORD: PreludeRoutine("code_point", ("character",)),
        **{operator: PreludeRoutine(name, ("a", "b")) for operator, name in _WIDE.items()},
        op.NEGATE: PreludeRoutine("wide_negated", ("n",)),
        op.ABS: PreludeRoutine("wide_magnitude", ("n",)),
    }
)
"""The routines that finish what an operator's step cannot: they take its operands; of `put`, the container first."""

DOUBTS: Mapping[str, PreludeRoutine] = MappingProxyType(
    {
        op.FLOOR_DIVIDE: PreludeRoutine("counted_quotient", ("a", "b")),
        op.MODULO: PreludeRoutine("counted_remainder", ("a", "b")),
    }
)
"""The routines that find another way what the model gives two answers to."""


def _with_in_place(names: Mapping[str, str], *parameters: str) -> dict[str, PreludeRoutine]:
    """Return the routines of operators, and those of their augmented assignments, whose errors name them."""
    written = {symbol: PreludeRoutine(name, parameters) for symbol, name in names.items()}
    in_place = {f"{symbol}=": PreludeRoutine(f"{name}_in_place", parameters) for symbol, name in names.items()}
    return written | in_place


SYNTAX: Mapping[str, PreludeRoutine] = MappingProxyType(
    {
        "in": PreludeRoutine("contains", ("container", "item")),
        "not in": PreludeRoutine("lacks", ("container", "item")),
        "+=": PreludeRoutine("added", ("a", "b")),
        **_with_in_place({op.POWER: "power"}, "base", "exponent"),
        **_with_in_place({op.BIT_AND: "bits_and", op.BIT_OR: "bits_or", op.BIT_XOR: "bits_xor"}, "a", "b"),
        **_with_in_place({op.LEFT_SHIFT: "shift_left", op.RIGHT_SHIFT: "shift_right"}, "a", "count"),
        op.INVERT: PreludeRoutine("inverted", ("a",)),
        **_with_in_place({op.DIVIDE: "true_quotient"}, "a", "b"),
        "for": PreludeRoutine("iterable", ("x",)),
        "for .items": PreludeRoutine("entries", ("self",)),
        "unpack": PreludeRoutine("unpacked", ("x", "count")),
        "del []": PreludeRoutine("item_delete", ("container", "key")),
        "[:]": PreludeRoutine("slice_get", ("x", "start", "stop", "step"), (None, None, None)),
        "[:] =": PreludeRoutine("slice_put", ("x", "start", "stop", "step", "values")),
        "del [:]": PreludeRoutine("slice_delete", ("x", "start", "stop", "step")),
        "format": PreludeRoutine("formatted", ("value", "spec")),
        "dict": PreludeRoutine("item_put", ("container", "key", "value")),
    }
)
"""What lowering calls for syntax that no core line stands for."""
