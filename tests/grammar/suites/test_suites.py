"""Suites are seeded, run within the range, and hold what their names say."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from grammar.programs.corpus import read_corpus
from grammar.suites.classics import CLASSICS
from grammar.suites.loops import EXHAUSTIVE
from grammar.suites.suites import DRAWN, SUITES, classic, draw_suite, programs_of
from latent_repl.errors import UsageError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.parsing.parse import parse


def outcome(program: str) -> tuple[object, list[str]]:
    run = run_source(parse(program, minimum=-99, maximum=99), minimum=-99, maximum=99, step_limit=2000)
    return run.error, [line for event in run.events for line in event.output]


def python_shows(program: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What Python's own REPL shows of a program."""
    namespace: dict[str, object] = {}
    for statement in ast.parse(program).body:
        exec(compile(ast.Interactive([statement]), "<program>", "single"), namespace)
    return capsys.readouterr().out.splitlines()


def check(program: str, maximum: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Fail unless a program runs in range, in the slots and steps there are, and shows what Python shows."""
    lowered = lower(parse(program, minimum=-maximum, maximum=maximum), slots=12, minimum=-maximum, maximum=maximum)
    run = execute(lowered, (None,) * 12, minimum=-maximum, maximum=maximum)
    assert run.error is None, program
    assert list(run.output) == python_shows(program, capsys) != [], program


@pytest.mark.slow
@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("maximum", [99, 999])
def test_every_program_runs_in_range_and_shows_what_plain_python_shows(
    name: str, maximum: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for entry in programs_of(name, count=20, maximum=maximum):
        check(entry.program, maximum, capsys)


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN)
def test_a_suite_that_is_drawn_is_its_seeds_alone(name: str) -> None:
    first, again, other = ([*islice(draw_suite(name, seed=seed), 8)] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("name", EXHAUSTIVE)
def test_an_exhaustive_suite_is_the_same_whole_for_any_seed_and_count(name: str) -> None:
    first, other = ([*programs_of(name, count=count, seed=count, maximum=999)] for count in (1, 2))
    assert first == other
    assert [entry.id for entry in first] == [f"{name}/{number}" for number in range(1, 401)]
    assert len({entry.program for entry in first}) == 400


def test_swaps_permute_five_values() -> None:
    [entry] = islice(draw_suite("swaps-128"), 1)
    values = [line.split(" = ")[1] for line in entry.program.splitlines()[:5]]
    assert entry.program.count(",") == 2 * 128 + 4
    assert sorted(outcome(entry.program)[1][0].split()) == sorted(values)


ANSWERS = {
    "greatest common divisor": ({"a": 84, "b": 36}, ["12"]),
    "least common multiple": ({"a": 12, "b": 18}, ["36"]),
    "extended Euclid": ({"a": 35, "b": 15}, ["5", "1"]),
    "Fibonacci": ({"n": 10}, ["55"]),
    "Lucas numbers": ({"n": 8}, ["47"]),
    "factorial": ({"n": 4}, ["24"]),
    "binomial coefficient": ({"n": 6, "k": 2}, ["15"]),
    "Collatz steps": ({"n": 6}, ["8"]),
    "primality": ({"n": 91}, ["False"]),
    "number of divisors": ({"n": 28}, ["6"]),
    "Euler's totient": ({"n": 12}, ["4"]),
    "sum of digits": ({"n": 97}, ["16"]),
    "reversed digits": ({"n": 58}, ["85"]),
    "population count": ({"n": 71}, ["4"]),
    "integer square root": ({"n": 80}, ["8"]),
    "integer logarithm": ({"n": 64}, ["6"]),
    "power modulo m": ({"b": 3, "e": 20, "m": 10}, ["1"]),
    "Josephus": ({"n": 7, "k": 3}, ["4"]),
    "three numbers sorted": ({"a": 5, "b": -3, "c": 1}, ["-3 1 5"]),
    "Russian peasant multiplication": ({"a": 8, "b": 11}, ["88"]),
}


@pytest.mark.parametrize("name", CLASSICS)
def test_an_algorithm_computes_what_it_is_named_after(name: str) -> None:
    inputs, expected = ANSWERS[name]
    fixed = classic(type(CLASSICS[name])({key: (value, value) for key, value in inputs.items()}, CLASSICS[name].text))
    assert outcome(fixed(random.Random(0), 99)) == (None, expected)


def test_an_unknown_suite_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"no suite 'other'.*classics"):
        next(draw_suite("other"))


def test_the_command_writes_a_corpus(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "grammar.suites.suites",
        str(tmp_path / "out.jsonl"),
        "--count",
        "3",
        "--suite",
        "repeats",
    ]
    subprocess.run(command, check=True)
    assert read_corpus(tmp_path / "out.jsonl") == [*islice(draw_suite("repeats"), 3)]
