"""Sampled chains are what the oracle makes of them; splits and seeds hold."""

from __future__ import annotations

import numpy as np
import pytest

from grammar.core_lines.arithmetic import held_out
from grammar.core_lines.sample import Chain, Mixture, sample
from latent_repl.language.operators import BINARY_OPERATORS, OPERATORS
from latent_repl.language.oracle.core_lines import step
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import Value
from latent_repl.language.vocabulary import Vocabulary

VOCABULARY = Vocabulary.fresh(slots=12, limit=999)


def draw(seed: int = 0, *, count: int = 200, steps: int = 1, **options: object) -> Chain:
    return sample(np.random.default_rng(seed), Mixture(**options), VOCABULARY, count=count, steps=steps)  # type: ignore[arg-type]


def values(row: np.ndarray) -> tuple[Value | None, ...]:
    return tuple(VOCABULARY.value(int(token)) for token in row[:-1])


def operand_pairs(chain: Chain) -> list[tuple[CoreLine, list[int]]]:
    """Return the binary lines with the numbers that they compute on."""
    pairs = []
    for state, ids in zip(chain.states[0], chain.lines[0], strict=True):
        line = VOCABULARY.core_line(ids)
        assert line is not None
        if line.operator in BINARY_OPERATORS:
            held = values(state)
            operands = [held[x.index] if isinstance(x, Slot) else x for x in (line.left, line.right)]
            pairs.append((line, [int(x) for x in operands if isinstance(x, int)]))
    return pairs


def test_the_oracle_agrees_with_every_step() -> None:
    chain = draw(steps=8)
    for before, ids, after in zip(chain.states[:-1], chain.lines, chain.states[1:], strict=True):
        for row, line_ids, wanted in zip(before, ids, after, strict=True):
            line = VOCABULARY.core_line(line_ids)
            assert line is not None
            exact, status = step(line, values(row), -99, 99)
            assert (repr(exact), status) == (repr(values(wanted)), VOCABULARY.status(int(wanted[-1])))


@pytest.mark.parametrize(("split", "hidden"), [("train", False), ("held-out", True)])
def test_splits_share_no_operand_pair(split: str, hidden: bool) -> None:
    for line, (x, y) in operand_pairs(draw(count=2000, split=split)):
        operator = np.array([BINARY_OPERATORS.index(line.operator)])
        assert held_out(operator, np.array([x]), np.array([y]))[0] == hidden


def test_the_same_seed_gives_the_same_chains() -> None:
    first, again, other = draw(3), draw(3), draw(4)
    assert np.array_equal(first.lines, again.lines)
    assert np.array_equal(first.states, again.states)
    assert not np.array_equal(first.lines, other.lines)


def test_the_standard_mixture_has_every_operator_and_its_share_of_errors() -> None:
    chain = draw(count=20_000)
    shares = np.bincount(chain.operators[0], minlength=len(OPERATORS)) / 20_000
    assert shares.min() > 0.02
    assert 0.03 < (chain.status != 0).mean() < 0.08


def test_live_slots_stay_within_the_mixture() -> None:
    live = (draw(live=(2, 5)).states[0][:, :-1] != VOCABULARY.value_id(None)).sum(1)
    assert set(live) == {2, 3, 4, 5}
