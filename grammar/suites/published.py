"""Program families of the literature, made anew from their published descriptions; nothing is trained on them.

Every function draws one program from a seeded generator; what leaves the range is drawn again by the caller.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from latent_repl.language.operators import EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, NOT_EQUAL

COMPARISONS = (LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL)


def swaps(count: int) -> Callable[[random.Random, int], str]:
    """Return the family of `count` swaps of five variables, the word problem of the group S5.

    Source: Merrill and Sabharwal, 2023; the state-tracking task of later evaluations of code models.
    """

    def draw(generator: random.Random, maximum: int) -> str:
        names = "abcde"
        values = generator.sample(range(-maximum, maximum + 1), len(names))
        pairs = (generator.sample(names, 2) for _ in range(count))
        return "\n".join(
            [*(f"{name} = {value}" for name, value in zip(names, values, strict=True))]
            + [f"{one}, {other} = {other}, {one}" for one, other in pairs]
            + ["print(a, b, c, d, e)"]
        )

    return draw


def learning_to_execute(generator: random.Random, maximum: int) -> str:
    """Draw nested expressions, conditionals and small loops that end in one printed value.

    Source: Zaremba and Sutskever, 2014, section 3: sums, differences, products by a constant, assignments,
    if-expressions and loops are combined `nesting` times; here on numbers of at most the declared range.
    """
    lines: list[str] = []
    expressions = [str(generator.randint(1, maximum)) for _ in range(2)]
    free = iter(generator.sample("bcdefghjkm", 10))
    for _ in range(generator.randint(1, 4)):
        expression = generator.choice(expressions)
        number = generator.randint(1, max(2, maximum // 3))
        match generator.choice(("sum", "product", "choice", "name", "loop")):
            case "sum":
                new = f"({expression} {generator.choice('+-')} {number})"
            case "product":
                new = f"({expression} * {generator.randint(2, 4)})"
            case "choice":
                test = f"{number} {generator.choice('<>')} {generator.randint(1, maximum)}"
                new = f"({expression} if {test} else {generator.choice(expressions)})"
            case "name":
                new = next(free)
                lines.append(f"{new} = {expression}")
            case _:
                new = next(free)
                lines += [
                    f"{new} = {expression}",
                    f"for x in range({generator.randint(1, 6)}):",
                    f"    {new} {generator.choice('+-')}= {generator.randint(1, max(2, maximum // 8))}",
                ]
        expressions.append(new)
    return "\n".join([*lines, f"print({expressions[-1]})"])


def repeats(generator: random.Random, maximum: int) -> str:
    """Draw arithmetic on one variable with branches and counted repeats, some nested.

    Source: Bieber et al., 2020 (IPA-GNN), section 4: statements on v0, `if` and `while` with a counter that falls to 0.
    """
    return _instructions(generator, maximum, ["v0"])


def several_variables(generator: random.Random, maximum: int) -> str:
    """Draw the same with four variables that also read one another.

    Source: Bieber et al., 2020, the task with several variables.
    """
    return _instructions(generator, maximum, ["v0", "v1", "v2", "v3"])


def _instructions(generator: random.Random, maximum: int, names: list[str]) -> str:
    lines = [f"{name} = {generator.randint(0, maximum)}" for name in names]
    counters = iter(["i", "j"])
    for _ in range(generator.randint(2, 6)):
        lines += _block(generator, maximum, names, counters, depth=0)
    return "\n".join([*lines, f"print({', '.join(names)})"])


def _block(
    generator: random.Random, maximum: int, names: list[str], counters: Iterator[str], *, depth: int
) -> list[str]:
    kind = generator.choice(("step", "step", "step", "branch", "repeat")) if depth < 2 else "step"
    if kind == "step":
        return [_step(generator, maximum, names)]
    counter = next(counters, None) if kind == "repeat" else None
    body = [line for _ in range(2) for line in _block(generator, maximum, names, counters, depth=depth + 1)]
    inner = [f"    {line}" for line in body]
    if counter is not None:
        return [f"{counter} = {generator.randint(1, 5)}", f"while {counter} > 0:", f"    {counter} -= 1", *inner]
    test = f"if {generator.choice(names)} % 10 {generator.choice(COMPARISONS)} {generator.randint(0, 9)}:"
    return [test, *inner, "else:", f"    {_step(generator, maximum, names)}"]


def _step(generator: random.Random, maximum: int, names: list[str]) -> str:
    target = generator.choice(names)
    operand = generator.choice([name for name in names if name != target] or [""]) if generator.random() < 0.5 else ""
    amount = operand or str(generator.randint(1, max(2, maximum // 8)))
    if generator.random() < 0.2:
        return f"{target} = {target} * {generator.randint(2, 9)} % {generator.randint(2, maximum)}"
    return f"{target} {generator.choice('+-')}= {amount}"
