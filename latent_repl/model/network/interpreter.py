"""The three networks as one torch model: what is trained, and what a checkpoint holds."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from transformers import PreTrainedModel

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.embedding import TokenEmbedding
from latent_repl.model.network.executor import Executor
from latent_repl.model.network.mover import Mover
from latent_repl.model.network.vae import CodeVAE, StateVAE
from latent_repl.shapes import Float, Int


class LatentInterpreter(PreTrainedModel):
    """State VAE, code VAE and executor, and a mover where there are rows. Nothing here computes on decoded numbers."""

    config_class = LatentConfig
    config: LatentConfig

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary | None = None) -> None:
        """vocabulary: that of the checkpoint whose weights are to come; a new model has words for all of Lx."""
        super().__init__(config)
        self.vocabulary = vocabulary or Vocabulary.fresh(config.slots, config.limit, config.rows)
        self.state_vae = StateVAE(config, self.vocabulary)
        self.code_vae = CodeVAE(config, self.vocabulary)
        self.executor = Executor(config)
        self.mover = Mover(config, self.vocabulary) if config.rows else None
        self._latent_table: Tensor | None = None
        self.post_init()

    def _init_weights(self, module: Any) -> None:
        """Keep torch's and T5's own initialisation; fill the fixed table, which no checkpoint stores."""
        if isinstance(module, TokenEmbedding):
            table = feature_table(self.vocabulary, number_features=self.config.number_features)
            module.table = torch.from_numpy(table).to(module.table.device)

    def train(self, mode: bool = True) -> LatentInterpreter:
        """Set the mode; latents cached for inference are forgotten."""
        self._latent_table = None
        super().train(mode)
        return self

    def encode_states(self, ids: Int[Tensor, "B S"]) -> Float[Tensor, "B S D"]:
        """Return the latents of states, one a slot, in [-1, 1]; ids from `Vocabulary.state_ids`."""
        if self.training:
            return self.state_vae.latent_table()[ids]
        if self._latent_table is None:
            self._latent_table = self.state_vae.latent_table().detach()
        return self._latent_table[ids]

    def state_logits(self, latents: Float[Tensor, "*N D"]) -> Float[Tensor, "*N A"]:
        """Return the logits of each slot's token, over the A tokens of the declared range."""
        return self.state_vae.logits(latents)

    def encode_code(self, ids: Int[Tensor, "B T"]) -> Float[Tensor, "B C"]:
        """Return the code latents of core lines; ids from `Vocabulary.core_line_ids`."""
        return self.code_vae.encode(ids)

    def code_logits(self, latents: Float[Tensor, "B C"]) -> Float[Tensor, "B T A"]:
        """Return the logits of a core line's four tokens."""
        return self.code_vae.logits(latents)

    def execute(self, states: Float[Tensor, "B S D"], codes: Float[Tensor, "B C"]) -> Float[Tensor, "B S D"]:
        """Return the state latents after one core line each."""
        return self.executor(states, self.code_vae.expand(codes)).latents
