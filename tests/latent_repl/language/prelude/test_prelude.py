"""Every routine does what CPython does: values, what becomes of the arguments, and errors with their messages."""

from __future__ import annotations

import ast
import math
import operator
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from latent_repl.language import floats, prelude
from latent_repl.language.prelude.table import BUILTINS, DOUBTS, METHODS, REWRITTEN, SYNTAX, TRAPS

Call = Callable[..., Any]
Strategy = st.SearchStrategy[Any]

EXAMPLES = 25

CHARACTERS = "abAB zZ09_-+.\t\n'\"\\{}"
texts = st.text(CHARACTERS, max_size=8)
few = st.text("ab ", max_size=8)
parts = st.text("ab ", max_size=3)
small = st.integers(-9, 9)
short = st.sampled_from([0.0, 0.5, -1.5, 2.0, 3.0, -1.0])
ends = st.none() | small | short
# Squares, and the numbers just below them.
roots = st.tuples(st.integers(1, 31_622_776), st.integers(0, 1)).map(lambda pair: pair[0] ** 2 - pair[1])
whole_scalars = small | st.booleans() | st.none() | parts
scalars = whole_scalars | short
lists = st.lists(small, max_size=6)
words = st.lists(parts, max_size=5)
nested = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner), max_leaves=5)
keys = small | short | parts | st.tuples(small, parts)
dicts = st.dictionaries(keys, scalars, max_size=4)
anything = nested | dicts
others = small | short | lists | dicts | st.tuples(parts)
iterables = lists | few | words | dicts | st.tuples(small, small)


def copied(value: Any) -> Any:
    if isinstance(value, list):
        return [copied(part) for part in value]
    return {key: copied(part) for key, part in value.items()} if isinstance(value, dict) else value


def method(name: str) -> Call:
    """Return the method as a function; the routine's defaults are given, where Python's are left out."""
    return lambda self, *arguments: getattr(self, name)(*arguments)


def summed(*ends: Any) -> Any:
    return sum(range(*ends))


def made(value: Any, *given: Any) -> Any:
    return value.maketrans(*given)


def item_put(container: Any, key: Any, value: Any) -> None:
    container[key] = value


def item_delete(container: Any, key: Any) -> None:
    del container[key]


def sliceable(value: Any) -> Any:
    if isinstance(value, dict):
        raise TypeError("unhashable type: 'slice'")
    value[0:]
    return value


def slice_put(container: Any, start: Any, stop: Any, step: Any, values: Any) -> None:
    container[start:stop:step] = values


def slice_delete(container: Any, start: Any, stop: Any, step: Any) -> None:
    del container[start:stop:step]


def unpacked(value: Any, count: int) -> Any:
    names = ", ".join(f"x{index}" for index in range(count))
    variables = {"value": value}
    exec(f"{names}, = value", variables)
    return value if not isinstance(value, dict) else [*value]


def cells(value: Any) -> Any:
    iter(value)
    return value if not isinstance(value, dict) else [*value]


def compare(symbol: str) -> Call:
    return lambda a, b: eval(f"a {symbol} b", {"a": a, "b": b})


def plus(a: Any, b: Any) -> Any:
    a += b
    return a


def listed(function: Call) -> Call:
    """Return what a function gives one by one as a list."""
    return lambda *arguments: [*function(*arguments)]


def sorted_by(pairs: Any, reverse: bool) -> Any:
    return [value for _, value in sorted(pairs, key=operator.itemgetter(0), reverse=reverse)]


def sortable(value: Any) -> Any:
    value.sort  # noqa: B018
    return value


def sort_by(row: Any, pairs: Any, reverse: bool) -> None:
    row[:] = sorted_by(pairs, reverse)


def own(value: Any, kind: str, method: str) -> Any:
    if type(value).__name__ != kind:
        given = type(value).__name__
        raise TypeError(f"descriptor '{method}' for '{kind}' objects doesn't apply to a '{given}' object")
    return value


def lone(value: Any) -> Any:
    "%s" % value  # noqa: UP031
    return value[0] if isinstance(value, tuple) else value


def failing(message: str) -> Call:
    """Return what fails with a message of its first argument's kind."""

    def fail(value: Any, *_: Any) -> None:
        raise TypeError(message.format(type(value).__name__))

    return fail


