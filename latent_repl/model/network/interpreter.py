"""The three networks as one torch model: what is trained, and what a checkpoint holds."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from latent_repl.language.operators import TABLE
from latent_repl.language.vocabulary import CORE_LINE_TOKENS, OPERATOR, Vocabulary
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.embedding import TokenEmbedding, features_of
from latent_repl.model.network.executor import Executor, clipped
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
        self.executor = Executor(config, self.vocabulary.operators)
        self.mover = Mover(config, self.vocabulary) if config.rows else None
        self._latent_table: Tensor | None = None
        ids, self._none = self.vocabulary.ids, self.vocabulary.value_id(None)
        self._words = np.zeros((CORE_LINE_TOKENS, len(self.vocabulary)), dtype=bool)
        for place, words in enumerate(self.vocabulary.places):
            self._words[place, [ids[word] for word in words]] = True
        self._words[:, self._none] = False
        self._arity = np.array([TABLE[word].arity if word in TABLE else 0 for word in self.vocabulary.tokens])
        self._addresses = np.array([ids[address] for address in self.vocabulary.addresses])
        self._operators = np.array([ids[symbol] for symbol in self.vocabulary.operators])
        self.post_init()

    def _init_weights(self, module: Any) -> None:
        """Keep torch's and T5's own initialisation; fill the fixed tables, which no checkpoint stores."""
        if isinstance(module, TokenEmbedding):
            table = features_of(self.config, self.vocabulary)
            module.table = table.to(module.table.device)
        elif isinstance(module, Executor) and module.units is not None:
            module.units = module.shared_out().to(module.units.device)

    def train(self, mode: bool = True) -> LatentInterpreter:
        """Set the mode; latents cached for inference are forgotten."""
        self._latent_table = None
        super().train(mode)
        return self

    def encode_states(self, ids: Int[Tensor, "B S"]) -> Float[Tensor, "B S D"]:
        """Return the latents of states, one a slot, in [-1, 1]; ids from `Vocabulary.state_ids`."""
        return self.encoded_table()[ids]

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
        """Return the state latents after one core line each, as the code decoder reads it.

        The likeliest word at each place is taken; derivatives are those of all words' probabilities.
        Source: the straight-through estimator, Bengio et al., 2013.
        """
        slots, shares = states[:, :-1], self._shares(codes)
        addressed, (target, operator) = shares[..., self._addresses], shares[:, :2].unbind(1)
        literals = shares.index_fill(-1, torch.from_numpy(self._addresses).to(shares.device), 0) @ self.encoded_table()
        operands = addressed[:, 2:] @ slots + literals[:, 2:]
        step = self.executor.blend(operator[:, self._operators], operands)
        gate = target[:, self._addresses] * clipped(step.writes)[:, None]
        after = torch.lerp(slots, step.value[:, None].expand_as(slots), gate[..., None])
        return torch.cat([after, step.status[:, None]], 1)

    def encoded_table(self) -> Float[Tensor, "A D"]:
        """Return the latents of all active tokens, those cached for inference if it is that."""
        if self.training:
            return self.state_vae.latent_table()
        if self._latent_table is None:
            with torch.inference_mode(False), torch.no_grad():  # it may be met again where there are derivatives
                self._latent_table = self.state_vae.latent_table()
        return self._latent_table

    def _shares(self, codes: Float[Tensor, "B C"]) -> Float[Tensor, "B T A"]:
        """Return 1 for the likeliest word at each place, of those that may stand there, and 0 for all others; `none` is
        the word for an operand that the operator does not take."""
        logits = self.code_logits(codes)
        words, arity = (torch.from_numpy(each).to(logits.device) for each in (self._words, self._arity))
        shares = logits.masked_fill(~words[:, : logits.shape[-1]], -torch.inf).softmax(-1)
        chosen = shares.argmax(-1)
        taken = torch.arange(len(words), device=chosen.device) - OPERATOR <= arity[chosen[:, OPERATOR]][:, None]
        told = nn.functional.one_hot(torch.where(taken, chosen, self._none), shares.shape[-1])
        return told + (shares - shares.detach()) * taken[..., None]
