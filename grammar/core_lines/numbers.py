"""Numbers as programs have them: small ones as often as large ones, and pairs that random draws seldom are."""

from __future__ import annotations

import numpy as np

from grammar.core_lines.arithmetic import Ints


def log_uniform(generator: np.random.Generator, count: int, maximum: int) -> Ints:
    """Return signed numbers whose magnitude is log-uniform over 0 to maximum."""
    magnitude = np.floor(np.exp(generator.uniform(0, np.log(maximum + 2), count)) - 1).astype(np.int64)
    return np.clip(magnitude, 0, maximum) * generator.choice([-1, 1], count)


def near_pairs(generator: np.random.Generator, count: int, maximum: int) -> tuple[Ints, Ints]:
    """Return operand pairs that random ones seldom are, an eighth of each kind: neighbours and equals, uniform and
    log-uniform; loop counters beside their bounds; neighbours of multiples; sums, then products, beside the ends of the
    range; operands at its ends; small operands."""
    away = generator.integers(-3, 4, count)
    uniform, other = generator.integers(-maximum, maximum + 1, (2, count))
    skewed, quotient = log_uniform(generator, count, maximum), log_uniform(generator, count, maximum)
    counter = generator.integers(0, 2 * maximum // 5 + 1, count)
    sign = generator.choice([-1, 1], count)
    end = sign * (maximum - np.abs(log_uniform(generator, count, maximum // 50)))
    divisor = np.where(skewed == 0, 1, skewed)
    kinds = (
        (uniform, uniform + away),
        (skewed, skewed + away),
        (counter, counter + away // 2),
        (quotient * skewed + away, skewed),
        (uniform, sign * maximum - uniform + away),
        (skewed, sign * (maximum // divisor) + away),
        (end, uniform),
        (other, away),
    )
    kind = generator.integers(0, len(kinds), count)
    x, y = (np.clip(np.choose(kind, side), -maximum, maximum) for side in zip(*kinds, strict=True))
    swapped = generator.random(count) < np.where(kind == 3, 0.1, 0.5)
    return np.where(swapped, y, x), np.where(swapped, x, y)
