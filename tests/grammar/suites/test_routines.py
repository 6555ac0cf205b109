"""Each routine computes what it is named after, on inputs whose answer is known."""

from __future__ import annotations

import datetime
from math import isqrt

import pytest

from grammar.suites.numbers import NUMBERS
from grammar.suites.routines import LOOPS, RoutineTemplate
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse

ANSWERS = {
    "rectangle": ({"a": 5, "b": 7}, ["35"]),
    "triangle": ({"a": 6}, ["15"]),
    "while in while": ({"a": 3, "b": 5}, ["12"]),
    "pairs with a sum": ({"a": 8, "b": 9}, ["7"]),
    "upwards": ({"a": -5, "b": 6, "c": 5}, ["3 5"]),
    "downwards": ({"a": 6, "b": -6, "c": 5}, ["3 -4"]),
    "bounds in variables": ({"a": 1, "b": 11, "c": 3}, ["0"]),
    "square root by halving": ({"n": 960}, ["30"]),
    "guess by halving": ({"n": 500, "high": 999}, ["500 1"]),
    "quotient by halving": ({"a": 999, "b": 13}, ["76"]),
    "sum of digits": ({"n": 987}, ["24"]),
    "reversed digits": ({"n": 123}, ["321"]),
    "palindrome": ({"n": 747}, ["True"]),
    "digital root": ({"n": 989}, ["8"]),
    "largest digit": ({"n": 375}, ["7"]),
    "square and multiply": ({"b": 7, "e": 222, "m": 31}, [str(pow(7, 222, 31))]),
    "one factor a round": ({"b": 3, "e": 90, "m": 31}, [str(pow(3, 10, 31))]),
    "by remainders": ({"a": 840, "b": 360}, ["120"]),
    "by differences": ({"a": 84, "b": 36}, ["12"]),
    "by Newton's rule": ({"n": 900}, ["30"]),
    "by odd numbers": ({"n": 899}, [str(isqrt(899))]),
    "number of primes": ({"n": 100}, ["25"]),
    "smallest factor": ({"n": 899}, ["29"]),
    "prime factors": ({"n": 756}, ["2", "2", "3", "3", "3", "7"]),
    "next prime": ({"n": 887}, ["907"]),
    "leap year": ({"c": 19, "k": 0}, ["False"]),
    "days in a month": ({"c": 20, "k": 0, "m": 2}, ["29"]),
    "day of the year": ({"c": 20, "k": 24, "m": 12, "d": 25}, ["360"]),
    "day of the week": ({"c": 20, "k": 20, "m": 8, "d": 13}, ["5"]),
}

ROUTINES = {name: routine for suite in (LOOPS | NUMBERS).values() for name, routine in suite.items()}


def shown(routine: RoutineTemplate, inputs: dict[str, int]) -> list[str]:
    run = run_source(parse(routine.text.strip().format(**inputs)))
    assert run.error is None
    return [*run.output]


@pytest.mark.parametrize("name", ROUTINES)
def test_a_routine_computes_what_it_is_named_after(name: str) -> None:
    inputs, answer = ANSWERS[name]
    assert shown(ROUTINES[name], inputs) == answer


@pytest.mark.parametrize("year", [1600, 1700, 1999, 2000, 2023, 2024])
def test_the_calendar_is_pythons(year: int) -> None:
    for month in range(1, 13):
        day = datetime.date(year, month, 28)
        parts = {"c": year // 100, "k": year % 100, "m": month, "d": 28}
        assert shown(ROUTINES["day of the year"], parts) == [str(day.timetuple().tm_yday)]
        following = datetime.date(year + month // 12, month % 12 + 1, 1)
        days = (following - datetime.date(year, month, 1)).days
        assert shown(ROUTINES["days in a month"], parts) == [str(days)]
        if month > 2:
            assert shown(ROUTINES["day of the week"], parts) == [str((day.isoweekday() + 1) % 7)]