def around(values: Any, before: int, after: int) -> Any:
    names = [f"x{index}" for index in range(before + 1 + after)]
    targets = [f"*{name}" if index == before else name for index, name in enumerate(names)]
    variables = {"values": values}
    exec(f"{', '.join(targets)}, = values", variables)
    return [variables[name] for name in names]


def has_parts(values: Any, least: int, most: int | None) -> bool:
    # Python asks so for `case [_, _]` and for `case [_, *_]`.
    return isinstance(values, list | tuple) and (len(values) == most if most is not None else len(values) >= least)


keyed = st.lists(st.tuples(st.integers(-2, 2), scalars), max_size=5)
numbers = st.integers(-999, 999)
some_numbers = numbers | small | st.booleans() | st.integers(-(10**9), 10**9)
BITWISE: Mapping[str, Call] = {
    **{"bits_and": operator.and_, "bits_or": operator.or_, "bits_xor": operator.xor},
    **{"bits_and_in_place": operator.iand, "bits_or_in_place": operator.ior, "bits_xor_in_place": operator.ixor},
}
SHIFTS: Mapping[str, Call] = {
    **{"shift_left": operator.lshift, "shift_left_in_place": operator.ilshift},
    **{"shift_right": operator.rshift, "shift_right_in_place": operator.irshift},
}
BASES: Mapping[str, Call] = {"binary": bin, "octal": oct, "hexadecimal": hex}
beyond = st.integers(1000, 10**9) | st.integers(-(10**9), -1000)
counted = st.tuples(numbers | small | st.booleans(), (numbers | small | st.booleans()).filter(bool))
wide = st.tuples(st.integers(-(10**15), 10**15), st.integers(-(10**9), 10**9) | numbers)
alike = st.one_of([st.tuples(kind, kind) for kind in (few, lists, words, st.lists(lists, max_size=2))])
containers = few | lists | words | dicts | st.lists(lists, max_size=2).map(tuple)
equals = st.one_of(st.tuples(containers, containers), containers.map(lambda x: (x, copied(x))), alike)
found = st.one_of(
    st.tuples(few, parts),
    st.tuples(lists, small),
    st.tuples(words, parts),
    st.tuples(dicts, keys | lists),
    st.tuples(few | small, scalars),
)
decimals = st.integers(-99_999, 99_999).map(lambda number: number / 100)
eighths = st.integers(-400, 400).map(lambda number: number / 8)
thousandths = st.integers(-9_999, 9_999).map(lambda number: number / 1000)
# Floats of 53 bits, from 1e-15 to 1e25; those that powers of two and of ten are, and the ones beside them.
precise = st.builds(
    lambda number, power, sign: math.ldexp(sign * number, power),
    *(st.integers(2**52, 2**53 - 1), st.integers(-102, 30), st.sampled_from([1, -1])),
)
edges = st.builds(
    lambda base, power, towards: math.nextafter(float(base) ** power, towards * float(base) ** power),
    *(st.sampled_from([2, 10]), st.integers(-14, 38), st.sampled_from([0, 1, 2])),
)
reals = decimals | precise | st.sampled_from([0.0, 1.0, 0.1, math.inf, -math.inf])
integers = some_numbers | st.integers(-(10**25), 10**25)
real_pairs = st.one_of(
    *(st.tuples(reals, reals), st.tuples(reals, integers), st.tuples(integers, reals)),
    (decimals | precise).map(lambda x: (x, math.nextafter(x, 0))),
    precise.map(lambda x: (-x, x)),
    (small | st.booleans() | st.integers(10**15, 10**17)).map(lambda number: (number, float(number))),
)
# Larger quotients of floats have no last bit for certain, in Python.
divided = st.tuples(reals | some_numbers, decimals | eighths | small | st.sampled_from([math.inf, -math.inf])).filter(
    lambda pair: not pair[1] or math.isinf(pair[0]) or abs(pair[0]) < 2**50 * abs(pair[1])
)
# Texts of floats, and such as are nearly one.
floating_texts = st.one_of(
    st.from_regex(r"\A ?[-+]?[0-9]{0,3}\.?[0-9]{0,3}(e[-+]?[0-9])?\n?\Z"),
    (decimals | precise).map(repr),
    st.sampled_from(["inf", "-Infinity", "+INF", "nan", "1e22", "1e23", "9007199254740993", "0.1e-20"]),
    st.text("1.e+-a ", max_size=4),
)
some_reals = st.lists(decimals | precise | small, max_size=5)
members = st.tuples(*[st.lists(keys, max_size=4, unique=True)] * 2)
of_other_lengths = members.filter(lambda pair: len(pair[0]) != len(pair[1]))
of_reals = st.from_regex(r"\A([*x]?[<>^])?[-+ ]?0?[1-9]?,?(\.[0-4])?[f%]\Z")
of_floats = st.from_regex(r"\A([*x]?[<>^])?[-+ ]?0?[1-9]?,?\Z") | st.sampled_from(["d", "x", "b", "s", "q", "5q", "."])
numerals = st.from_regex(r"\A ?[-+]?[0-9]{1,3}(_[0-9])?\Z") | texts
based = st.tuples(st.from_regex(r"\A[-+]?(0[xXbBoO])?_?[01aF]{1,2}\Z") | texts, st.sampled_from([2, 8, 16]))
of_numbers = st.from_regex(r"\A([*.x]?[<>^=])?[-+ ]?0?[1-9]?[dxXobf]?\Z") | st.sampled_from(
    [",", "_d", ".2f", "s", ".2", "6,"]
)
of_texts = st.from_regex(r"\A([*.x]?[<>^])?0?[1-9]?(\.[0-3])?s?\Z") | st.sampled_from(["d", "x", "5q", "."])
automatic = st.lists(st.sampled_from(["{}", "{:>4}", "{!r}", "a", "{{", "}}", "{", "}", "{!r:<5}"]))
numbered = st.lists(st.sampled_from(["{0}", "{1}", "{0!r:<5}", "{1:03}", "b", "{{", "}}", "{x}"]))


