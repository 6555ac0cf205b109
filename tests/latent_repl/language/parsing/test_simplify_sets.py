"""Sets whose order nobody sees do what Python's do; those that are kept, shown or gone through are refused."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused

SLOTS, CAPACITY = 12, (64, 128)

TEXTS = (
    *("len(set({0}))", "sorted(set({0}))", "sorted(set({0}), reverse=True)", "len(set({0})) == len({0})"),
    *("max(set({0} + [7]))", "min(frozenset({0} + [7]))", "sum(set({0}))", "any(set({0}))", "all(set({0}))"),
    *("3 in set({0})", "3 not in set({0})", "3 in {{1, 2, 3}}", "True in {{1, 2}}", "'a' not in {{'a', 'b'}}"),
    *("set({0}) == set({1})", "set({0}) != set({1})", "set({0}) <= set({1})", "set({0}) >= {{1, 2}}"),
    *("set({0}).issubset({1})", "sorted(set({0}) & set({1}))", "sorted(set({0}) | set({1}))"),
    *("sorted(set({0}) - set({1}))", "len(set({0}).union({1}))", "sorted(set({0}).intersection(set({1})))"),
    *("len(set({0}).difference({1}) | {{9}})", "sorted({{x % 3 for x in {0}}})", "len(set(str(x) for x in {0}))"),
    *("len(set())", "len({{1, True, 1.0}})", "[len({{x, 2}}) for x in {0}]", "set('listen') == set('silent')"),
    *("min(set({0}), default=5)", "(lambda xs: len(set(xs)))({0})"),
)
numbers = st.lists(st.integers(-3, 4), max_size=6)


@pytest.mark.parametrize("text", TEXTS)
def test_a_set_without_order_gives_what_python_gives(text: str) -> None:
    @settings(max_examples=10)
    @given(numbers, numbers)
    def check(one: list[int], other: list[int]) -> None:
        source = text.format(one, other)
        if "lambda" in source:
            source = f"f = lambda xs: len(set(xs))\nf({one})"
        value = eval(text.format(one, other))  # the texts are those above
        program = lower(parse(source, rows=True), slots=SLOTS, rows=True)
        exact = core_lines.execute(program, (None,) * SLOTS, step_budget=100_000, capacity=CAPACITY)
        theirs = core_lines.run_source(parse(source, rows=True), capacity=CAPACITY)
        assert exact.error is None
        assert theirs.error is None
        assert "".join(exact.output) == "".join(theirs.output) == repr(value)

    check()


@pytest.mark.parametrize(
    ("text", "kind"), [("len(set([[1]]))", "list"), ("[1] in {1, 2}", "list"), ("len({(1, [2])})", "list")]
)
def test_what_has_no_hash_is_an_error_as_in_python(text: str, kind: str) -> None:
    with pytest.raises(TypeError, match=f"unhashable type: '{kind}'"):
        eval(text)  # the texts are those above
    tree = parse(text, rows=True)
    exact = core_lines.execute(lower(tree, slots=SLOTS, rows=True), (None,) * SLOTS, capacity=CAPACITY)
    theirs = core_lines.run_source(tree, capacity=CAPACITY)
    for run in (exact, theirs):
        assert run.error is not None
        assert (run.error.kind, run.error.message) == ("TypeError", f"unhashable type: '{kind}'")


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("s = {1, 2}", 5),
        ("s = set()", 5),
        ("print(set([1]))", 7),
        ("x = list(set([1]))", 10),
        ("x = [c for c in set('ab')]", 17),
        ("x = [c for c in {c for c in 'ab'}]", 17),
        ("x = sorted(set('ab'), key=len)", 12),
        ("x = set('a') == 5", 5),
        ("x = max({1}, [2])", 9),
        ("x = min(set('a'), set('b'))", 9),
        ("x = 1\ny = x & {1}", 9),
    ],
)
def test_a_set_whose_order_is_seen_is_refused(text: str, column: int) -> None:
    line = text.count("\n") + 1
    assert_refused(text, line, column, "a set that is kept is not in Lx", "sorted(set(...))", rows=True)


@pytest.mark.parametrize("operator", ["<=", ">=", "==", "!=", "&", "|", "-"])
def test_both_sides_are_worked_out_in_pythons_order(operator: str) -> None:
    given = f"set(shown(1)) {operator} set(shown(2))"
    asked = f"sorted({given})" if operator in "&|-" else given
    tree = parse(f"def shown(n):\n    print(n)\n    return [n]\nx = {asked}", rows=True)
    exact = core_lines.execute(lower(tree, slots=SLOTS, rows=True), (None,) * SLOTS, capacity=CAPACITY)
    assert exact.output == ("1", "2")
    assert core_lines.run_source(tree, capacity=CAPACITY).output == exact.output


def test_a_name_of_the_users_own_is_no_set() -> None:
    tree = parse("def set(x): return [x, x]\nlen(set(1))", rows=True)
    assert "distinct" not in ast.unparse(tree.module)


def test_a_list_may_be_a_member_of_a_list() -> None:
    tree = parse("[1] in [[1], [2]]", rows=True)
    assert "".join(core_lines.run_source(tree, capacity=CAPACITY).output) == "True"
