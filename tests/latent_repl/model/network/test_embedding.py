"""Token vectors and logits go through one fixed table."""

from __future__ import annotations

import torch

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.embedding import TokenEmbedding

VOCABULARY = Vocabulary.fresh(slots=2, limit=20)
ACTIVE = VOCABULARY.active(9)


def embedding() -> TokenEmbedding:
    torch.manual_seed(0)
    return TokenEmbedding(LatentConfig(width=16, maximum=9), VOCABULARY)


def test_logits_are_of_the_active_tokens_and_in_full_precision() -> None:
    tokens = embedding()
    hidden = tokens.embed(torch.tensor([[0, 1], [2, 3]]))
    assert hidden.shape == (2, 2, 16)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = tokens.logits(hidden)
    assert logits.shape == (2, 2, ACTIVE) and logits.dtype == torch.float32


def test_the_table_is_neither_trained_nor_saved() -> None:
    tokens = embedding()
    assert not tokens.table.requires_grad
    assert set(tokens.state_dict()) == {"inward.weight", "inward.bias", "outward.weight", "outward.bias"}
