"""The machine's control flow, apart from what a network makes of it: programs whose course no decoded value decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import CoreLine, Program, Slot
from latent_repl.machine import Machine
from latent_repl.mirror import Mirror
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.rows import empty_heap
from latent_repl.modes import Mode
from latent_repl.records import Run
from tests.latent_repl.conftest import Doubter, Mistaken


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load("base")


def program(text: str) -> Program:
    return lower(parse(text, minimum=-99, maximum=99), slots=12, minimum=-99, maximum=99)


def run(machine: Machine, texts: Sequence[str], **options: object) -> list[Run]:
    latents = np.repeat(machine.empty_state()[None], len(texts), axis=0)
    return machine.run([program(text) for text in texts], latents, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_a_batch_of_programs_ends_as_each_alone(model: Interpreter, mode: str) -> None:
    machine = Machine(model, mode)  # type: ignore[arg-type]
    texts = ["a = 3\na * 4", "i = 0\nwhile i < 5:\n    i += 1", "b = 1 // 0", "print(7, -2)", "pass"]
    for alone, together in zip([run(machine, [text])[0] for text in texts], run(machine, texts), strict=True):
        assert np.allclose(alone.latents, together.latents, atol=1e-5)
        assert alone.steps == together.steps
        assert [(e.line, e.values, e.output, e.steps) for e in alone.events] == [
            (e.line, e.values, e.output, e.steps) for e in together.events
        ]
        assert str(alone.error) == str(together.error)


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_states_are_the_same_to_the_bit_with_and_without_kept_results(model: Interpreter, mode: str) -> None:
    forgetful = load("base")
    forgetful.memory.turn_off()
    text = "a = 1\ni = 0\nwhile i < 6:\n    a = a * 2 % 11\n    i += 1\n    b = i // 2 == a\n    c = 3 * 4"
    [kept], [anew] = (run(Machine(each, mode), [text], trace=True) for each in (model, forgetful))  # type: ignore[arg-type]
    assert np.array_equal(kept.latents, anew.latents) and kept.trace == anew.trace
    [again] = run(Machine(model, mode), [text], trace=True)  # type: ignore[arg-type]
    assert np.array_equal(again.latents, anew.latents) and again.trace == anew.trace
    assert model.memory.counts.recalled > 0 and len(forgetful.memory) == 0


COUNTING = "n = 0\nfor d in range(2, 40):\n    if 97 % d > 30:\n        n += d"


def test_what_a_loop_asks_next_is_computed_ahead_to_the_same_states(model: Interpreter) -> None:
    forgetful, fresh = load("base"), load("base")
    forgetful.memory.turn_off()
    [anew], [kept] = (run(Machine(each, "snap"), [COUNTING], trace=True) for each in (forgetful, fresh))
    assert np.array_equal(kept.latents, anew.latents) and kept.trace == anew.trace
    # Each of 38 divisors is met once. In latent mode, where nothing can be told ahead, all of them are computed.
    computed = fresh.memory.counts.results - fresh.memory.counts.recalled
    [latent] = run(Machine(latently := load("base"), "latent"), [COUNTING])
    assert latent.steps == kept.steps
    assert computed < (latently.memory.counts.results - latently.memory.counts.recalled) / 2


def test_each_step_feeds_on_the_latent_of_the_step_before(model: Interpreter, monkeypatch: pytest.MonkeyPatch) -> None:
    fed, returned = [], []
    execute = model.execute_rows

    def watched(states: np.ndarray, codes: np.ndarray, heaps: Any, **options: Any) -> Any:
        fed.append(states)
        after, heaps = execute(states, codes, heaps, **options)
        returned.append(after)
        return after, heaps

    monkeypatch.setattr(model, "execute_rows", watched)
    [ended] = run(Machine(model), ["a = 3\nb = a + 4\nc = a * b"])
    assert len(fed) == ended.steps == 3
    assert all(np.array_equal(given, made) for given, made in zip(fed[1:], returned[:-1], strict=True))
    assert np.array_equal(ended.latents, returned[-1][0])


def test_a_swap_costs_three_steps(model: Interpreter) -> None:
    [ended] = run(Machine(model), ["a = 1\nb = 2\na, b = b, a"], trace=True)
    assert [event.steps for event in ended.events] == [1, 1, 3]
    assert len(ended.trace) == 5


def test_a_loop_without_core_lines_meets_the_budget(model: Interpreter) -> None:
    [ended] = run(Machine(model), ["a = 1\nwhile a:\n    pass"], step_budget=50)
    assert ended.error is not None
    assert "50 steps" in ended.error.message


def test_a_failing_line_leaves_the_latents_from_before_it(model: Interpreter) -> None:
    [before], [after] = run(Machine(model), ["a = 5"]), run(Machine(model), ["a = 5\na, b = 1, a // 0"])
    assert after.error is not None
    assert (after.error.kind, after.error.line) == ("ZeroDivisionError", 2)
    assert np.allclose(before.latents, after.latents, atol=1e-6)
    assert before.defined == after.defined


def test_reading_what_no_step_has_written_is_a_name_error(model: Interpreter) -> None:
    [ended] = run(Machine(model), ["if False:\n    x = 1\ny = x"])
    assert ended.error is not None
    assert (ended.error.kind, ended.error.line) == ("NameError", 3)
    assert "'x'" in ended.error.message


def test_nothing_is_recorded_where_nothing_is_asked_for(model: Interpreter) -> None:
    [ended] = run(Machine(model), ["a = 5"], record=False)
    assert (ended.events, ended.trace, ended.steps) == ((), (), 1)


def test_a_step_takes_core_lines_and_bare_code_latents_alike(model: Interpreter) -> None:
    machine, line = Machine(model), CoreLine(Slot(1), "+", Slot(0), 4)
    states = machine.encode([[3, *[None] * (model.config.slots - 1)]] * 2)
    [latent] = machine.code_latents([line])
    after = machine.step(states, [line, latent])
    assert np.array_equal(after[0], after[1])
    assert np.array_equal(after, machine.step(states, np.stack([latent, latent])))
    assert machine.decode(after)[0].values[1] == 7


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_a_code_latent_in_the_place_of_a_line_runs_as_the_line_it_encodes(model: Interpreter, mode: str) -> None:
    machine = Machine(model, mode)  # type: ignore[arg-type]
    [latent] = machine.code_latents([CoreLine(Slot(1), "*", Slot(0), 7)])
    [plain], [bare] = run(machine, ["a = 6\nb = a * 7"]), run(machine, ["a = 6\nb = a + 1"], codes=[{1: latent}])
    assert np.array_equal(plain.latents, bare.latents)
    assert (plain.defined, plain.steps, plain.path) == (bare.defined, bare.steps, bare.path)
    assert bare.events[-1].values[1] == 42


def test_a_point_of_the_box_that_is_no_line_is_executed_as_it_is(model: Interpreter) -> None:
    machine, point = Machine(model), np.full(model.config.code_latent, 0.1, np.float32)
    [ended] = run(machine, ["b = 1 + 1"], codes=[{0: point}], record=False)
    [after], _ = model.execute_rows(machine.empty_state()[None], point[None], [empty_heap(model)])
    assert ended.steps == 1
    assert ended.error is not None or np.array_equal(ended.latents, after)


def test_a_snap_takes_what_no_step_has_changed_as_well_if_it_was_not_snapped_before(model: Interpreter) -> None:
    machine = Machine(model, "snap")
    given = machine.encode([[7] * model.config.slots])
    noise = np.random.default_rng(0).uniform(-0.02, 0.02, given.shape).astype(given.dtype)
    [end] = machine.run([program("a = 1\na += 1")], given + noise)
    assert (end.latents[1:] == machine.encode([[7] * model.config.slots])[0, 1:]).all()
    assert machine.decode(end.latents[None])[0].values[:2] == (2, 7)


@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_a_step_is_as_confident_as_the_decoder_was_of_what_the_executor_made(model: Interpreter, mode: Mode) -> None:
    machine = Machine(cast(Interpreter, Doubter(model)), mode)
    [ended] = run(machine, ["a = 2 + 3"], trace=True)
    made = machine.step(machine.empty_state()[None], [CoreLine(Slot(0), "+", 2, 3)])
    wanted = pytest.approx(machine.decode(made)[0].confidence, abs=1e-5)
    assert wanted == pytest.approx(0.5, abs=1e-3)
    assert ended.events[0].confidence == wanted and ended.trace[0].confidence == wanted


def test_doubts_of_snaps_multiply_along_a_line_and_along_the_run(model: Interpreter) -> None:
    machine = Machine(cast(Interpreter, Doubter(model)), "snap")
    [ended] = run(machine, ["a = 2 + 3\nb = a\nc = (2 + 3) * (4 + 1)\nd = 7"], trace=True)
    assert [event.confidence for event in ended.events] == pytest.approx([0.5, 1, 0.25, 1], abs=1e-3)
    assert ended.certain == pytest.approx(0.125, abs=1e-3)
    assert [step.confidence for step in ended.trace][:2] == pytest.approx([0.5, 1], abs=1e-3)


DIVISIONS = "a = 97\nb = -5\nq = a // b\nr = a % b\nq * b + r"


@pytest.mark.parametrize("mode", ["latent", "snap"])
@pytest.mark.parametrize(
    ("operator", "operands", "says"),
    [("//", (97, -5), -21), ("//", (-97, 5), 7), ("%", (97, -5), 2), ("%", (-97, 5), -3)],
)
def test_what_the_model_contradicts_is_found_another_way(
    mode: Mode, operator: str, operands: tuple[int, int], says: int
) -> None:
    """Whether the question itself is answered wrongly or the one with both signs turned."""
    model = load("base")
    mistaken = cast(Interpreter, Mistaken(model, operator, operands, says=says))
    [doubted] = run(Machine(mistaken, mode), [DIVISIONS], trace=True)
    model.memory.turn_off()
    [right] = run(Machine(model, mode), [DIVISIONS], trace=True)
    assert [event.values for event in doubted.events] == [event.values for event in right.events]
    steps = [[event.steps for event in ended.events] for ended in (right, doubted)]
    assert steps[0] == [1, 1, 1, 1, 2]
    line, other = (2, 3) if operator == "//" else (3, 2)
    assert steps[1][line] > 20 and steps[1][other] == 1
    routines = {step.routine.name for step in doubted.trace if step.routine}
    assert ("counted_quotient" in routines, "counted_remainder" in routines) == (line == 2, line == 3)


def test_a_result_that_agrees_with_its_turned_question_is_taken_at_once(model: Interpreter) -> None:
    texts = [f"a = {a}\nb = {b}\na // b\na % b" for a, b in ((7, 2), (-7, 2), (0, 5), (99, -99), (-99, 1), (6, 6))]
    assert all([event.steps for event in ended.events] == [1, 1, 1, 1] for ended in run(Machine(model), texts))
    [flags] = run(Machine(model), ["a = 7\nb = a > 2\nb // a\nb % a\na % b"])
    assert [event.output for event in flags.events[2:]] == [("0",), ("1",), ("0",)]


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["latent", "snap"])
def test_divisions_are_right_the_other_way_too(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mirror, "doubted", lambda self, steps, after, statuses: range(len(steps)))
    model = load("base")
    generator = np.random.default_rng(0)
    pairs = [*generator.integers(-999, 1000, (60, 2)).tolist(), [0, 7], [999, -999], [-999, 1], [-1, 999]]
    pairs = [(a, b) for a, b in pairs if b]
    texts = [f"q = {a} // {b}\nr = {a} % {b}" for a, b in pairs]
    programs = [lower(parse(text, minimum=-999, maximum=999), slots=16, minimum=-999, maximum=999) for text in texts]
    machine = Machine(model, mode)
    ended = machine.run(programs, np.repeat(machine.empty_state()[None], len(texts), axis=0))
    assert [each.error for each in ended] == [None] * len(texts)
    assert [each.events[-1].values[:2] for each in ended] == [(a // b, a % b) for a, b in pairs]
