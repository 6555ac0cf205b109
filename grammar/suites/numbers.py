"""Routines of elementary number theory and of the calendar, with room for inputs."""

from __future__ import annotations

from math import isqrt

from grammar.suites.classics import CLASSICS
from grammar.suites.routines import RoutineTemplate, any_number, nearly_the_largest, two_numbers

LARGEST_MODULUS = 31
"""The square of a remainder below it stays below 999, the range of the shipped checkpoint."""


def _power(maximum: int) -> dict[str, tuple[int, int]]:
    modulus = min(LARGEST_MODULUS, isqrt(maximum))
    return {"b": (0, modulus - 1), "e": (0, maximum), "m": (2, modulus)}


def _month(maximum: int) -> dict[str, tuple[int, int]]:
    return {"c": (15, 20), "k": (0, min(99, maximum)), "m": (1, 12), "d": (1, 28)}


def _date(maximum: int) -> dict[str, tuple[int, int]]:
    return {**_month(maximum), "m": (3, 14)}


NUMBERS: dict[str, dict[str, RoutineTemplate]] = {
    "modular-powers": {
        "square and multiply": RoutineTemplate(_power, CLASSICS["power modulo m"].text),
        "one factor a round": RoutineTemplate(
            _power,
            """
r = 1
for i in range({e} // 9):
    r = r * {b} % {m}
r
""",
        ),
    },
    "gcd": {
        "by remainders": RoutineTemplate(two_numbers, CLASSICS["greatest common divisor"].text),
        "by differences": RoutineTemplate(
            two_numbers,
            """
a = {a}
b = {b}
while a != b:
    if a > b:
        a -= b
    else:
        b -= a
a
""",
        ),
    },
    "isqrt": {
        "by Newton's rule": RoutineTemplate(nearly_the_largest, CLASSICS["integer square root"].text),
        "by odd numbers": RoutineTemplate(
            any_number,
            """
n = {n}
odd = 1
root = 0
while n >= odd:
    n -= odd
    odd += 2
    root += 1
root
""",
        ),
    },
    "primes": {
        "number of primes": RoutineTemplate(
            lambda maximum: {"n": (2, maximum // 8)},
            """
c = 0
for n in range(2, {n} + 1):
    prime = True
    d = 2
    while prime and d <= n // d:
        prime = n % d != 0
        d += 1
    if prime:
        c += 1
c
""",
        ),
        "smallest factor": RoutineTemplate(
            lambda maximum: {"n": (2, maximum)},
            """
n = {n}
d = 2
while d <= n // d and n % d != 0:
    d += 1
d if n % d == 0 else n
""",
        ),
        "prime factors": RoutineTemplate(
            lambda maximum: {"n": (2, maximum)},
            """
n = {n}
d = 2
while n > 1:
    if d > n // d:
        d = n
    if n % d == 0:
        print(d)
        n //= d
    else:
        d += 1
""",
        ),
        "next prime": RoutineTemplate(
            nearly_the_largest,
            """
n = {n}
prime = False
while not prime:
    n += 1
    prime = n > 1
    for d in range(2, n):
        if d > n // d:
            break
        if n % d == 0:
            prime = False
            break
n
""",
        ),
    },
    # A year is c hundreds and k: 2024 alone would be out of range.
    "calendars": {
        "leap year": RoutineTemplate(
            _month,
            """
c = {c}
k = {k}
k % 4 == 0 and (k != 0 or c % 4 == 0)
""",
        ),
        "days in a month": RoutineTemplate(
            _month,
            """
c = {c}
k = {k}
m = {m}
if m == 2:
    days = 29 if k % 4 == 0 and (k != 0 or c % 4 == 0) else 28
elif m == 4 or m == 6 or m == 9 or m == 11:
    days = 30
else:
    days = 31
days
""",
        ),
        "day of the year": RoutineTemplate(
            _month,
            """
c = {c}
k = {k}
day = {d}
for m in range(1, {m}):
    if m == 2:
        day += 28
        if k % 4 == 0 and (k != 0 or c % 4 == 0):
            day += 1
    else:
        day += 30 + (m + m // 8) % 2
day
""",
        ),
        # Zeller, 1886: 0 is Saturday; January and February are months 13 and 14 of the year before.
        "day of the week": RoutineTemplate(
            _date,
            """
d = {d}
m = {m}
k = {k}
c = {c}
(d - 2 * c + c // 4 + 2 * (m + 1) + 3 * (m + 1) // 5 + k % 7 + k // 4) % 7
""",
        ),
    },
}
"""The routines of each suite, drawn in turn."""
