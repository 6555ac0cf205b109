"""The search of the continuous box, on models small enough to see what it does."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int

from latent_repl.language.program import CoreLine
from latent_repl.language.values import Value
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load
from latent_repl.model.network.backend import save
from latent_repl.model.sums.network import SumsConfig, SumsModel
from latent_repl.session import Session
from latent_repl.synthesis.bayesian.box_search import BATCH, FIRST, ProcessInBox
from latent_repl.synthesis.problem.box import Point
from latent_repl.synthesis.searches.base import Setting
from latent_repl.synthesis.searches.uniform import UniformPoints
from tests.latent_repl.synthesis.conftest import PerfectInterpreter
from tests.latent_repl.synthesis.inversion.conftest import objective_of

THE_POST = "a=71; a+? == 18"
WHOLE_LINE = "def f(a):\n    ?\n    return b\nf(2) == 16\nf(3) == 24\nf(9) == 72"
TWO_LINES = "a=7; b = a + ?; c = a * ?; b == 20; c == 21"
THREE_HOLES = """def f(a):
    if a > ?:
        return a + ?
    return a * ?
f(1) == 7; f(2) == 14; f(4) == 28; f(6) == -5; f(9) == -2"""


class Ordered(PerfectInterpreter):
    """A double whose code latents have the right operand's value in one dimension, another in none, the rest apart.

    Every point of the box decodes to a line, and is executed as that one: it agrees everywhere.
    """

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        super().encode_code(ids)
        marks, places = ids[:, :3] / len(self.vocabulary), np.zeros((len(ids), 2))
        right = [self.vocabulary.integer_of(token) for token in ids[:, 3].tolist()]
        places[:, 0] = [0.0 if number is None else number / self.config.maximum for number in right]
        return np.concatenate([places, marks, np.array([[number is None] for number in right])], 1, dtype=np.float32)

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        active = self.vocabulary.active(self.config.maximum)
        logits = np.full((len(latents), 4, active), -1e3)
        for place in range(3):
            logits[:, place] = -np.square(latents[:, 2 + place, None] * len(self.vocabulary) - np.arange(active))
        numbers = np.array([self.vocabulary.integer_of(token) is not None for token in range(active)])
        values = np.array([float(self.vocabulary.integer_of(token) or 0) for token in range(active)])
        logits[:, 3, numbers] = -np.square(latents[:, :1] * self.config.maximum - values[numbers])
        return logits

    def execute(
        self, states: Float[np.ndarray, "B S D"], codes: Float[np.ndarray, "B C"]
    ) -> Float[np.ndarray, "B S D"]:
        self.executed += len(states)
        lines = [self.vocabulary.core_line(row) for row in self.code_logits(codes).argmax(-1).tolist()]
        rows = zip(self.decode_states(states)[0].tolist(), lines, strict=True)
        return self.encode_states(np.array([self._after(ids, line) for ids, line in rows if line is not None]))


@pytest.fixture
def ordered() -> Ordered:
    return Ordered()


def searching(model: NumpyInterpreter, text: str, seed: int = 0) -> ProcessInBox:
    objective = objective_of(text, model)
    return ProcessInBox(Setting(objective.problem, objective, seed))


def scored(search: ProcessInBox, rounds: int) -> dict[Point, float]:
    history = dict[Point, float]()
    for _ in range(rounds):
        points = search.propose(history)
        scores = search.objective.score(points)
        history.update((point, score.loss) for point, score in zip(points, scores, strict=True))
    return history


@pytest.mark.slow
def test_an_ordered_space_is_solved_in_fewer_points_than_draws_need(
    ordered: Ordered, session_of: Callable[..., Session]
) -> None:
    problems = [THE_POST, "a=-40; a+? == 37", "a=-5; a+? == 66"]
    evaluations = {
        search: [session_of(ordered).synth(text, search=search, seed=1, timeout=600.0).evaluations for text in problems]
        for search in ("box", "uniform")
    }
    assert max(evaluations["box"]) <= 64
    assert sum(evaluations["box"]) < sum(evaluations["uniform"]) / 3


def test_each_evaluation_is_one_point_that_the_executor_ran(ordered: Ordered, session_of: Callable[..., Any]) -> None:
    session, before = session_of(ordered, a=71), ordered.executed
    solution = session.synth("a + ? == 18", search="box", seed=1, timeout=600.0)
    assert solution.verified and solution.evaluations == ordered.executed - before
    assert solution.found_by in ("box", "spread") and solution.fills == ("-53",)


@pytest.mark.parametrize("search", [ProcessInBox, UniformPoints])
def test_what_was_asked_is_not_asked_again(search: type[ProcessInBox] | type[UniformPoints], ordered: Ordered) -> None:
    objective = objective_of(THE_POST, ordered)
    made, history = search(Setting(objective.problem, objective, 1)), dict[Point, float]()
    for _ in range(4):
        points = made.propose(history)
        assert points and not {point.filling for point in points} & {point.filling for point in history}
        scores = objective.score(points)
        history.update((point, score.loss) for point, score in zip(points, scores, strict=True))
    assert len({point.filling for point in history}) == len(history)


def test_several_holes_are_searched_side_by_side(ordered: Ordered) -> None:
    search = searching(ordered, TWO_LINES)
    assert search.codes.line_groups.tolist() == [0] * 6 + [1] * 6
    points = search.propose({})
    assert len(points) == 2 * FIRST
    assert all(len(point.filling) == 2 and len(point.latents) == 12 for point in points)


def test_a_point_is_known_where_the_line_that_it_decodes_to_lies(ordered: Ordered) -> None:
    search = searching(ordered, THE_POST)
    free = np.flatnonzero(search.box.free)
    near, far = np.repeat(search.box.low[None], 2, axis=0), np.repeat(search.box.low[None], 2, axis=0)
    near[:, free], far[:, free] = [[0.0, -1.0], [0.004, 1.0]], [[0.0, 0.0], [0.9, 0.0]]
    assert np.array_equal(*search.inputs(near))
    assert not np.array_equal(*search.inputs(far))


def test_the_first_points_are_spread_and_the_rest_are_the_seeds_alone(ordered: Ordered) -> None:
    runs = []
    for seed in (1, 1, 2):
        search = searching(ordered, "a=2; a * ? == 19", seed)
        history = scored(search, 3)
        assert len(history) == FIRST + 2 * BATCH
        assert [search.source_of(point) for point in history] == ["spread"] * FIRST + ["box"] * 2 * BATCH
        runs.append(np.stack([point.latents for point in history]))
    assert np.array_equal(runs[0], runs[1]) and not np.array_equal(runs[0], runs[2])
    assert np.abs(runs[0][:, 0]).max() <= 1


@pytest.mark.parametrize(("text", "lines"), [(WHOLE_LINE, 1), (TWO_LINES, 2)])
def test_points_for_whole_or_several_lines_lie_around_likely_ones(ordered: Ordered, text: str, lines: int) -> None:
    generator, space = random.Random(0), (search := searching(ordered, text)).space
    asked = [point.filling for point in scored(search, 4)]
    assert len(asked) == FIRST * lines + 3 * BATCH
    least = np.quantile([space.log_probability(space.uniform(generator)) for _ in range(200)], 0.7)
    assert np.median([space.log_probability(filling) for filling in asked]) > least


@pytest.mark.slow
@pytest.mark.parametrize("text", [WHOLE_LINE, THREE_HOLES])
def test_whole_and_several_lines_are_found(shipped_model: NumpyInterpreter, text: str) -> None:
    solution = Session(shipped_model, check=False).synth(text, search="box", budget=256, timeout=600.0)
    assert solution.verified and solution.found_by in ("box", "spread")


def test_what_was_refuted_is_not_believed_again(session_of: Callable[..., Session]) -> None:
    def lie(line: CoreLine, result: Value) -> Value:
        return 18 if line.operator == "+" else result

    solution = session_of(Ordered(lie)).synth(THE_POST, search="box", budget=80, seed=1, timeout=600.0)
    assert solution.refuted >= 5  # everything is believed, so that it has to look elsewhere each time
    assert solution.oracle_runs == solution.refuted + len(solution.programs)


def test_a_model_of_sums_is_searched_by_the_same_class(tmp_path: Path) -> None:
    torch.manual_seed(0)
    save(SumsModel(SumsConfig(limit=9, maximum=9, state_latent=3, code_latent=3)), tmp_path / "checkpoint")
    session = Session(load(tmp_path / "checkpoint"), check=False)
    for text in ("a = 3; a + ? == 7", "a = ?; a + 2 == 5"):
        solution = session.synth(text, search="box", budget=40, timeout=600.0)
        assert solution.solved == solution.verified == (solution.program is not None)
        assert solution.evaluations <= 40 and solution.best is not None
        for program in solution.programs:
            exec(program)


@pytest.mark.slow
@pytest.mark.parametrize("search", ["box", "uniform"])
def test_shipped_weights_in_disorder_verify_nothing_that_is_false(
    search: str, shipped_model: NumpyInterpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, order = shipped_model.code_logits, np.random.default_rng(0).permutation(shipped_model.config.code_latent)
    monkeypatch.setattr(shipped_model, "code_logits", lambda latents: plain(latents[:, order]), raising=False)
    solution = Session(shipped_model, check=False).synth("a = 71; a * ? == 18", search=search, budget=24, timeout=600.0)
    assert not solution.verified and solution.program is None and solution.evaluations == 24
