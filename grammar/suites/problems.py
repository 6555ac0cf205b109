"""Seeded synthesis problems that have a solution, by family, from one number to two whole lines.

draw_problem("sums", random.Random(0), 99)    DrawnProblem("a = -1; a + ? == 6", ("7",))
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from latent_repl.errors import LatentReplError
from latent_repl.language.operators import ADD, EQUAL, FLOOR_DIVIDE, GREATER_EQUAL, LESS, MODULO, MULTIPLY, SUBTRACT
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse

# Draws of a family until one keeps its values in range: a few suffice, this many say that none will.
ATTEMPTS = 10_000
# Suites are fixed: an operator that Lx comes to have does not enter them.
ARITHMETIC = (ADD, SUBTRACT, MULTIPLY, FLOOR_DIVIDE, MODULO)
# What a line to be found may be. Chosen: one of the commonest operators, a small number, one that is not the identity.
LINES = ("{a} + {n}", "{a} - {n}", "{a} * {n}", "{n} - {a}", "max({a}, {n})", "{a} + {a}", "{a} * {a}")


@dataclass(frozen=True)
class DrawnProblem:
    """A problem, and what fills its holes so that every constraint holds; other fills may do so too."""

    text: str
    fills: tuple[str, ...]


@dataclass(frozen=True)
class Draft:
    """A problem before its constraints are known: the text, the fills, and what is asked of the filled text.

    asked: nothing where the text says itself what must hold.
    """

    text: str
    fills: tuple[str, ...]
    asked: tuple[str, ...]


def draw_problem(family: str, generator: random.Random, maximum: int) -> DrawnProblem:
    """Return a problem of a family with numbers in [-maximum, maximum], its wanted values found by the oracle."""
    for _ in range(ATTEMPTS):
        draft = FAMILIES[family](generator, maximum)
        wanted = _values(draft, maximum)
        if wanted is not None:
            separator = "\n" if "\n" in draft.text else "; "
            constraints = (f"{asked} == {value}" for asked, value in zip(draft.asked, wanted, strict=True))
            return DrawnProblem(separator.join([part for part in (draft.text, *constraints) if part]), draft.fills)
    raise ValueError(f"no problem of the family {family} keeps to [-{maximum}, {maximum}]")


def _values(draft: Draft, maximum: int) -> Sequence[str] | None:
    """Return what the oracle makes of the filled questions, None where anything fails or leaves the range."""
    filled = "\n".join([draft.text.replace("; ", "\n"), *(f"print({asked})" for asked in draft.asked)])
    parts = filled.split("?")
    # A question shares its holes with nothing: they come last and take the last fills.
    fills = [f"({fill})" if fill.startswith(SUBTRACT) else fill for fill in draft.fills]
    text = "".join(part + (fills[place] if place < len(fills) else "") for place, part in enumerate(parts))
    try:
        run = run_source(parse(text, minimum=-maximum, maximum=maximum), minimum=-maximum, maximum=maximum)
    except LatentReplError:
        return None
    return None if run.error else run.output[len(run.output) - len(draft.asked) :]


def _sums(generator: random.Random, maximum: int) -> Draft:
    a, fill = (generator.randint(-maximum, maximum) for _ in range(2))
    return Draft(f"a = {a}", (str(fill),), ("a + ?",))


def _operators(generator: random.Random, maximum: int) -> Draft:
    a, fill = generator.randint(-maximum, maximum), _spread(generator, maximum)
    return Draft(f"a = {a}", (str(fill),), (f"a {generator.choice(ARITHMETIC[1:])} ?",))


def _left(generator: random.Random, maximum: int) -> Draft:
    a, fill = _spread(generator, maximum), generator.randint(-maximum, maximum)
    return Draft(f"a = {a}", (str(fill),), (f"? {generator.choice(ARITHMETIC)} a",))


def _operator(generator: random.Random, maximum: int) -> Draft:
    a, b = _spread(generator, maximum), _spread(generator, maximum)
    return Draft(f"a = {a}; b = {b}", (generator.choice((*ARITHMETIC, LESS, GREATER_EQUAL, EQUAL)),), ("a ? b",))


def _chain(generator: random.Random, maximum: int) -> Draft:
    a, fill, last = (generator.randint(-maximum, maximum) for _ in range(3))
    return Draft(f"a = {a}; b = a + ?; c = b * {generator.randint(2, 5)}", (str(fill),), (f"c - {last}",))


def _linear(generator: random.Random, maximum: int) -> Draft:
    slope, shift = generator.randint(-9, 9), generator.randint(-maximum, maximum)
    return _function(generator, ("b = a * ?", "return b + ?"), (str(slope), str(shift)), 3)


def _statement(generator: random.Random, maximum: int) -> Draft:
    line = generator.choice(LINES).format(a="a", n=generator.randint(2, 9))
    return _function(generator, ("?", "return b"), (f"b = {line}",), 3)


def _polynomial(generator: random.Random, maximum: int) -> Draft:
    fills = (generator.randint(-3, 3), generator.randint(-9, 9), generator.randint(-maximum // 2, maximum // 2))
    lines = ("b = a * ?", "b = b + ?", "b = b * a", "return b + ?")
    return _function(generator, lines, tuple(map(str, fills)), 4, largest=5)


def _branch(generator: random.Random, maximum: int) -> Draft:
    fills = (generator.randint(2, 6), generator.randint(-30, 30), generator.randint(2, 9))
    lines = ("if a > ?:", "    return a + ?", "return a * ?")
    return _function(generator, lines, tuple(map(str, fills)), 5)


def _two_statements(generator: random.Random, maximum: int) -> Draft:
    first, second = (generator.choice(LINES) for _ in range(2))
    fills = (
        f"t = {first.format(a='a', n=generator.randint(2, 9))}",
        f"b = {second.format(a='t', n=generator.randint(2, 9))}",
    )
    return _function(generator, ("?", "?", "return b"), fills, 3)


def _variable_target(generator: random.Random, maximum: int) -> Draft:
    a, fill = (generator.randint(-maximum, maximum) for _ in range(2))
    text, b = generator.choice(
        (
            ("a + ? == b", a + fill),
            ("x = ?; x + a == b", a + fill),
            ("b == ? - a", fill - a),
            ("x = ?; a == b - x", a + fill),
        )
    )
    return Draft(f"a = {a}; b = {b}; {text}", (str(fill),), ())


def _open_sides(generator: random.Random, maximum: int) -> Draft:
    fill = generator.randint(-maximum // 2, maximum // 2)
    text = generator.choice(
        (
            f"b = {fill}; x = ?; y = x * 2; y == x + b",
            f"b = {2 * fill}; x = ?; b - x == x",
            f"b = {fill - 7}; x = ?; x - 7 == x + b - x",
        )
    )
    return Draft(text, (str(fill),), ())


def _window(generator: random.Random, maximum: int) -> Draft:
    a, fill = generator.randint(-maximum // 2, maximum // 2), generator.randint(-maximum // 2, maximum // 2)
    text, middle = generator.choice((("x = ?", fill), (f"a = {a}; x = a + ?", a + fill)))
    return Draft(f"{text}; x < {middle + 1}; x > {middle - 1}", (str(fill),), ())


def _digit_sums(generator: random.Random, maximum: int) -> Draft:
    base = str(generator.randint(3, 12))
    lines = ("s = 0", "while a > 0:", "    s = s + a % ?", "    a = a // ?", "return s")
    return _function(generator, lines, (base, base), 3, largest=maximum)


def _function(
    generator: random.Random, lines: Sequence[str], fills: tuple[str, ...], examples: int, *, largest: int = 9
) -> Draft:
    body = "".join(f"\n    {line}" for line in lines)
    given = sorted(generator.sample(range(1, largest + 1), examples))
    return Draft(f"def f(a):{body}", fills, tuple(f"f({value})" for value in given))


def _spread(generator: random.Random, maximum: int) -> int:
    """Draw small magnitudes as often as large ones, and no zero."""
    return int(maximum ** generator.random()) * generator.choice((1, -1))


FAMILIES: Mapping[str, Callable[[random.Random, int], Draft]] = MappingProxyType(
    {
        "sums": _sums,
        "other operators": _operators,
        "hole on the left": _left,
        "operator": _operator,
        "middle of a chain": _chain,
        "linear, two holes": _linear,
        "one statement": _statement,
        "polynomial, three holes": _polynomial,
        "branch, three holes": _branch,
        "two statements": _two_statements,
        "target in a variable": _variable_target,
        "both sides open": _open_sides,
        "window": _window,
        "loop, two holes": _digit_sums,
    }
)
"""The families by name: the first ten easiest first, then those whose goal is no literal, then one that loops."""
