"""Source run by CPython: within the values, the steps and the time allowed, and with nothing of Python's own."""

from __future__ import annotations

import ast
import time

import pytest

from latent_repl.language.oracle.cpython import SourceRun, run_source
from latent_repl.language.parsing.parse import Tree, parse


def kind(run: SourceRun) -> str | None:
    return None if run.error is None else run.error.kind


def test_source_begins_with_the_variables_given_and_leaves_them_alone() -> None:
    given_variables = {"a": 5}
    assert run_source(parse("a = a + 1\na"), given_variables).variables == {"a": 6, "_": 6}
    assert given_variables == {"a": 5}


def test_source_with_holes_is_not_run() -> None:
    with pytest.raises(ValueError, match="fill them first"):
        run_source(parse("a = ?"))


def test_source_is_stopped_when_its_time_is_over() -> None:
    begun = time.monotonic()
    run = run_source(parse("a = 1\nwhile a: pass"), step_limit=10**9, time_limit=0.1)
    assert kind(run) == "StepBudgetError"
    assert time.monotonic() - begun < 5


def test_source_finds_nothing_of_python_to_call() -> None:
    # A tree that the parser would refuse: even that reaches no builtin and no module.
    tree = parse("a = 1")
    for text in ("a = len", "a = __import__", "a = open"):
        run = run_source(Tree(tree.text, ast.parse(text), 0, tree.written))
        assert kind(run) == "NameError"


@pytest.mark.parametrize(
    ("source", "variables"),
    [
        ("a = 9 * 11", {"a": 99}),
        ("a = -99 - 0", {"a": -99}),
        ("a = 2; b = a + 98", {}),
        ("a = (-1) ** 99", {"a": -1}),
        ("a = 50 + 50 - 50", {}),
        ("a = max(99, 3) + True", {}),
        ("a = -(-99)", {"a": 99}),
    ],
)
def test_every_result_on_the_way_stays_in_the_range(source: str, variables: dict[str, int]) -> None:
    run = run_source(parse(source), minimum=-99, maximum=99)
    assert (run.variables, kind(run)) == (variables, None if variables else "OverflowError")


def test_a_power_far_outside_the_range_is_not_worked_out() -> None:
    begun = time.monotonic()
    assert kind(run_source(parse("a = 7 ** 100000000", maximum=10**9), maximum=10**9)) == "OverflowError"
    assert time.monotonic() - begun < 1


def test_lines_are_counted_a_header_each_time() -> None:
    tree = parse("a = 3\nwhile a:\n    a -= 1")
    assert kind(run_source(tree, step_limit=8)) is None
    ended = run_source(tree, step_limit=7)
    assert (kind(ended), ended.variables, len(ended.events)) == ("StepBudgetError", {"a": 0}, 7)


def test_events_hold_the_variables_and_the_output_of_their_own_line() -> None:
    run = run_source(parse("a = 1; print(a)\na + True\nprint()"))
    assert [(event.line, event.variables, event.output) for event in run.events] == [
        (1, {"a": 1}, ("1",)),
        (2, {"a": 1, "_": 2}, ("2",)),
        (3, {"a": 1, "_": 2}, ("",)),
    ]