def tuples(*strategies: Strategy) -> Strategy:
    return st.tuples(*strategies)


def real(function: Call) -> Call:
    """Return a function of numbers that fails where the result is no number."""

    def checked(*arguments: Any) -> Any:
        result = function(*arguments)
        if isinstance(result, float) and math.isnan(result):
            raise ValueError(floats.NO_FLOAT)
        return result

    return checked


def real_number(value: Any) -> Any:
    assert "%f" % (value,)  # noqa: UP031
    return value


def same(name: str, *strategies: Strategy) -> tuple[str, Call, Strategy]:
    """Return the case of a method whose routine has its name."""
    return name, method(name), tuples(*strategies)


CASES: tuple[tuple[str, Call, Strategy], ...] = (
    *(same(name, texts) for name in ("upper", "lower", "casefold", "title", "capitalize", "swapcase")),
    *(
        same(name, st.text("aB1_ \t", max_size=4))
        for name in METHODS
        if name.startswith("is") and name in prelude.names()
    ),
    *(same(name, few, st.none() | parts | others) for name in ("strip", "lstrip", "rstrip")),
    *(same(name, texts, st.none()) for name in ("strip", "lstrip", "rstrip")),
    same("split", few, st.none() | parts | others),
    *(
        (name, method(name.split("_")[0]), tuples(few, st.none() | parts | others, st.integers(-1, 4) | lists))
        for name in ("split_up_to", "rsplit")
    ),
    same("splitlines", st.text("a\n", max_size=8), st.booleans()),
    same("partition", few, parts | others),
    same("rpartition", few, parts | others),
    same("join", parts, words | few | dicts | st.lists(scalars, max_size=3) | scalars),
    same("replace", few, parts | others, parts | others, st.integers(-1, 3) | parts),
    *(same(name, few, parts | others) for name in ("find", "rfind", "index", "count")),
    *(
        (f"{name}_within", method(name), tuples(few, parts | others, ends | words, ends | words))
        for name in ("find", "rfind", "index", "count")
    ),
    *((f"{name}_from", method(name), tuples(few, parts, ends | words)) for name in ("index", "count")),
    same("rindex", few, parts | others, ends | words, ends),
    *(same(name, few, parts | st.tuples(parts, parts | small) | others) for name in ("startswith", "endswith")),
    *(
        (f"{name}_within", method(name), tuples(few, parts | st.tuples(parts, parts), ends | words, ends))
        for name in ("startswith", "endswith")
    ),
    same("removeprefix", few, parts | others | st.none()),
    same("removesuffix", few, parts | others | st.none()),
    same("zfill", st.from_regex(r"\A[-+]?[0-9a]{0,3}\Z"), small | words),
    *(
        same(name, few, st.integers(-2, 12) | parts, st.sampled_from(["*", " ", "", "ab", 3, None]))
        for name in ("ljust", "rjust", "center")
    ),
    same("expandtabs", st.text("a\t\n", max_size=5), st.integers(-1, 8) | parts),
    same(
        "translate",
        few,
        st.dictionaries(st.sampled_from([32, 97, 98]), st.none() | st.sampled_from([65, "x", "yz", "", (1,)])),
    ),
    same("translate", few, parts | st.lists(st.sampled_from(["x", 65]), min_size=30, max_size=60) | small | st.none()),
    (
        "format",
        lambda text, values, named: text.format(*values, **named),
        tuples(
            (automatic | numbered).map("".join),
            st.tuples(small) | st.tuples(parts, small),
            st.dictionaries(st.sampled_from(["x", "yz"]), small, max_size=2),
        ),
    ),
    same("index", lists | st.tuples(small, small), small),
    ("index_from", method("index"), tuples(lists | st.tuples(small, small), small, ends | parts)),
    ("index_within", method("index"), tuples(lists, small, small, ends | parts)),
    same("count", lists | words | st.tuples(small, small), scalars),
    ("count_from", method("count"), tuples(lists | st.tuples(small, small), scalars, small)),
    ("count_within", method("count"), tuples(lists | st.tuples(small, small), scalars, small, small)),
    same("append", lists, anything),
    same("extend", lists, iterables | scalars),
    same("insert", lists, small | beyond | parts | st.none(), scalars),
    same("remove", lists | words, scalars),
    same("reverse", lists),
    ("sort", lambda row, reverse: row.sort(reverse=reverse), tuples(lists | words, st.booleans())),
    ("pop_last", method("pop"), tuples(lists | dicts)),
    same("pop", lists | dicts, small | parts | lists),
    ("pop_or", method("pop"), tuples(dicts | lists, keys | lists, scalars)),
    same("copy", lists | dicts),
    same("clear", lists | dicts),
    same("get", dicts, keys | lists, scalars),
    same("setdefault", dicts, keys | lists, scalars),
    same("update", dicts, dicts | st.lists(st.tuples(small, scalars) | scalars, max_size=3) | scalars),
    same("popitem", dicts),
    *((name, listed(method(name)), tuples(dicts)) for name in ("keys", "values", "items")),
    ("entries", lambda self: [part for pair in self.items() for part in pair], tuples(dicts)),
    ("fromkeys", lambda keys, value: dict.fromkeys(keys, value), tuples(iterables | scalars, scalars)),
    ("sum_of", sum, tuples(lists | small | words)),
    ("sum_from", sum, tuples(lists, small)),
    ("sum_from", sum, tuples(st.lists(lists, max_size=3) | small, lists | parts)),
    *(
        (name, function, tuples(lists | words | few | small))
        for name, function in (("smallest", min), ("largest", max))
    ),
    ("smallest_or", lambda row, default: min(row, default=default), tuples(lists, small)),
    ("largest_or", lambda row, default: max(row, default=default), tuples(lists, small)),
    ("smallest_by", lambda pairs: min(pairs, key=operator.itemgetter(0))[1], tuples(keyed)),
    ("largest_by", lambda pairs: max(pairs, key=operator.itemgetter(0))[1], tuples(keyed)),
    ("any_of", any, tuples(st.lists(scalars, max_size=4) | iterables | small)),
    ("all_of", all, tuples(st.lists(scalars, max_size=4) | iterables | small)),
    ("sorted_list", lambda row, reverse: sorted(row, reverse=reverse), tuples(lists | words | few, st.booleans())),
    ("sortable", sortable, tuples(lists | others)),
    ("sort_by", sort_by, tuples(lists, keyed, st.booleans())),
    ("sorted_by", sorted_by, tuples(keyed, st.booleans())),
    ("spread", lambda x: [*x], tuples(iterables)),
    ("spread", failing("Value after * must be an iterable, not {}"), tuples(st.none() | small)),
    (
        "spread_into",
        failing("f() argument after * must be an iterable, not {}"),
        tuples(st.none() | small, st.just("f")),
    ),
    ("merged", operator.ior, tuples(dicts, dicts)),
    ("merged", lambda _, other: failing("'{}' object is not a mapping")(other), tuples(dicts, scalars | lists)),
    ("around", around, tuples(iterables, st.integers(0, 2), st.integers(0, 2))),
    ("around", failing("cannot unpack non-iterable {} object"), tuples(st.none() | small, st.just(0), st.just(1))),
    ("has_parts", has_parts, tuples(anything, st.integers(0, 3), st.none() | st.integers(0, 3))),
    ("is_dict", lambda x: isinstance(x, dict), tuples(anything)),
    (
        "translation_of",
        str.maketrans,
        tuples(dicts | scalars | st.dictionaries(few | small, few | small, max_size=3)),
    ),
    ("maketrans_of", made, tuples(few | small, dicts)),
    ("maketrans", made, tuples(few | small, few, few)),
    ("maketrans_without", made, tuples(few | small, few, few, few)),
    ("translation", str.maketrans, tuples(parts | small, parts)),
    ("translation_without", str.maketrans, few.flatmap(lambda x: tuples(st.just(x), st.just(x[::-1]), few | small))),
    ("whole_root", lambda n: int(n**0.5), tuples(st.integers(-9, 10**15) | roots | scalars)),
    ("whole_number", lambda x, kind: int(f"%{kind}" % (x,)), tuples(scalars | lists, st.sampled_from("di"))),
    ("lone_value", lone, tuples(scalars | lists | st.tuples() | st.tuples(small) | st.tuples(small, small))),
    ("kind_name", lambda x: type(x).__name__, tuples(anything)),
    ("own", own, tuples(scalars | lists | dicts, st.sampled_from(["str", "list", "dict"]), st.just("copy"))),
    ("enumerated", listed(enumerate), tuples(iterables | small)),
    ("enumerated_from", listed(enumerate), tuples(iterables | small, small | st.booleans() | parts)),
    (
        "zipped",
        lambda rows: [*zip(*rows, strict=False)],
        tuples(st.tuples(iterables, iterables) | st.just(()) | st.tuples(words)),
    ),
    ("backwards", listed(reversed), tuples(iterables | small)),
    ("range_by", listed(range), tuples(small | parts, small, small | st.booleans())),
    ("range_from", listed(range), tuples(small | st.booleans(), small | parts)),
    ("range_to", listed(range), tuples(small | lists)),
    ("range_sum_to", summed, tuples(numbers | small | scalars)),
    ("range_sum_from", summed, tuples(*[numbers | scalars] * 2)),
    ("range_sum", summed, tuples(*[numbers | small | scalars] * 3)),
    ("list_of", list, tuples(iterables | scalars)),
    ("tuple_of", tuple, tuples(iterables | scalars)),
    ("dict_of", dict, tuples(dicts | st.lists(st.tuples(small, scalars) | parts, max_size=3) | small)),
    ("truth", bool, tuples(anything)),
    ("text", str, tuples(anything | texts)),
    ("shown", repr, tuples(anything | texts | numbers)),
    ("integer", int, tuples(numerals | small | st.booleans() | lists)),
    ("integer_in", int, based),
    ("integer_in", int, tuples(numerals | small, st.integers(-1, 3) | st.sampled_from([37, 1000, None, "a"]))),
    ("code_point", ord, tuples(st.text(CHARACTERS, min_size=0, max_size=2) | small)),
    ("quotient_and_rest", divmod, tuples(numbers, small.filter(bool) | parts)),
    *((name, exact, tuples(some_numbers, some_numbers)) for name, exact in BITWISE.items()),
    *((name, exact, tuples(others | scalars, others | scalars)) for name, exact in BITWISE.items()),
    *((name, exact, tuples(some_numbers, st.integers(-1, 30))) for name, exact in SHIFTS.items()),
    *((name, exact, tuples(scalars, small | parts)) for name, exact in SHIFTS.items()),
    *((name, exact, tuples(some_numbers | parts | lists)) for name, exact in BASES.items()),
    ("rounded", round, tuples(numbers | whole_scalars, st.integers(-3, 1) | scalars)),
    ("rounded", round, tuples(st.integers(-20, 20).map(lambda n: 5 * n), st.just(-1))),
    ("power", pow, tuples(small | scalars, st.integers(0, 8) | parts)),
    ("power_in_place", operator.ipow, tuples(small | scalars, st.integers(0, 8) | parts)),
    ("wide_sum", operator.add, wide),
    ("wide_difference", operator.sub, wide),
    ("wide_quotient", operator.floordiv, wide.filter(operator.itemgetter(1))),
    ("wide_remainder", operator.mod, wide.filter(operator.itemgetter(1))),
    ("counted_quotient", operator.floordiv, counted),
    ("counted_remainder", operator.mod, counted),
    ("wide_negated", operator.neg, tuples(st.integers(1000, 10**15))),
    ("wide_magnitude", abs, tuples(st.integers(-(10**15), -1000))),
    ("repeat", operator.mul, wide),
    ("equal", operator.eq, tuples(st.sampled_from([1000, -1000, 1001]), st.sampled_from([1000, 10000, 1001]))),
    *((TRAPS[symbol].name, compare(symbol), wide) for symbol in ("<", "<=", ">", ">=")),
    ("shown", repr, wide.map(lambda pair: pair[:1])),
    ("integer", int, wide.map(lambda pair: (str(pair[0]),))),
    ("power_modulo", pow, tuples(small, st.integers(-5, 5), small)),
    ("power_modulo", pow, tuples(scalars, scalars, scalars | lists)),
    *(
        (name, function, tuples(few | lists | st.tuples(small, small), beyond))
        for name, function in (
            ("before_wide", lambda row, stop: row[:stop]),
            ("from_wide", lambda row, start: row[start:]),
        )
    ),
    *((TRAPS[symbol].name, compare(symbol), equals) for symbol in ("==", "!=")),
    *((TRAPS[symbol].name, compare(symbol), alike) for symbol in ("<", "<=", ">", ">=")),
    ("lesser_of", min, alike),
    ("greater_of", max, alike),
    (
        "repeat",
        lambda a, b: a * b,
        st.one_of(tuples(few | lists, st.integers(-1, 4) | st.booleans()), tuples(st.integers(-1, 3), lists)),
    ),
    ("item_get", lambda container, key: container[key], tuples(dicts, keys | lists)),
    ("item_put", item_put, tuples(dicts, keys | lists, scalars)),
    ("item_delete", item_delete, tuples(dicts, keys | lists)),
    ("item_delete", item_delete, tuples(lists | few | scalars | st.tuples(small), small | parts)),
    ("same", lambda a, b: type(a) is type(b) and a == b, tuples(small | st.booleans(), st.booleans())),
    ("contains", lambda container, item: item in container, found),
    ("lacks", lambda container, item: item not in container, found),
    ("added", plus, tuples(lists, iterables | small) | tuples(small, small) | tuples(few, parts)),
    ("iterable", cells, tuples(iterables | scalars)),
    ("unpacked", unpacked, tuples(iterables | scalars, st.integers(1, 4))),
    (
        "slice_get",
        lambda row, start, stop, step: row[start:stop:step],
        tuples(lists | few | st.tuples(small, small), ends, ends, ends),
    ),
    ("sliceable", sliceable, tuples(anything | beyond)),
    ("before", lambda row, stop: row[:stop], tuples(lists | few, ends | parts)),
    ("onward", lambda row, start: row[start:], tuples(lists | few, ends | parts)),
    ("slice_get", lambda row, start, stop, step: row[start:stop:step], tuples(few, ends | words, ends, ends | parts)),
    ("slice_put", slice_put, tuples(lists, ends, ends, ends, lists | few | small)),
    ("slice_put", slice_put, tuples(lists, ends | parts, ends, st.none(), lists | small)),
    ("slice_put", slice_put, tuples(few | st.tuples(small), ends, ends, st.none(), lists)),
    ("slice_delete", slice_delete, tuples(lists | few, ends, ends, ends | parts)),
    ("formatted", format, tuples(st.integers(-999, 999) | st.booleans(), of_numbers)),
    ("formatted", format, tuples(few, of_texts)),
    ("formatted", format, tuples(lists | st.none(), st.sampled_from(["", "5", ">3"]))),
    ("formatted", format, tuples(reals | thousandths | numbers | st.booleans(), of_reals)),
    ("formatted", format, tuples(decimals | st.just(math.inf), of_floats)),
    ("wide_sum", real(operator.add), real_pairs),
    ("wide_difference", real(operator.sub), real_pairs),
    ("repeat", real(operator.mul), real_pairs),
    # Nearer to 0.0 than any other float is, and larger than any.
    ("repeat", operator.mul, st.sampled_from([(1e-200, 1e-200), (1e-170, -1e-163), (1e200, 1e200), (-1e155, 1e154)])),
    *((name, real(operator.truediv), real_pairs) for name in ("true_quotient", "true_quotient_in_place")),
    ("true_quotient", operator.truediv, tuples(integers, integers)),
    ("true_quotient", operator.truediv, tuples(scalars | lists, scalars | lists)),
    ("true_quotient_in_place", operator.itruediv, tuples(scalars | lists, scalars | lists)),
    ("wide_quotient", real(operator.floordiv), divided),
    ("wide_remainder", real(operator.mod), divided),
    ("quotient_and_rest", divmod, tuples(decimals | numbers, eighths)),
    *((TRAPS[symbol].name, compare(symbol), real_pairs) for symbol in ("==", "!=", "<", "<=", ">", ">=")),
    ("lesser_of", min, real_pairs),
    ("greater_of", max, real_pairs),
    ("wide_negated", operator.neg, tuples(reals)),
    ("wide_magnitude", abs, tuples(reals)),
    ("inverted", operator.invert, tuples(some_numbers | scalars | lists | decimals)),
    ("floating", float, tuples(integers | scalars | lists)),
    ("floating", real(float), tuples(floating_texts)),
    ("real_number", real_number, tuples(scalars | lists | decimals)),
    ("integer", int, tuples(reals | thousandths)),
    ("rounded", round, tuples(reals | thousandths | eighths, st.none() | st.integers(0, 3))),
    ("rounded", round, tuples(scalars, scalars.filter(lambda places: not isinstance(places, int) or places >= 0))),
    *((name, repr, tuples(reals | thousandths | edges)) for name in ("shown", "text")),
    # Powers of so few bits are exact.
    ("power", pow, tuples(eighths, st.integers(-4, 6))),
    ("power", pow, tuples(small, st.integers(-5, -1))),
    ("power_in_place", operator.ipow, tuples(eighths | small, st.integers(-2, 4).map(float))),
    ("power", pow, st.sampled_from([(1e200, 2), (-1e155, 3), (math.inf, 2), (-math.inf, 3), (math.inf, -2), (0.0, 0)])),
    ("power", pow, tuples((reals | st.integers(0, 10**15)).map(abs), st.just(0.5))),
    ("whole_root", lambda n: int(n**0.5), tuples(decimals.map(abs))),
    ("sum_of", sum, tuples(st.lists(eighths | small, max_size=5))),
    ("sum_from", sum, tuples(st.lists(eighths, max_size=3), eighths)),
    *((name, function, tuples(some_reals)) for name, function in (("smallest", min), ("largest", max))),
    ("sorted_list", lambda row, reverse: sorted(row, reverse=reverse), tuples(some_reals, st.booleans())),
    *((name, function, tuples(st.lists(short, max_size=3))) for name, function in (("any_of", any), ("all_of", all))),
    ("distinct", lambda values: [*dict.fromkeys(values)], tuples(iterables | st.lists(scalars | lists, max_size=4))),
    ("is_member", lambda item, values: item in {*values}, tuples(anything, st.lists(keys, max_size=4))),
    ("same_members", lambda a, b: {*a} == {*b}, members),
    ("all_members", lambda a, b: {*a} <= {*b}, members),
    ("has_members", lambda a, b: {*a} >= {*b}, members),
    ("in_both", lambda a, b: [value for value in min(a, b, key=len) if value in a and value in b], of_other_lengths),
    ("in_either", lambda a, b: [*dict.fromkeys([*a, *b])], members),
    ("in_first", lambda a, b: [value for value in a if value not in {*b}], members),
)


