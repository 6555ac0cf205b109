"""Token vectors and logits for training, both through the feature table."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.model.network.config import LatentConfig
from latent_repl.shapes import Float, Int


def features_of(config: LatentConfig, vocabulary: Vocabulary) -> Float[Tensor, "V F"]:
    """Return the fixed features of all tokens."""
    table = feature_table(vocabulary, number_features=config.number_features, periods=config.periods)
    return torch.from_numpy(table)


class TokenEmbedding(nn.Module):
    """Ids to vectors and vectors to logits, both through the feature table; logits cover the declared range."""

    table: Float[Tensor, "V F"]

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.active = vocabulary.active(config.maximum)
        self.register_buffer("table", features_of(config, vocabulary), persistent=False)
        self.inward = nn.Linear(self.table.shape[1], config.width)
        self.outward = nn.Linear(config.width, self.table.shape[1])

    def embed(self, ids: Int[Tensor, "*N"]) -> Float[Tensor, "*N W"]:
        """Return the vectors of ids."""
        embedded: Tensor = self.inward(self.table[ids])
        return embedded

    def logits(self, hidden: Float[Tensor, "*N W"]) -> Float[Tensor, "*N A"]:
        """Return the logits of the A active tokens, in float32: neighbouring numbers differ by less than bf16 keeps."""
        with torch.autocast(hidden.device.type, enabled=False):
            coefficients = nn.functional.linear(hidden.float(), self.outward.weight, self.outward.bias)
            return coefficients @ self.table[: self.active].T
