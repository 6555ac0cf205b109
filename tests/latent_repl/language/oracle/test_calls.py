"""Builtins and methods within bounds: on what fits they are Python's own."""

from __future__ import annotations

import builtins
import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.oracle.bounds import Bounds, TooMuchError
from latent_repl.language.oracle.calls import Calls
from latent_repl.language.oracle.operations import Operations
from latent_repl.language.oracle.steps import Limits
from latent_repl.language.signatures import BUILTINS, LAZY_BUILTINS, METHODS

texts = st.text(" ab,1\n\tA", max_size=6)
values: st.SearchStrategy[Any] = st.recursive(
    st.integers(-4, 4) | st.sampled_from([0.0, -0.5, 2.5, 3.0]) | st.booleans() | st.none() | texts,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.integers(-2, 2), max_size=4)
        | st.lists(texts, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(texts, inner, max_size=2)
    ),
    max_leaves=4,
)
METHODS_OF = [
    (kind, name) for kind in (str, list, tuple, dict) for name in METHODS if hasattr(kind, name) and name != "format"
]
BUILTINS_WITH_VALUES = [name for name in BUILTINS if name not in ("chr", "pow")]


def calls() -> Calls:
    bounds = Bounds(Limits(-999, 999, 64, 128))
    return Calls(bounds, Operations(bounds))


def outcome(call: Any, *arguments: Any, lazy: bool = False) -> Any:
    """Return what a call gives, gone through where it gives no value, or which kind of error it ends in."""
    try:
        result = call(*arguments)
        return list(result) if lazy else result
    except Exception as error:
        return type(error)


@given(st.data(), st.sampled_from(BUILTINS_WITH_VALUES))
def test_a_builtin_is_pythons(data: st.DataObject, name: str) -> None:
    row = BUILTINS[name]
    count = data.draw(st.integers(row.least, min(row.least + 2, row.most if row.most is not None else 4)))
    arguments = data.draw(st.lists(values, min_size=count, max_size=count))
    if name == "sorted":
        arguments = arguments[:1]
    if name == "round" and isinstance(arguments[0], float):
        arguments = arguments[:1]
    given_arguments = copy.deepcopy(arguments)
    lazy = name in LAZY_BUILTINS
    result = outcome(calls().table[name], *given_arguments, lazy=lazy)
    assert result == outcome(getattr(builtins, name), *arguments, lazy=lazy)
    assert given_arguments == arguments


@given(st.data(), st.sampled_from(METHODS_OF))
def test_a_method_is_pythons(data: st.DataObject, method: tuple[type, str]) -> None:
    kind, name = method
    row = data.draw(values.filter(lambda value: type(value) is kind))
    least, most = METHODS[name].least, METHODS[name].most or 0
    arguments = data.draw(st.lists(values, min_size=least, max_size=most))
    if name == "splitlines":
        # Python takes the truth of it from 3.12 on.
        arguments = [*map(bool, arguments)]
    one, other = copy.deepcopy(row), copy.deepcopy(row)
    result = outcome(lambda *given: calls().method(name, one)(*given), *copy.deepcopy(arguments))
    expected = outcome(getattr(other, name), *copy.deepcopy(arguments))
    if name in ("items", "keys", "values") and not isinstance(result, type):
        result, expected = list(result), list(expected)
    assert (result, one) == (expected, other)


def test_arguments_may_be_given_by_name() -> None:
    assert calls().method("split", "a,b,c")(sep=",", maxsplit=1) == ["a", "b,c"]
    assert calls().table["sorted"]([1, 3, 2], reverse=True) == [3, 2, 1]
    assert list(calls().table["enumerate"]("a", start=5)) == [(5, "a")]
    row = [1, 3, 2]
    assert calls().method("sort", row)(reverse=True) is None
    assert row == [3, 2, 1]


@pytest.mark.parametrize("value", ["", "a", None, [], 2])
def test_of_what_is_yes_or_no_the_truth_is_taken(value: Any) -> None:
    ordered = sorted([1, 3, 2], reverse=bool(value))
    row = [1, 3, 2]
    calls().method("sort", row)(reverse=value)
    assert calls().table["sorted"]([1, 3, 2], reverse=value) == row == ordered
    assert calls().table["sorted by"]([(1, 1), (3, 3), (2, 2)], value) == ordered
    assert calls().method("splitlines", "a\nb")(value) == "a\nb".splitlines(bool(value))


