"""Scripts with holes: filled, shown, run."""

from __future__ import annotations

import pytest

from latent_repl.cli.scripts import run_text
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.session import Session


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
