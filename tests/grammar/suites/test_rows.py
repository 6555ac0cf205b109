"""Programs on rows run, and by exact core lines they show what plain Python shows."""

from __future__ import annotations

import ast
from itertools import islice

import pytest

from grammar.suites.suites import ROW_SUITES, draw_suite
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse

SLOTS, CAPACITY = 12, (64, 128)


def python_shows(program: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What Python's own REPL shows of a program."""
    namespace: dict[str, object] = {}
    for statement in ast.parse(program).body:
        exec(compile(ast.Interactive([statement]), "<program>", "single"), namespace)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", ROW_SUITES)
def test_every_program_shows_what_plain_python_shows(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for entry in islice(draw_suite(name, maximum=999), 40):
        program = lower(parse(entry.program, rows=True), slots=SLOTS, rows=True)
        run = execute(program, (None,) * SLOTS, step_budget=100_000, capacity=CAPACITY)
        assert run.error is None, entry.program
        assert list(run.output) == python_shows(entry.program, capsys), entry.program


@pytest.mark.parametrize("name", ROW_SUITES)
def test_programs_are_their_seeds_alone(name: str) -> None:
    first, again = ([*islice(draw_suite(name, seed=3), 12)] for _ in range(2))
    assert first == again
    assert len({entry.program for entry in first}) > 8


def test_there_are_forty_beginners_programs() -> None:
    assert len([*draw_suite("beginners")]) == 40