def identity(case: tuple[str, Call, Strategy]) -> str:
    return case[0]


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_routines_do_what_python_does(case: tuple[str, Call, Strategy], call: Call, python: Call) -> None:
    name, function, strategy = case

    @settings(max_examples=EXAMPLES)
    @given(strategy)
    def check(arguments: tuple[Any, ...]) -> None:
        ours = call(name, *arguments)
        theirs = python(function, *map(copied, arguments))
        assert typed(ours) == typed(theirs), (name, arguments)

    check()


def typed(value: Any) -> Any:
    """Return a value in a form in which True is not 1, and dicts differ by their order."""
    if isinstance(value, dict):
        return "dict", [(typed(key), typed(part)) for key, part in value.items()]
    if isinstance(value, list | tuple):
        return type(value).__name__, [typed(part) for part in value]
    return type(value).__name__, repr(value or 0.0) if isinstance(value, float) else value


@settings(max_examples=20)
@given(decimals | thousandths, st.integers(2, 12) | st.integers(-9, -2))
@example(1.05, 30)
@example(1.1, 100)
@example(-0.1, 20)
@example(1.000001, 500)
def test_a_long_power_is_the_nearest_float_or_the_one_beside_it(call: Call, base: float, exponent: int) -> None:
    value, _ = call("power", base, exponent) if base else (0.0, [])
    expected = base**exponent if base else 0.0
    assert abs(value - expected) <= math.ulp(expected), (base, exponent, value)


