"""The networks of the post's first experiment: numbers as ids, one vector a state, one a summand."""

from __future__ import annotations

import pytest
import torch

from latent_repl.model.sums.network import SumsConfig, SumsModel


@pytest.fixture(scope="module")
def model() -> SumsModel:
    torch.manual_seed(0)
    return SumsModel(SumsConfig(limit=20, maximum=9, width=16, feed_forward=32, state_latent=3, code_latent=5)).eval()


def test_numbers_have_the_vocabularys_ids(model: SumsModel) -> None:
    numbers = [0, 1, -1, 9, -9]
    assert model.number_ids(torch.tensor(numbers)).tolist() == [model.vocabulary.value_id(number) for number in numbers]


def test_a_step_leads_from_vector_to_vector_within_the_box(model: SumsModel) -> None:
    after = model.executor(torch.rand(7, 3), torch.rand(7, 5))
    assert after.shape == (7, 3) and after.abs().max() <= 1


def test_state_and_summand_both_have_a_say(model: SumsModel) -> None:
    states, codes = torch.rand(1, 3), torch.rand(1, 5)
    after = model.executor(states, codes)
    assert not torch.equal(after, model.executor(-states, codes))
    assert not torch.equal(after, model.executor(states, -codes))
