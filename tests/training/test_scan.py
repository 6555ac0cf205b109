"""The scan says of every pair what the executor itself does with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.operators import OPERATORS, TABLE
from latent_repl.model.load import load, load_reference
from training.losses import operand_ids
from training.mine import mine
from training.operands import operand_values, plain_line, plain_states
from training.scan import SURE, Scanner


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(load_reference("base").eval(), compiled=False)


def test_every_operand_is_met_once_by_each_operator(scanner: Scanner) -> None:
    values = operand_values(scanner.vocabulary, 999)
    assert [scanner.vocabulary.value(int(each)) for each in values[:5]] == [False, True, 0, 1, -1]
    assert len(values) == 2001
    for operator, count in (("<", 2001 * 2001), ("neg", 2001), ("del", 1)):
        assert sum(len(left) for left, _ in scanner.blocks(operator)) == count


@pytest.mark.slow
@pytest.mark.parametrize("operator", OPERATORS)
def test_a_sure_margin_is_a_right_step_of_the_packages_own_inference(scanner: Scanner, operator: str) -> None:
    model, generator = load("base"), np.random.default_rng(OPERATORS.index(operator))
    values, none, arity = scanner.values, scanner.vocabulary.value_id(None), TABLE[operator].arity
    left, right = (generator.choice(values, 60) if arity > side else np.full(60, none) for side in range(2))
    block = scanner.block(operator, left, right)
    states = plain_states(scanner.vocabulary, left, right)
    lines = np.array([plain_line(scanner.vocabulary, operator)] * 60)
    after = model.execute(model.encode_states(states), model.encode_code(lines))
    ids, _ = model.decode_states(after)
    target = np.where(block.status == scanner.vocabulary.status_id("ok"), block.value, none)
    exact = (ids[:, 0] == target) & (ids[:, -1] == block.status) & (ids[:, 1:-1] == states[:, 1:-1]).all(1)
    assert exact[block.margins >= SURE].all()
    assert (block.margins >= SURE).mean() > 0.8


def test_a_step_on_a_lines_operands_is_the_line_on_the_state_around_them() -> None:
    """What training learns of a line is what execution does with it."""
    model = load_reference("base").eval()
    chain = sample(np.random.default_rng(0), Mixture(maximum=999), model.vocabulary, count=50, steps=1)
    states, lines, operators, targets = (
        torch.from_numpy(each) for each in (chain.states[0], chain.lines[0], chain.operators[0], chain.targets[0])
    )
    with torch.no_grad():
        latents = model.encode_states(states)
        after = model.execute(latents, model.encode_code(lines))
        ids, away = operand_ids(model, states, lines, torch.zeros_like(latents))
        step = model.executor(operators, model.encode_states(ids))
    assert not away.any()
    assert torch.allclose(after[:, -1], step.status, atol=1e-5)
    wrote = step.writes > 0
    assert wrote.any()
    assert torch.allclose(after[torch.arange(50), targets][wrote], step.value[wrote], atol=1e-5)
    assert torch.equal(after[torch.arange(50), targets][~wrote], latents[torch.arange(50), targets][~wrote])


@pytest.mark.slow
def test_hard_pairs_are_unsure_ones_and_none_is_held_out(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    few = scanner.values[:40]
    monkeypatch.setattr(scanner, "values", few)
    monkeypatch.setattr("training.mine.LEAD", 9.0)
    rows = mine(scanner, "%")
    assert len(rows)
    assert set(rows["operator"]) == {OPERATORS.index("%")}
    assert set(rows["left"]) | set(rows["right"]) <= {scanner.vocabulary.integer_of(identifier) for identifier in few}
    near = mine(scanner, "<", near=1)
    assert (np.abs(near["left"] - near["right"]) <= 1).all()
    monkeypatch.setattr("training.mine.LEAD", -np.inf)  # none is unsure: carries are hard all the same
    monkeypatch.setattr(scanner, "values", few[20:23])
    carried = mine(scanner, "%")
    assert {*carried["right"].tolist()} == {10} and len(carried) == (carried["left"] >= 0).sum() > 0