@pytest.mark.parametrize("base", [2, 0.5, 1, -1.0, 0, -3.5, True])
@pytest.mark.parametrize("exponent", [math.inf, -math.inf])
def test_a_power_by_infinity_is_pythons(call: Call, base: float, exponent: float) -> None:
    if base or exponent > 0:
        assert repr(call("power", base, exponent)[0]) == repr(base**exponent)


@pytest.mark.parametrize("form", [".1f", ".0%", ",.2f", "f", "%"])
def test_a_whole_number_that_no_float_has_is_rounded_to_one_before_it_is_shown(call: Call, form: str) -> None:
    for number in (8288475103603875828236633, 2**60 + 1, -(2**53) - 1, 10**14 - 1, 999, True):
        assert call("formatted", number, form)[0] == format(number, form)


def test_a_float_that_python_has_and_lx_has_not_is_refused(call: Call) -> None:
    tiny = math.ldexp(1.0, -520)
    for name, arguments, error in (
        ("repeat", (tiny, tiny), ("OverflowError", floats.TOO_SMALL)),
        ("true_quotient", (tiny, 1e150), ("OverflowError", floats.TOO_SMALL)),
        ("power", (2.0, -999), ("OverflowError", floats.TOO_SMALL)),
        ("power", (2, 0.25), ("ValueError", floats.BROKEN_EXPONENT)),
        ("power", (-2.0, 0.5), ("ValueError", floats.COMPLEX_ROOT)),
        ("power", (-2, 0.5), ("ValueError", floats.COMPLEX_ROOT)),
        ("rounded", (15.0, -1), ("ValueError", floats.ROUND_TO_TENS)),
        *(
            ("formatted", (1.5, form), ("ValueError", floats.NO_FORMAT))
            for form in ("e", ".2e", "g", ".3", "n", "10.1G")
        ),
        *(("floating", (text,), ("ValueError", floats.NO_FLOAT)) for text in ("nan", " -NaN\n")),
    ):
        assert call(name, *arguments) == error, (name, arguments)


