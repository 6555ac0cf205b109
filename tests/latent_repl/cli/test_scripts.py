"""Scripts with holes: filled, shown, run."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from latent_repl.cli.scripts import run_text
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.session import Session
from latent_repl.synthesis.result import INTERRUPTED, Solution
from tests.latent_repl.conftest import Liar


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load("base")


def test_holes_are_filled_and_what_runs_is_the_filled_program(model: Interpreter) -> None:
    outcome = run_text(Session(model, check=False), "a = 6  # why?\nb = a ? 7\nassert b > 41\nprint(b)", file="p.lx")
    assert outcome.filled == "a = 6\nb = a * 7\nassert b > 41\nprint(b)"
    assert outcome.records[0]["fills"] == ["*"]
    assert [record.get("source") for record in outcome.records[1:3]] == ["a = 6", "b = a * 7"]


def test_holes_that_cannot_be_filled_end_the_script(model: Interpreter) -> None:
    outcome = run_text(Session(model, check=False), "a = 2\nb = a ? 3\nassert b == 50\nprint(b)", file="p.lx")
    assert (outcome.exit_code, outcome.filled, outcome.output) == (1, None, ())
    assert "not filled: every fill was tried" in outcome.problems[0]


def test_a_question_in_a_comment_asks_for_nothing(model: Interpreter) -> None:
    assert run_text(Session(model, check=False), "a = 6  # why?\na", file="p.lx").output == ("6",)


def test_a_script_with_holes_needs_assertions(model: Interpreter) -> None:
    outcome = run_text(Session(model, check=False), "a = ?\na == 3", file="p.lx")
    assert outcome.exit_code == 2
    assert "no constraint" in outcome.problems[0]


def test_an_interrupted_search_ends_the_command_and_the_seed_reaches_it(
    model: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, text, asked = Session(model, check=False), "a = 2\nb = a ? 3\nassert b == 6", list[dict[str, Any]]()
    solution = session.synth(text, script=True)

    def interrupted(problem: str, **options: Any) -> Solution:
        asked.append(options)
        return replace(solution, program=None, reason=INTERRUPTED)

    monkeypatch.setattr(session, "synth", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_text(session, text, file="p.lx", seed=7)
    assert asked == [{"script": True, "seed": 7}]


def lying(model: Interpreter, **lie: Any) -> Session:
    """A session that is wrong about one value, and ends its loops early."""
    return Session(Liar(model, **lie), step_budget=400)


def test_a_wrong_line_does_not_make_later_ones_wrong(model: Interpreter) -> None:
    text = "a = 70\na = a + 1\nb = a + 2\nfor i in range(5):\n    b += 1"
    outcome = run_text(lying(model), text, file="p.lx")
    assert outcome.problems == (
        "p.lx: diverged at line 2: CPython has a = 71, the model a = 70",
        "p.lx:2: mismatch in `a = a + 1`: expected a = 71; got a = 70",
    )
    assert outcome.exit_code == 1
    *lines, summary = outcome.records
    assert [line["match"] for line in lines] == [True, False] + [True] * (len(lines) - 2)
    assert lines[2]["expected"] == lines[2]["state"] == {"a": 70, "b": 72}
    assert summary["matched"] == summary["lines"] - 1


@pytest.mark.slow
def test_a_loop_that_is_wrong_in_every_round_is_told_once(model: Interpreter) -> None:
    text = "n = 60\nwhile n < 75:\n    n += 1"
    outcome = run_text(lying(model), text, file="p.lx")
    began, mismatch, ended = outcome.problems
    assert began == "p.lx: diverged at line 3, iteration 11: CPython has n = 71, the model n = 70"
    assert re.fullmatch(r"p\.lx:3: mismatch in `n \+= 1`: expected n = 71; got n = 70 \(\d+ times\)", mismatch)
    assert "StepBudgetError" in ended
