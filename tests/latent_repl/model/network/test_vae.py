"""The autoencoders: latents in the box, a slot by itself, a core line as a whole."""

from __future__ import annotations

import torch

from latent_repl.model.network.interpreter import LatentInterpreter


def test_the_latents_of_all_active_tokens_lie_in_the_box(small: LatentInterpreter) -> None:
    table = small.state_vae.latent_table()
    assert table.shape == (small.vocabulary.active(small.config.maximum), small.config.state_latent)
    assert table.abs().max() <= 1
    assert len(table.unique(dim=0)) == len(table)


def test_a_slot_is_decoded_by_itself(small: LatentInterpreter) -> None:
    latents = torch.rand(2, 4, small.config.state_latent)
    together, alone = small.state_vae.logits(latents), small.state_vae.logits(latents[1, 2])
    torch.testing.assert_close(together[1, 2], alone)


def test_every_token_of_a_core_line_has_a_say_in_its_latent(small: LatentInterpreter) -> None:
    ids = torch.tensor([[1, 2, 3, 4]]).repeat(5, 1)
    for place in range(4):
        ids[place + 1, place] += 1
    latents = small.code_vae.encode(ids)
    assert latents.abs().max() <= 1
    assert len(latents.unique(dim=0)) == 5


def test_a_code_latent_is_expanded_and_decoded_to_four_tokens(small: LatentInterpreter) -> None:
    latents = torch.rand(2, small.config.code_latent)
    assert small.code_vae.expand(latents).shape == (2, small.config.code_tokens, small.config.width)
    assert small.code_vae.logits(latents).shape[:2] == (2, 4)
