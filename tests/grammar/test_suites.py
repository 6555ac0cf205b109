"""Suites are seeded, run within the range, and hold what their names say."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from grammar.classics import CLASSICS
from grammar.corpus import read_corpus
from grammar.suites import SUITES, classic, draw_suite
from latent_repl.errors import UsageError
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse


def outcome(program: str) -> tuple[object, list[str]]:
    run = run_source(parse(program, minimum=-99, maximum=99), minimum=-99, maximum=99, step_limit=2000)
    return run.error, [line for event in run.events for line in event.output]


@pytest.mark.parametrize("name", SUITES)
def test_every_program_runs_in_range_and_shows_what_plain_python_shows(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for entry in islice(draw_suite(name), 20):
        error, shown = outcome(entry.program)
        assert error is None
        assert shown
        if entry.program.splitlines()[-1].startswith("print"):
            exec(entry.program, {})
            assert capsys.readouterr().out.splitlines() == shown


def test_a_suite_is_its_seeds_alone() -> None:
    first, again, other = ([*islice(draw_suite("repeats", seed=seed), 5)] for seed in (1, 1, 2))
    assert first == again != other


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
        "grammar.suites",
        str(tmp_path / "out.jsonl"),
        "--count",
        "3",
        "--suite",
        "repeats",
    ]
    subprocess.run(command, check=True)
    assert read_corpus(tmp_path / "out.jsonl") == [*islice(draw_suite("repeats"), 3)]