def test_errors_come_in_the_order_of_python() -> None:
    for name, arguments in (("sum", (3, "a")), ("enumerate", (3, "a")), ("enumerate", ([], None))):
        with pytest.raises(TypeError) as theirs:
            getattr(builtins, name)(*arguments)
        with pytest.raises(TypeError) as ours:
            calls().table[name](*arguments)
        assert str(ours.value) == str(theirs.value)
    with pytest.raises(TypeError, match="can only join an iterable"):
        calls().method("join", "a")(3)


@pytest.mark.parametrize(
    ("name", "row", "arguments"),
    [
        ("center", "a", (10**9,)),
        ("zfill", "a", (10**9,)),
        ("ljust", "a", (10**9, "b")),
        ("expandtabs", "\t", (10**9,)),
        ("append", [0] * 64, (1,)),
        ("insert", [0] * 64, (0, 1)),
        ("extend", [0] * 40, ([0] * 40,)),
        ("extend", [], (range(10**12),)),
        ("replace", "a" * 64, ("a", "b" * 64)),
        ("join", "ab", (["a" * 62, "a"],)),
        ("setdefault", dict.fromkeys(range(32), 0), (99,)),
        ("format", "{:999}", (1,)),
    ],
)
def test_no_method_grows_a_row_beyond_its_room(name: str, row: Any, arguments: tuple[Any, ...]) -> None:
    begun = time.monotonic()
    with pytest.raises(MemoryError):
        calls().method(name, row)(*arguments)
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("name", ["list", "tuple", "sorted"])
def test_no_builtin_makes_a_row_beyond_its_room(name: str) -> None:
    with pytest.raises(MemoryError):
        calls().table[name](range(10**12))


@pytest.mark.parametrize("name", ["sum", "min", "max", "all", "any"])
def test_what_goes_through_everything_comes_to_an_end(name: str) -> None:
    assert outcome(calls().table[name], range(1, 10**12)) in (TooMuchError, True)


def test_characters_are_those_of_lx() -> None:
    assert [calls().table["chr"](number) for number in (9, 32, 126)] == ["\t", " ", "~"]
    assert [outcome(calls().table["chr"], number) for number in (0, 127, 233)] == [ValueError] * 3


def test_sums_are_in_the_range_all_the_way() -> None:
    bounds = Bounds(Limits(-999, 999))
    assert outcome(Calls(bounds, Operations(bounds)).table["sum"], [900, 900, -900]) is OverflowError
    assert outcome(calls().table["sum"], [[1], [2]], []) == [1, 2]


@pytest.mark.parametrize("name", ["__class__", "__init__", "mro", "sort", "encode"])
def test_no_other_attribute_is_found(name: str) -> None:
    with pytest.raises(AttributeError, match=f"'str' object has no attribute '{name}'"):
        calls().method(name, "a")


def test_a_float_is_rounded_to_places_and_not_to_tens() -> None:
    for arguments in ((2.5,), (2.675, 2), (-0.4, 0), (3.0, None), (1.25, True)):
        assert repr(calls().table["round"](*arguments)) == repr(round(*arguments) or type(round(*arguments))(0))
    with pytest.raises(ValueError, match="tens or hundreds"):
        calls().table["round"](15.0, -1)


def test_what_formats_with_percent_take_is_a_number() -> None:
    for name, form, kind in (("real number", "%f", ()), ("whole number", "%d", ("d",))):
        assert form % calls().table[name](2.5, *kind) == form % 2.5
        for value in ("a", None, [1]):
            with pytest.raises(TypeError) as theirs:
                form % (value,)
            with pytest.raises(TypeError) as ours:
                calls().table[name](value, *kind)
            assert str(ours.value) == str(theirs.value)


def test_a_kind_made_by_others_has_no_methods() -> None:
    class Text(str):
        __slots__ = ()

    with pytest.raises(AttributeError):
        calls().method("upper", Text("a"))
