"""Evaluation compares runs with the oracle; here an untrained network runs, and is found wrong."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
import torch

from latent_repl.errors import UsageError
from latent_repl.evaluation import BATCH, SPARE_STEPS, Case, evaluate, read_programs
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.model.network.backend import freeze
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from tests.latent_repl.conftest import Liar


@pytest.fixture(scope="module")
def model() -> Interpreter:
    """A small network with random weights."""
    torch.manual_seed(0)
    return freeze(LatentInterpreter(LatentConfig(slots=4, limit=99, width=16, heads=2, feed_forward=16)))


def test_one_record_a_program_and_a_summary(model: Interpreter) -> None:
    cases = [Case("a", "a = 1\nb = a + 1\n"), Case("b", "c = 5"), Case("wrong", "a = = 1")]
    *records, summary = evaluate(cases, model)
    assert [record["id"] for record in records] == ["a", "b", "wrong"]
    assert [record["lines"] for record in records] == [2, 1, 0]
    assert "invalid" in records[2]["error"] or "syntax" in records[2]["error"]
    assert summary["programs"] == 3 and summary["lines"] == 3


def test_an_untrained_network_is_not_called_exact(model: Interpreter) -> None:
    *_, summary = evaluate([Case(number, f"a = {number}") for number in range(20)], model)
    assert summary["exact"] < 20


def test_more_programs_than_one_batch_holds_keep_their_order(model: Interpreter) -> None:
    *records, _ = evaluate([Case(number, "pass") for number in range(BATCH + 3)], model)
    assert [record["id"] for record in records] == list(range(BATCH + 3))


def test_a_program_that_goes_astray_is_not_run_without_end(model: Interpreter) -> None:
    loops = [Case(number, f"i = {number}\nwhile i < 20:\n    i += 1") for number in range(10)]
    *records, summary = evaluate(loops, model)
    assert max(record["steps"] for record in records) <= 2 * (2 + 2 * 20) + SPARE_STEPS
    assert summary["exact"] < len(loops)


def test_wrong_lines_are_listed_with_the_first_cell_that_went_wrong() -> None:
    lying = cast(Interpreter, Liar(load("base")))
    source = "a = 70\nx = [5, 71]\nfor i in range(2):\n    x[0] = 71\nb = 1"
    record, _ = evaluate([Case("p", source)], lying, "snap", show_wrong=True)
    assert [(line["line"], line["cell"], line["times"]) for line in record["wrong"]] == [(2, "x[1]", 1), (4, "x[0]", 2)]
    first = record["wrong"][0]
    assert (first["source"], first["expected"], first["got"]) == ("x = [5, 71]", "x = [5, 71]", "x = [5, 70]")
    assert first["message"] == "2: mismatch in `x = [5, 71]`: expected x = [5, 71]; got x = [5, 70], first at x[1]"
    record, _ = evaluate([Case("p", source)], lying, "snap")
    assert "wrong" not in record and not record["exact"]


def test_a_program_that_does_nothing_is_exact(model: Interpreter) -> None:
    record, summary = evaluate([Case("empty", "")], model)
    assert record == {"id": "empty", "exact": True, "lines": 0, "matched": 0, "steps": 0, "error": None}
    assert summary["exact"] == 1


def test_true_is_not_one() -> None:
    lying = cast(Interpreter, Liar(load("base"), value=1, says=True))
    record, _ = evaluate([Case("p", "a = 1\nb = a + 0")], lying, "snap")
    assert not record["exact"] and record["matched"] < record["lines"] == 2


@pytest.mark.parametrize("source", ["a = [1]\na[0] = a\na = 2", "a = [1]\n" + "a = [a, a]\n" * 40])
def test_values_that_lie_in_themselves_or_double_are_compared(source: str) -> None:
    record, _ = evaluate([Case("p", source)], load("base"), "snap")
    assert record["exact"] and record["matched"] == record["lines"] == len(source.splitlines())


def test_the_lines_before_an_error_count() -> None:
    record, _ = evaluate([Case("failing", "a = 1\nb = 2\nc = a // 0\nd = 4")], load("base"))
    assert record["exact"]
    assert (record["lines"], record["matched"], record["error"]) == (2, 2, "ZeroDivisionError")


def test_without_programs_there_is_a_summary_of_none(model: Interpreter) -> None:
    (summary,) = evaluate([], model)
    assert summary["programs"] == 0


def test_programs_are_read_from_lines_of_json(tmp_path: Path) -> None:
    file = tmp_path / "programs.jsonl"
    file.write_text('{"id": 1, "program": "a = 1"}\n{"program": "b = 2"}\n')
    assert read_programs(file) == [Case(1, "a = 1"), Case(None, "b = 2")]
    file.write_text('{"id": 1}\n')
    with pytest.raises(UsageError, match=r"programs\.jsonl:1: "):
        read_programs(file)
