"""The scan says of every pair what the executor itself does with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from latent_repl.language.operators import OPERATORS
from latent_repl.model.load import load, load_reference
from training.mine import mine
from training.readings import form_lines, forms_of, operand_values, read, think
from training.scan import SURE, Scanner


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner(load_reference("base").eval(), compiled=False)


def test_every_operand_is_met_once_in_each_form(scanner: Scanner) -> None:
    values = operand_values(scanner.vocabulary, 999)
    assert [scanner.vocabulary.value(int(each)) for each in values[:5]] == [False, True, 0, 1, -1]
    assert len(values) == 2001
    for form, count in (("vl", 2001 * 2001), ("v", 2001), ("", 1)):
        assert sum(len(left) for left, _ in scanner.blocks(form)) == count


@pytest.mark.slow
@pytest.mark.parametrize(("operator", "form"), [(name, form) for name in OPERATORS for form in forms_of(name)])
def test_a_sure_margin_is_a_right_step_of_the_packages_own_inference(
    scanner: Scanner, operator: str, form: str
) -> None:
    model, generator = load("base"), np.random.default_rng(OPERATORS.index(operator))
    values, none = scanner.values, scanner.vocabulary.value_id(None)
    left, right = (generator.choice(values, 60) if len(form) > side else np.full(60, none) for side in range(2))
    block = scanner.block(operator, form, left, right)
    states = np.full((60, model.config.slots + 1), none)
    states[:, -1] = scanner.vocabulary.status_id("ok")
    for place, letter in enumerate(form):
        if letter == "v":
            states[:, 1 + place] = (left, right)[place]
    lines = form_lines(scanner.vocabulary, operator, form, left, right)
    after = model.execute(model.encode_states(states), model.encode_code(lines))
    ids, _ = model.decode_states(after)
    target = np.where(block.status == scanner.vocabulary.status_id("ok"), block.value, none)
    exact = (ids[:, 0] == target) & (ids[:, -1] == block.status) & (ids[:, 1:-1] == states[:, 1:-1]).all(1)
    assert exact[block.margins >= SURE].all()
    assert (block.margins >= SURE).mean() > 0.8


def test_a_thought_apart_is_the_executors_own_step() -> None:
    model = load_reference("base").eval()
    vocabulary = model.vocabulary
    left, right = (np.array([vocabulary.value_id(number) for number in numbers]) for numbers in ([7, 3], [3, 999]))
    states = torch.full((2, 13), vocabulary.value_id(None))
    states[:, 1], states[:, 2] = torch.from_numpy(left), torch.from_numpy(right)
    lines = torch.from_numpy(form_lines(vocabulary, "max", "vv", left, right))
    with torch.no_grad():
        step = model.executor(model.encode_states(states), model.code_vae.expand(model.encode_code(lines)))
        operands = model.encode_states(torch.from_numpy(np.stack([left, right], 1)))
        thought = think(model, read(model, lines), operands)
    assert torch.allclose(thought.gates, step.gate, atol=1e-3)
    assert torch.allclose(thought.status, step.latents[:, -1], atol=1e-3)
    assert torch.allclose(thought.value, step.latents[:, 0], atol=1e-2)


@pytest.mark.slow
def test_hard_pairs_are_unsure_ones_and_none_is_held_out(scanner: Scanner, monkeypatch: pytest.MonkeyPatch) -> None:
    few = scanner.values[:40]
    monkeypatch.setattr(scanner, "values", few)
    monkeypatch.setattr("training.mine.LEAD", 9.0)
    rows = mine(scanner, "%", "vv")
    assert len(rows)
    assert set(rows["operator"]) == {OPERATORS.index("%")}
    assert set(rows["left"]) | set(rows["right"]) <= {scanner.vocabulary.integer_of(identifier) for identifier in few}
    assert set(mine(scanner, "%", "lv")["literals"]) == {1}
    near = mine(scanner, "<", "vl", near=1)
    assert set(near["literals"]) <= {2}