def test_each_routine_that_is_called_from_outside_has_a_case() -> None:
    tables = (
        *METHODS.values(),
        *BUILTINS.values(),
        *REWRITTEN.values(),
        *((row,) for row in (*TRAPS.values(), *DOUBTS.values(), *SYNTAX.values())),
    )
    assert {row.name for rows in tables for row in rows} - {case[0] for case in CASES} == set()


def test_methods_refuse_other_kinds_with_the_message_of_python(call: Call) -> None:
    for name, rows in METHODS.items():
        for row in rows:
            given_ = [5, *([None] * (len(row.parameters) - 1))]
            assert call(row.name, *given_) == (
                "AttributeError",
                f"'int' object has no attribute '{row.name.split('_')[0]}'",
            ), name


def test_routines_are_written_in_what_lowering_takes() -> None:
    for name in prelude.names():
        for node in ast.walk(prelude.routine(name)):
            assert not isinstance(node, ast.ListComp | ast.AugAssign | ast.For | ast.JoinedStr | ast.Lambda), name
            if isinstance(node, ast.Compare):
                assert len(node.ops) == 1, name


def test_lines_of_a_routine_are_those_of_its_file() -> None:
    text = (prelude.FOLDER / "characters.lx").read_text(encoding="utf-8").splitlines()
    assert text[prelude.routine("upper").lineno - 1] == "def upper(self):"


def test_importing_the_prelude_parses_nothing(repository: Path) -> None:
    code = "import ast; ast.parse = None; from latent_repl.language import prelude, lowering"
    subprocess.run([sys.executable, "-c", code], cwd=repository, check=True)


def test_aliases_see_what_becomes_of_a_list(call: Call) -> None:
    inner = [1]
    assert call("extend", inner, [2, 3]) == (None, [[1, 2, 3], [2, 3]])
