"""Every value has a place of its own in the box, and numbers that count alike lie alike."""

from __future__ import annotations

import numpy as np
import torch

from latent_repl.language.operators import STATUSES
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.anchors import REACH, anchors

VOCABULARY = Vocabulary.fresh(slots=12, limit=999)


def test_every_value_and_status_has_a_place_of_its_own_in_the_box() -> None:
    places = anchors(VOCABULARY, 999)
    values = [VOCABULARY.value_id(value) for value in (None, False, True, *range(-999, 1000))]
    statuses = [VOCABULARY.status_id(status) for status in STATUSES]
    held = torch.from_numpy(places[values + statuses])
    assert float(held.abs().max()) <= REACH < 1
    apart = torch.cdist(held, held) + 10 * torch.eye(len(held))
    assert float(apart.min()) > 2


def test_a_step_up_is_the_same_rotation_everywhere() -> None:
    places = anchors(VOCABULARY, 999)
    pairs = places[[VOCABULARY.value_id(number) for number in range(-50, 51)], 4:42].reshape(101, 19, 2)
    turns = (pairs[1:, :, 0] + 1j * pairs[1:, :, 1]) / (pairs[:-1, :, 0] + 1j * pairs[:-1, :, 1])
    assert np.allclose(turns, turns[:1], atol=1e-5)


def test_the_default_shape_has_room_for_the_anchors() -> None:
    model = LatentInterpreter(LatentConfig())
    assert anchors(model.vocabulary, model.config.maximum).shape == tuple(model.state_vae.latent_table().shape)
