"""Seeded, vectorised sampling of states and core lines: the standard mixture and its variations for training.

chain = sample(np.random.default_rng(0), Mixture(), count=2, steps=3)
chain.states   (4, 2, S + 1)  token ids before the first line and after each
chain.lines    (3, 2, 4)      token ids of target, operator, left, right
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from grammar.core_lines.arithmetic import OPERATOR_INDEX, Bools, Ints, Results, apply, held_out, valid_pairs
from grammar.core_lines.numbers import log_uniform, near_pairs
from latent_repl.language.operators import BINARY_OPERATORS, COPY, DELETE, OPERATORS, STATUSES, TABLE
from latent_repl.language.vocabulary import Vocabulary

OperandSplit = str  # "train", "held-out" or "all"
ATTEMPTS = 6  # chosen: draws of an operand pair before a line falls back to a copy


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """What is drawn; the defaults are the standard mixture.

    maximum: operands and results lie in [-maximum, maximum].
    live: fewest and most live slots. errors: share of lines that fail. bools: share of slots that hold a bool.
    literals: share of operands that are literals. weights: how often each operator, in the order of OPERATORS.
    operators: those that may occur at all.
    steep: share of operand pairs whose left one is uniform and whose right one is log-uniform, as in hard divisions.
    near: share of operand pairs that stand where programs live: see `near_pairs`.
    split: which operand pairs may occur: "train" leaves 1 % out, "held-out" draws only those, "all" any.
    """

    maximum: int = 99
    live: tuple[int, int] = (4, 12)
    errors: float = 0.05
    bools: float = 0.05
    literals: float = 0.3
    weights: tuple[float, ...] = (1.0,) * len(OPERATORS)
    operators: tuple[str, ...] = OPERATORS
    steep: float = 0.0
    near: float = 0.0
    split: OperandSplit = "train"


def sayable(mixture: Mixture, vocabulary: Vocabulary) -> Mixture:
    """Return the mixture without the operators that a vocabulary has not."""
    return replace(mixture, operators=tuple(each for each in mixture.operators if each in vocabulary.operators))


@dataclass(frozen=True, slots=True)
class Chain:
    """Token ids of B chains of K lines, with the index of the slot and of the operator of each line."""

    states: NDArray[np.int64]
    lines: NDArray[np.int64]
    targets: NDArray[np.int64]
    operators: NDArray[np.int64]
    status: NDArray[np.int64]


@dataclass(slots=True)
class SlotArrays:
    """The slots of B states: numbers, which are bools, which are live."""

    numbers: Ints
    bools: Bools
    live: Bools


class Encoder:
    """Arrays of values to arrays of token ids."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.none = vocabulary.value_id(None)
        self.false = vocabulary.value_id(False)
        self.zero = vocabulary.value_id(0)
        self.first_slot = vocabulary.ids["s0"]
        self.operators = np.array([vocabulary.ids.get(symbol, self.none) for symbol in OPERATORS])
        self.status = np.array([vocabulary.status_id(status) for status in STATUSES])

    def values(self, numbers: Ints, bools: Bools, present: Bools) -> Ints:
        """Return value ids: integers are ordered 0, 1, -1, 2, -2, ... in the vocabulary."""
        integers = self.zero + 2 * np.abs(numbers) - (numbers > 0)
        return np.where(present, np.where(bools, self.false + numbers, integers), self.none)

    def is_bool(self, ids: Ints) -> Bools:
        """Return which value ids are False or True."""
        return (ids >= self.false) & (ids < self.zero)

    def number(self, ids: Ints) -> Ints:
        """Return the numbers that value ids count as; none counts as 0."""
        place = np.maximum(ids - self.zero, 0)
        return np.where(self.is_bool(ids), ids - self.false, (place + 1) // 2 * np.where(place % 2, 1, -1))


@lru_cache(maxsize=4)
def pair_tables(maximum: int) -> tuple[list[Ints], list[Ints]]:
    """Return for each binary operator the flat indices of its valid and of its failing operand pairs."""
    tables = [valid_pairs(operator, maximum) for operator in BINARY_OPERATORS]
    return [np.flatnonzero(valid) for valid, _ in tables], [np.flatnonzero(failing) for _, failing in tables]


def draw_operators(generator: np.random.Generator, mixture: Mixture, count: int) -> tuple[Ints, Bools]:
    """Return operators, and which lines are meant to fail."""
    weights = np.where([symbol in mixture.operators for symbol in OPERATORS], mixture.weights, 0)
    operators = generator.choice(len(OPERATORS), count, p=weights / sum(weights))
    failing = generator.random(count) < mixture.errors
    can_fail = [OPERATOR_INDEX[symbol] for symbol in mixture.operators if TABLE[symbol].statuses]
    operators[failing] = generator.choice(can_fail, failing.sum())
    return operators, failing


def draw_pairs(generator: np.random.Generator, mixture: Mixture, operators: Ints, failing: Bools) -> tuple[Ints, Ints]:
    """Return operand pairs: half uniform over the pairs whose result is in range, half log-uniform; some steep."""
    count, maximum, side = len(operators), mixture.maximum, 2 * mixture.maximum + 1
    valid, fails = pair_tables(maximum)
    x, y = log_uniform(generator, count, maximum), log_uniform(generator, count, maximum)
    share = generator.random(count)
    uniform, steep = share < 0.5 * (1 - mixture.steep), share >= 1 - mixture.steep
    x[steep] = generator.integers(-maximum, maximum + 1, steep.sum())
    for index in range(len(BINARY_OPERATORS)):
        mine = operators == index
        for rows, table in ((mine & ~failing & uniform, valid[index]), (mine & failing, fails[index])):
            flat = table[generator.integers(0, max(len(table), 1), rows.sum())] if len(table) else np.zeros(0, np.int64)
            x[rows], y[rows] = flat // side - maximum, flat % side - maximum
    near = generator.random(count) < mixture.near if mixture.near else np.zeros(count, np.bool_)
    x[near], y[near] = near_pairs(generator, near.sum(), maximum)
    return x, y


def allowed(mixture: Mixture, operators: Ints, x: Ints, y: Ints, failing: Bools) -> Bools:
    """Return which lines belong to the split and fail exactly where they are meant to."""
    bools = np.zeros(len(x), np.bool_)
    wrong = (apply(operators, x, bools, y, bools, maximum=mixture.maximum).status != 0) & ~failing
    if mixture.split == "all":
        return ~wrong
    hidden = held_out(operators, x, y)
    return ~wrong & ((hidden | (operators >= len(BINARY_OPERATORS))) if mixture.split == "held-out" else ~hidden)


def draw_calls(generator: np.random.Generator, mixture: Mixture, count: int) -> tuple[Ints, Ints, Ints]:
    """Return operators with operand pairs of the split; what finds none is a copy."""
    operators, failing = draw_operators(generator, mixture, count)
    x, y = draw_pairs(generator, mixture, operators, failing)
    for _ in range(ATTEMPTS * 20 if mixture.split == "held-out" else ATTEMPTS):
        again = np.flatnonzero(~allowed(mixture, operators, x, y, failing))
        if not len(again):
            break
        x[again], y[again] = draw_pairs(generator, mixture, operators[again], failing[again])
    operators[~allowed(mixture, operators, x, y, failing)] = OPERATOR_INDEX[COPY]
    return operators, x, y


def first_lines(
    generator: np.random.Generator, mixture: Mixture, slots: int, count: int
) -> tuple[SlotArrays, Ints, Ints, Ints, Ints, Ints]:
    """Draw states and one line each, whose operand pair is placed into the state."""
    values = draw_states(generator, mixture, slots, count)
    operators, x, y = draw_calls(generator, mixture, count)
    left, right = draw_addresses(generator, mixture, values)
    right[(left == right) & (x != y)] = -1  # one slot cannot hold both
    rows = np.arange(count)
    for address, numbers in ((left, x), (right, y)):
        placed = address >= 0
        values.numbers[rows[placed], address[placed]] = numbers[placed]
        may = (numbers == 0) | (numbers == 1)
        bools = placed & may & (generator.random(count) < mixture.bools)
        values.bools[rows[placed], address[placed]] = bools[placed]
    return values, operators, left, right, x, y


def draw_states(generator: np.random.Generator, mixture: Mixture, slots: int, count: int) -> SlotArrays:
    """Draw states: how many slots live, which, and what they hold."""
    shape = (count, slots)
    live_count = generator.integers(mixture.live[0], mixture.live[1] + 1, (count, 1))
    live = generator.random(shape).argsort(1) < live_count
    uniform = generator.integers(-mixture.maximum, mixture.maximum + 1, shape)
    skewed = log_uniform(generator, count * slots, mixture.maximum).reshape(shape)
    numbers = np.where(generator.random(shape) < 0.5, uniform, skewed)
    bools = generator.random(shape) < mixture.bools
    return SlotArrays(np.where(bools, numbers & 1, numbers), bools, live)


def draw_addresses(generator: np.random.Generator, mixture: Mixture, values: SlotArrays) -> tuple[Ints, Ints]:
    """Return for the left and right operand a random live slot, or -1 for a literal."""
    count = len(values.live)
    order = np.where(values.live, generator.random(values.live.shape), 2.0).argsort(1)
    several = values.live.sum(1) > 1
    left = order[:, 0]
    right = np.where(several & (generator.random(count) > 0.05), order[:, 1], order[:, 0])
    left = np.where(generator.random(count) < mixture.literals, -1, left)
    right = np.where(generator.random(count) < mixture.literals, -1, right)
    return left, right


def next_lines(
    generator: np.random.Generator, mixture: Mixture, values: SlotArrays
) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Draw one line for each given state; pairs that fail or are held out are drawn again, then become copies."""
    count = len(values.live)
    operators, failing = draw_operators(generator, mixture, count)
    left, right = draw_addresses(generator, mixture, values)
    pair_x, pair_y = draw_pairs(generator, mixture, operators, failing)
    for _ in range(ATTEMPTS):
        x, y = operands(values, left, right, pair_x, pair_y)
        again = np.flatnonzero(~allowed(mixture, operators, x, y, failing))
        if not len(again):
            break
        subset = SlotArrays(values.numbers[again], values.bools[again], values.live[again])
        left[again], right[again] = draw_addresses(generator, mixture, subset)
        pair_x[again], pair_y[again] = draw_pairs(generator, mixture, operators[again], failing[again])
    x, y = operands(values, left, right, pair_x, pair_y)
    operators[~allowed(mixture, operators, x, y, failing)] = OPERATOR_INDEX[COPY]
    return operators, left, right, x, y


def operands(values: SlotArrays, left: Ints, right: Ints, x: Ints, y: Ints) -> tuple[Ints, Ints]:
    """Return the operands' numbers: the slot's where there is one, else the literal's."""
    rows = np.arange(len(left))
    return (
        np.where(left >= 0, values.numbers[rows, left], x),
        np.where(right >= 0, values.numbers[rows, right], y),
    )


def sample(
    generator: np.random.Generator, mixture: Mixture, vocabulary: Vocabulary, *, count: int, steps: int
) -> Chain:
    """Draw `count` chains of `steps` lines each."""
    encoder, mixture = Encoder(vocabulary), sayable(mixture, vocabulary)
    values, operators, left, right, x, y = first_lines(generator, mixture, vocabulary.slots, count)
    states, lines, all_targets, all_operators, statuses = [state_ids(encoder, values, None)], [], [], [], []
    for step in range(steps):
        if step:
            operators, left, right, x, y = next_lines(generator, mixture, values)
        targets = draw_targets(generator, values, operators)
        x_bool = operand_bools(generator, mixture, values, left, x)
        y_bool = operand_bools(generator, mixture, values, right, y)
        results = apply(operators, x, x_bool, y, y_bool, maximum=mixture.maximum)
        lines.append(line_ids(encoder, targets, operators, (left, x, x_bool), (right, y, y_bool)))
        write(values, targets, results)
        states.append(state_ids(encoder, values, results))
        all_targets.append(targets)
        all_operators.append(operators)
        statuses.append(results.status)
    return Chain(*(np.stack(arrays) for arrays in (states, lines, all_targets, all_operators, statuses)))


def draw_targets(generator: np.random.Generator, values: SlotArrays, operators: Ints) -> Ints:
    """Return the target slots: half a live one, half any; `del` takes a live one."""
    order = np.where(values.live, generator.random(values.live.shape), 2.0).argsort(1)
    anything = generator.integers(0, values.live.shape[1], len(operators))
    take_live = (generator.random(len(operators)) < 0.5) | (operators == OPERATOR_INDEX[DELETE])
    return np.where(take_live & values.live.any(1), order[:, 0], anything)


def write(values: SlotArrays, targets: Ints, results: Results) -> None:
    """Put the results into the target slots of the lines that did not fail."""
    done = np.flatnonzero(results.status == 0)
    values.numbers[done, targets[done]] = results.numbers[done]
    values.bools[done, targets[done]] = results.bools[done]
    values.live[done, targets[done]] = results.present[done]


def state_ids(encoder: Encoder, values: SlotArrays, results: Results | None) -> Ints:
    """Return the S + 1 token ids of each state."""
    status = encoder.status[results.status if results is not None else np.zeros(len(values.live), np.int64)]
    return np.concatenate([encoder.values(values.numbers, values.bools, values.live), status[:, None]], axis=1)


def operand_bools(
    generator: np.random.Generator, mixture: Mixture, values: SlotArrays, addresses: Ints, numbers: Ints
) -> Bools:
    """Return which operands are bools: the slot's own kind, and some of the literals 0 and 1."""
    literal = ((numbers == 0) | (numbers == 1)) & (generator.random(len(numbers)) < 4 * mixture.bools)
    return np.where(addresses >= 0, values.bools[np.arange(len(numbers)), addresses], literal)


def operand_ids(encoder: Encoder, operators: Ints, left: tuple[Ints, Bools], right: tuple[Ints, Bools]) -> list[Ints]:
    """Return the ids of both operands' values, (number, is it a bool); an operand that an operator lacks is none."""
    present = (operators != OPERATOR_INDEX[DELETE], operators < len(BINARY_OPERATORS))
    return [encoder.values(*value, there) for value, there in zip((left, right), present, strict=True)]


def line_ids(
    encoder: Encoder, targets: Ints, operators: Ints, left: tuple[Ints, Ints, Bools], right: tuple[Ints, Ints, Bools]
) -> Ints:
    """Return the four token ids of each line; an operand is (address or -1, number, is it a bool)."""
    operand = [
        np.where((address >= 0) & (ids != encoder.none), encoder.first_slot + address, ids)
        for address, ids in zip((left[0], right[0]), operand_ids(encoder, operators, left[1:], right[1:]), strict=True)
    ]
    return np.stack([encoder.first_slot + targets, encoder.operators[operators], *operand], axis=1)
