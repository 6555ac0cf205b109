"""Synthesis problems of the command line: read, solved, answered by a program or a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.errors import SynthesisError
from tests.latent_repl.cli.conftest import Command
from tests.latent_repl.conftest import solution_of


def test_synth_shows_the_program(command: Command, answers: list[Any]) -> None:
    answers.append(solution_of("a=71; a+? == 18"))
    ended = command("synth", "a=71; a+? == 18")
    assert ended.code == 0
    found = "verified by CPython, found by the Gaussian process after 48 evaluations"
    assert ended.output.startswith(f"a = 71\nassert a + -53 == 18\n{found}")


def test_synth_json_has_the_documented_keys(command: Command, answers: list[Any]) -> None:
    answers.append(solution_of("a=71; a+? == 18", loss=float("inf")))
    (record,) = command("synth", "--json", "a=71; a+? == 18").records
    assert list(record) == [
        *("id", "problem", "solved", "verified", "program", "fills", "found_by", "evaluations"),
        *("refuted", "oracle_runs", "best", "loss", "reason", "seconds", "search", "seed"),
    ]
    assert record["fills"] == ["-53"]
    assert (record["found_by"], record["loss"]) == ("gp", None)


def test_tasks_from_a_file_keep_their_ids_and_the_worst_exit_wins(
    command: Command, answers: list[Any], script: Callable[..., str]
) -> None:
    answers += [solution_of("p"), SynthesisError("no hole"), solution_of("r", solved=False, reason="budget")]
    tasks = script('{"id": "p", "problem": "p"}\n\n{"id": 2, "problem": "q"}\n{"problem": "r"}\n', "tasks.jsonl")
    ended = command("synth", "--json", "--file", tasks)
    assert ended.code == 2
    assert [record["id"] for record in ended.records] == ["p", 2, None]
    assert [record["reason"] for record in ended.records] == [None, "no hole", "budget"]
    assert len({tuple(record) for record in ended.records}) == 1


def test_unsolved_exits_with_1_and_interrupted_with_130(command: Command, answers: list[Any]) -> None:
    answers += [solution_of("p", solved=False, reason="budget")]
    assert command("synth", "p").code == 1
    answers += [solution_of("p", solved=False, reason="interrupted"), solution_of("q")]
    assert command("synth", "p", "q").code == 130
    assert len(answers) == 1


@pytest.mark.parametrize("line", ["not JSON", "[1]", '{"problem": 3}', "[" * 100_000])
def test_a_line_that_is_no_task_is_named(line: str, command: Command, script: Callable[..., str]) -> None:
    ended = command("synth", "--file", script(f'{{"problem": "p"}}\n{line}\n', "tasks.jsonl"))
    assert ended.code == 2
    assert "tasks.jsonl:2: " in ended.errors
