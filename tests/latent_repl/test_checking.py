"""Each line is judged from the state before it, and where a text leaves CPython's way is found once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest

from grammar.programs.sample import ProgramLimits, sample_program
from latent_repl.checking import Before, Check, RunChecker
from latent_repl.errors import ProgramError, StepBudgetError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import steps
from latent_repl.language.oracle.core_lines import execute_line
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program, Slot
from latent_repl.language.values import Value, number_of
from latent_repl.records import Event, Run
from latent_repl.results import Difference, State, states_of

SLOTS = 6
CHECKER = RunChecker(steps.Limits(-99, 99), 1_000)
EMPTY: Before = ((None,) * SLOTS, ())
Lies = Mapping[int, Mapping[str, Value]]


def run_of(
    program: Program,
    *,
    lies: Lies,
    jumps: Mapping[int, int],
    error: tuple[int, ProgramError] | None = None,
) -> Run:
    """What a machine leaves that is exact, but for some executed lines, by their number from 0: there variables get
    other values, the next line is another one, or an error comes."""
    values: tuple[Value | None, ...] = (None,) * SLOTS
    slot_of = {name: slot for slot, name in program.slots.items()}
    events: list[Event] = []
    place, failure, failed_at = 0, None, None
    while place < len(program.instructions) and len(events) < 200:
        exact = execute_line(program, values, place, minimum=-99, maximum=99)
        failure = error[1] if error and error[0] == len(events) else exact.error
        if failure is not None:
            failed_at = place
            break
        lied = {slot_of[name].index: value for name, value in lies.get(len(events), {}).items()}
        values = tuple(lied.get(index, value) for index, value in enumerate(exact.values))
        defined = frozenset(Slot(index) for index, value in enumerate(values) if value is not None)
        events.append(Event(program.lines[place], place, values, "ok", 1.0, 1, exact.output, defined))
        place = jumps.get(len(events) - 1, exact.counter)
    empty = np.zeros((SLOTS, 1), dtype=np.float32)
    return Run(empty, len(events), (), frozenset(), failure, tuple(events), (), failed_at)


def check(
    text: str,
    lies: Lies | None = None,
    *,
    jumps: Mapping[int, int] | None = None,
    error: tuple[int, ProgramError] | None = None,
    exact: State | None = None,
) -> Check:
    tree = parse(text, minimum=-99, maximum=99)
    program = lower(tree, slots=SLOTS, minimum=-99, maximum=99)
    run = run_of(program, lies=lies or {}, jumps=jumps or {}, error=error)
    return CHECKER.check(tree, program, run, states_of(program, run), EMPTY, {}, exact)


COUNTING = "n = 0\nfor j in range(9):\n    n += 1\nm = n * 2"


def test_an_exact_run_is_right_on_every_line() -> None:
    checked = check(COUNTING)
    assert checked.match
    assert (checked.wrong, checked.divergence) == ((), None)
    assert len(checked.verdicts) == 2 + 2 * 9 + 1
    assert checked.variables == checked.expected == {"n": 9, "j": 8, "m": 18}


def test_one_wrong_line_is_one_wrong_line() -> None:
    checked = check(COUNTING, {8: {"n": 3}})
    assert not checked.match
    assert [(row.line, row.source, row.difference) for row in checked.wrong] == [
        (3, "n += 1", Difference("n = 4", "n = 3"))
    ]
    assert [verdict.difference is None for verdict in checked.verdicts].count(False) == 1
    assert checked.verdicts[-1].expected == {"n": 8, "j": 8, "m": 16}
    assert str(checked.divergence) == "diverged at line 3, iteration 4: CPython has n = 4, the model n = 3"


def test_a_line_that_is_executed_once_has_no_iteration() -> None:
    checked = check("a = 1\nb = a + 1\nc = b + 1", {1: {"b": 5}})
    assert str(checked.divergence) == "diverged at line 2: CPython has b = 2, the model b = 5"
    assert [row.line for row in checked.wrong] == [2]


def test_kinds_of_values_are_told_apart() -> None:
    assert check("a = 1 < 2", {0: {"a": 1}}).wrong[0].difference == Difference("a = True", "a = 1")


def test_a_wrong_turn_belongs_to_the_line_that_took_it() -> None:
    text = "a = 1\nif a > 5:\n    b = 2\nc = 3"
    program = lower(parse(text), slots=SLOTS)
    checked = check(text, jumps={1: program.lines.index(3)})
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("line 4 next", "line 3 next"))]
    assert str(checked.divergence) == "diverged at line 2: CPython has line 4 next, the model line 3 next"


def test_an_end_that_comes_too_early() -> None:
    text = "a = 1\nwhile a < 5:\n    a += 1"
    program = lower(parse(text), slots=SLOTS)
    checked = check(text, jumps={3: len(program.instructions)})
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("line 3 next", "the end next"))]
    assert checked.divergence is not None and checked.divergence.iteration == 2


def test_output_is_compared() -> None:
    tree = parse("a = 1\nprint(a)\nprint(a)")
    program = lower(tree, slots=SLOTS)
    run = run_of(program, lies={}, jumps={})
    shown = replace(run.events[1], output=("7",))
    lied = replace(run, events=(run.events[0], shown, run.events[2]))
    checked = CHECKER.check(tree, program, lied, states_of(program, lied), EMPTY, {}, None)
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("output 1", "output 7"))]


def test_a_hidden_value_that_a_later_line_reads_is_compared() -> None:
    text = "a = 4\nfor j in range(a + 1):\n    pass"
    stop = next(name for slot, name in lower(parse(text), slots=SLOTS).slots.items() if name == "%1")
    checked = check(text, {1: {stop: 3}})
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("%1 = 5", "%1 = 3"))]
    assert not checked.match


def test_a_hidden_value_that_nothing_reads_any_more_is_not() -> None:
    checked = check("a = 4\nb = (a + 1) * 2", {1: {"%0": 9}})
    assert checked.match and not checked.wrong


def test_an_error_where_there_is_none() -> None:
    failure = ProgramError("OverflowError", "", 2)
    checked = check("a = 4\nb = a + 1\nc = 1", error=(1, failure))
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("no error", "OverflowError"))]
    assert len(checked.verdicts) == 1


def test_no_error_where_there_is_one() -> None:
    tree = parse("a = 0\nb = 4 // a")
    program = lower(tree, slots=SLOTS)
    run = run_of(program, lies={}, jumps={})
    first = run.events[0]
    assert run.failed_at is not None
    second = replace(
        first, line=2, place=run.failed_at, values=(0, 4, *first.values[2:]), defined=frozenset(program.slots)
    )
    lied = replace(run, error=None, failed_at=None, events=(first, second))
    checked = CHECKER.check(tree, program, lied, states_of(program, lied), EMPTY, {}, None)
    assert [(row.line, row.difference) for row in checked.wrong] == [(2, Difference("ZeroDivisionError", "no error"))]
    assert checked.verdicts[1].expected is None


def test_the_same_error_is_right() -> None:
    checked = check("a = 0\nb = 4 // a")
    assert checked.match and not checked.wrong
    assert checked.expected == {"a": 0}


def test_the_end_of_the_step_budget_makes_no_line_wrong() -> None:
    text = "a = 1\nwhile a < 9:\n    a += 1"
    checked = check(text, error=(4, StepBudgetError("StepBudgetError", "", 3)))
    assert (checked.wrong, checked.divergence) == ((), None)
    assert checked.match  # CPython came to the end, and the model did not: the budget is Lx's own


def test_a_text_that_the_budget_cuts_off_leaves_nothing_to_compare_with() -> None:
    checked = check("a = 1\nwhile a: a = a", error=(3, StepBudgetError("StepBudgetError", "", 2)))
    assert checked.match and checked.variables is None


def test_cpythons_own_values_go_on_beside() -> None:
    checked = check("b = 3", exact={"a": 7})
    assert checked.match
    assert (checked.variables, checked.expected) == ({"a": 7, "b": 3}, {"b": 3})


def sampled(count: int) -> Iterator[str]:
    """Random programs, some of which end in an error."""
    generator = random.Random(20)
    for _ in range(count):
        yield sample_program(generator, ProgramLimits(slots=SLOTS, errors=0.3)).source


@pytest.mark.slow
def test_exact_runs_of_random_programs_raise_no_alarm() -> None:
    for text in sampled(100):
        checked = check(text)
        assert checked.match and not checked.wrong and checked.divergence is None, text


@pytest.mark.slow
def test_one_lie_in_a_random_program_is_found_where_it_was_told_and_nowhere_else() -> None:
    generator = random.Random(21)
    for text in sampled(100):
        verdicts = check(text).verdicts
        place = generator.randrange(len(verdicts)) if verdicts else 0
        state = verdicts[place].expected if verdicts else None
        if state:
            name = generator.choice(sorted(state))
            checked = check(text, {place: {name: number_of(state[name]) % 90 + 1}})
            [wrong] = checked.wrong
            assert checked.verdicts[place].difference == wrong.difference
            assert checked.divergence is not None and checked.divergence.difference == wrong.difference, text
