"""The loop that all searches share: budgets, verdicts, interrupts, and what is reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from latent_repl.errors import LxSyntaxError, SynthesisError, UsageError
from latent_repl.model.interface import Interpreter
from latent_repl.model.network.backend import freeze
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.session import Session
from latent_repl.synthesis import solve
from latent_repl.synthesis.options import SEARCHES
from latent_repl.synthesis.result import ONE_EXAMPLE, Progress

SessionOf = Callable[..., Session]
THE_POST = "a=71; a+? == 18"


# Gradients need a trained checkpoint of torch's, and points of the box an executor that takes more than encoded lines.
OF_LINES = [name for name in SEARCHES if name not in ("gradient", "box", "uniform")]


@pytest.mark.parametrize("search", OF_LINES)
def test_every_search_solves_the_posts_problem(perfect: Interpreter, session_of: SessionOf, search: str) -> None:
    solution = session_of(perfect).synth(THE_POST, search=search)
    assert solution.solved and solution.verified
    assert solution.program == "a = 71\nassert a + -53 == 18"
    assert solution.fills == ("-53",)
    assert solution.best == "a + -53"
    assert solution.loss is not None and solution.loss < 0.1
    assert solution.reason is None
    assert 1 <= solution.evaluations <= 512
    assert (solution.refuted, solution.oracle_runs) == (0, 1)


def test_evaluations_are_the_distinct_programs_that_the_executor_ran(perfect: Any, session_of: SessionOf) -> None:
    session, before = session_of(perfect, a=71), perfect.executed
    solution = session.synth("a + ? == 18", search="random")
    assert solution.evaluations == perfect.executed - before


def test_argmin_scores_the_whole_pool_and_needs_one_oracle_run(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth(THE_POST, search="argmin")
    assert (solution.evaluations, solution.oracle_runs) == (200, 1)


def test_a_search_starts_from_the_sessions_state_and_leaves_it(perfect: Interpreter, session_of: SessionOf) -> None:
    session = session_of(perfect, a=71, b=-53)
    before = session.latents.copy()
    solution = session.synth("a = a + ?; a == 18", search="ordered")
    assert solution.program == "a = a + b\nassert a == 18"
    assert np.array_equal(session.latents, before)
    assert session.run(solution.program).error is None
    assert session.state == {"a": 18, "b": -53}


def test_what_the_oracle_refutes_is_no_solution(liar: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(liar).synth("a=71; a+? == 18", search="ordered")
    assert solution.solved and solution.fills == ("-53",)
    assert solution.refuted > 0
    assert solution.oracle_runs == solution.refuted + 1


def test_a_problem_without_a_solution_says_so(liar: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(liar).synth("a=2; a * ? + 1 == 18", search="shuffled")
    assert not solution.solved and not solution.verified
    assert solution.program is None and solution.fills == () and solution.programs == ()
    assert solution.best is not None and solution.loss is not None
    assert solution.reason == "every fill was tried"
    assert solution.oracle_runs == solution.refuted


def test_an_untrained_model_never_yields_what_is_not_verified(session_of: SessionOf) -> None:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {
        "width": 16,
        "heads": 2,
        "feed_forward": 16,
        "executor_layers": 1,
        "trunk_width": 16,
        "trunk_layers": 1,
    }
    model = freeze(LatentInterpreter(LatentConfig(slots=6, **sizes)))
    for problem in ("a=71; a+? == 18", "a=3; a * ? == 7", "b = ?; b < 3"):
        solution = session_of(model).synth(problem, search="shuffled")
        assert solution.solved == solution.verified == (solution.program is not None)
        for program in solution.programs:
            exec(program)
        assert solution.oracle_runs == solution.refuted + len(solution.programs)


def test_the_budget_is_never_passed(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a=2; a * ? == 19", search="random", budget=37)
    assert solution.evaluations == 37
    assert solution.reason == "the budget of 37 evaluations is spent; allow more with --budget"


@pytest.mark.parametrize("search", ["cem", "cma"])
def test_points_of_the_box_stay_within_the_budget(perfect: Interpreter, session_of: SessionOf, search: str) -> None:
    solution = session_of(perfect).synth("a=2; a * ? == 19", search=search, budget=70)
    assert solution.evaluations == 70


def test_the_timeout_ends_a_search(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a=2; a * ? == 19", search="random", timeout=1e-6)
    assert solution.reason is not None and solution.reason.startswith("the time is up")


def test_an_interrupt_keeps_the_best_so_far(perfect: Interpreter, session_of: SessionOf) -> None:
    seen: list[Progress] = []

    def interrupt_at_the_third(progress: Progress) -> None:
        seen.append(progress)
        if progress.evaluations == 24:
            raise KeyboardInterrupt

    session = session_of(perfect)
    solution = session.synth("a=2; a * ? == 19", search="random", progress=interrupt_at_the_third)
    assert solution.reason == "interrupted"
    assert solution.evaluations == seen[-1].evaluations == 24
    assert (solution.best, solution.loss) == (seen[-1].best_program, seen[-1].best_loss)
    losses = [item.best_loss for item in seen if item.best_loss is not None]
    assert losses == sorted(losses, reverse=True)


def test_a_prefix_that_fails_ends_the_search(perfect: Interpreter, session_of: SessionOf) -> None:
    solution = session_of(perfect).synth("a = 1 // 0; a + ? == 3")
    assert solution.evaluations == 0 and solution.best is None and solution.loss is None
    assert solution.reason is not None and "ZeroDivisionError" in solution.reason


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a = 3; b = a * ? + ?; b == 17; b > a", None),
        ("s = 0\nfor i in range(4):\n    s += ?\ns == 20", "5"),
        ("a = ?\nif a > 5:\n    b = a - ?\nelse:\n    b = 0\nassert b == 3", None),
    ],
)
def test_holes_in_several_lines_loops_and_branches(
    perfect: Interpreter, session_of: SessionOf, text: str, filled: str | None
) -> None:
    solution = session_of(perfect).synth(text, search="random", budget=4096)
    assert solution.solved and solution.program is not None
    exec(solution.program)
    assert filled is None or solution.fills == (filled,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"search": "grid"}, "no search 'grid'; take one of auto, gp, inverse"),
        ({"budget": 0}, "budget is 0"),
        ({"timeout": -1.0}, "timeout is -1.0"),
        ({"timeout": float("nan")}, "timeout is nan"),
        ({"all_solutions": 0}, "all is 0"),
    ],
)
def test_options_that_do_not_fit(
    perfect: Interpreter, session_of: SessionOf, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        session_of(perfect).synth(THE_POST, **options)


def test_texts_that_are_no_problem(perfect: Interpreter, session_of: SessionOf) -> None:
    with pytest.raises(LxSyntaxError, match="write == for a constraint"):
        session_of(perfect).synth("12+?=23")
    with pytest.raises(SynthesisError, match="no hole"):
        session_of(perfect).synth("a = 3; a == 3")


@pytest.mark.parametrize(
    ("problem", "fills"),
    [
        ("a = 45; b = 345; a + ? == b", ("300",)),
        ("a = 45; b = 345; x = ?; x + a == b", ("300",)),
        ("b = 7; x = ?; b * 3 - 1 == x", ("20",)),
        ("x = ?; x < 74; x > 72", ("73",)),
        ("x = ?; 71 < x + 3 and x + 3 < 73", ("69",)),
        ("b = 5; x = ?; x >= b * 20; x < b * 20 + 1", ("100",)),
    ],
)
def test_a_value_held_in_a_variable_and_an_inequality_guide_the_search(problem: str, fills: tuple[str, ...]) -> None:
    solution = Session("base", check=False).synth(problem, budget=4)
    assert solution.verified and solution.fills == fills


def test_both_sides_of_an_equation_may_be_open() -> None:
    solution = Session("base", check=False).synth("b = 7; x = ?; y = x * 2; y == x + b", budget=128)
    assert solution.fills in (("7",), ("b",))


def test_a_wanted_variable_without_a_value_is_named() -> None:
    solution = Session("base", check=False).synth("if 0: b = 3\na = 1\na + ? == b")
    assert solution.reason is not None and "name 'b' is not defined" in solution.reason


LOOPS = ("a=0\nwhile 1: a=1\na+? == 5", "a=?\nwhile a: a=a\na == 5")


@pytest.mark.parametrize("text", LOOPS)
def test_the_time_is_kept_where_a_candidate_loops(
    perfect: Interpreter, session_of: SessionOf, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter(range(1_000_000))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds) / 100)
    solution = session_of(perfect).synth(text, search="random", budget=8, timeout=2.0)
    assert solution.reason == solve.OUT_OF_TIME
    assert solution.seconds < 2.1


def test_a_search_says_how_far_it_is_while_its_programs_run(perfect: Interpreter, session_of: SessionOf) -> None:
    seen: list[Progress] = []
    session_of(perfect).synth("a=2; a * ? == 19", search="random", budget=8, progress=seen.append)
    assert seen[0] == Progress(0, None, None) and seen[-1].evaluations == 8


def test_a_fill_that_only_fits_the_one_example_is_said_to(perfect: Interpreter, session_of: SessionOf) -> None:
    one = "def f(x):\n    return x + ?\nf(2) == 5"
    assert session_of(perfect).synth(one, search="random").warning == ONE_EXAMPLE
    assert session_of(perfect).synth(f"{one}; f(4) == 7", search="random").warning is None
    assert session_of(perfect).synth(THE_POST, search="ordered").warning is None


def test_several_solutions_come_in_the_order_of_their_likelihood(perfect: Interpreter, session_of: SessionOf) -> None:
    session = session_of(perfect, a=2)
    solution = session.synth("b = ?; b * 0 == 0; b > -3", search="random", all_solutions=4, budget=64)
    numbers = [program.split("\n")[0].removeprefix("b = ") for program in solution.programs]
    ranks = {fill: rank for rank, fill in enumerate(("a", "0", "1", "-1", "2", "-2", "3", "-3"))}
    found = [ranks.get(number, 8) for number in numbers]
    assert len(found) == 4 and found == sorted(found)
    assert solution.program == solution.programs[0]
