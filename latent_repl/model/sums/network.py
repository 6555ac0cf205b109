"""The model of the post's first experiment: a number, a summand, and the number after it, each one latent vector.

number --state VAE--> state vector --executor(, code vector)--> state vector --state VAE--> number

The number is the whole state and the summand is the whole code: `71` and `-53` lead to `18`. There is no status,
no second variable and no other operator.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from latent_repl.language.operators import STATUS_OK
from latent_repl.language.vocabulary import NONE, Vocabulary
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.embedding import TokenEmbedding, features_of
from latent_repl.model.network.vae import SCALES, StateVAE, narrow
from latent_repl.model.shape import SUMS_TYPE
from latent_repl.model.sums.marks import EMPTY, FINE, NEVER, SHARPNESS, inside
from latent_repl.shapes import Float, Int


class SumsConfig(LatentConfig):
    """Sizes of a sums model: `state_latent` and `code_latent` are the dimensions of the two vectors."""

    model_type = SUMS_TYPE

    def __init__(
        self,
        *,
        slots: int = 4,
        limit: int = 99,
        state_latent: int = 2,
        code_latent: int = 2,
        width: int = 64,
        heads: int = 2,
        feed_forward: int = 192,
        executor_layers: int = 2,
        number_features: bool = False,
        stochastic: bool = False,
        projected: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(
            slots=slots,
            limit=limit,
            state_latent=state_latent,
            code_latent=code_latent,
            width=width,
            heads=heads,
            feed_forward=feed_forward,
            executor_layers=executor_layers,
            number_features=number_features,
            stochastic=stochastic,
            projected=projected,
            **rest,
        )


class SummandVAE(StateVAE):
    """A VAE in full for the summands: its encoder gives a mean and a scale, its decoder says what a point means.

    The mean, through tanh, is a summand's latent; the scale says how much of the box belongs to it, and training draws
    from both. A point between latents is read as the latent of the summand that it decodes to, so that the executor
    and the decoder cannot take it for two different ones.
    """

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary) -> None:
        super().__init__(config, vocabulary)
        self.symbols = len(vocabulary.symbols)
        self.to_scale = narrow(config.width, config.code_latent)

    def posterior(self) -> tuple[Float[Tensor, "A C"], Float[Tensor, "A C"]]:
        """Return mean and logarithm of the scale of every active token, before the tanh that leads into the box."""
        hidden = self.encoded()
        return self.to_latent(hidden).float(), self.to_scale(hidden).float().clamp(*SCALES)

    def read(self, points: Float[Tensor, "B C"]) -> Float[Tensor, "B C"]:
        """Return the latent of the summand that each point decodes to, with the gradient of the decoder's mean."""
        return most_likely(self.logits(points)[:, self.symbols :], self.latent_table()[self.symbols :])


def most_likely(logits: Float[Tensor, "B N"], latents: Float[Tensor, "N C"]) -> Float[Tensor, "B C"]:
    """Return the latent of the largest logit, with the gradient of the mean of all by their probability.

    Source: the straight-through estimator, Bengio et al., 2013.
    """
    mean = logits.softmax(-1) @ latents
    return mean + (latents[logits.argmax(-1)] - mean).detach()


class SumsExecutor(nn.Module):
    """A T5 encoder over two tokens, the state vector and the code vector; the state's half of the output is kept.

    Source: the post's picture of the architecture, "cut 1st half".
    """

    def __init__(self, config: SumsConfig) -> None:
        super().__init__()
        self.from_state = nn.Linear(config.state_latent, config.width)
        self.from_code = nn.Linear(config.code_latent, config.width)
        self.encoder = config.stack(config.executor_layers)
        self.to_latent = nn.Linear(config.width, config.state_latent)

    def forward(self, states: Float[Tensor, "B D"], codes: Float[Tensor, "B C"]) -> Float[Tensor, "B D"]:
        """Return the state vectors after each summand."""
        tokens = torch.stack([self.from_state(states), self.from_code(codes)], dim=1)
        hidden = self.encoder(inputs_embeds=tokens).last_hidden_state[:, 0]
        return torch.tanh(self.to_latent(hidden)).float()


class SumsModel(PreTrainedModel):
    """State VAE, code VAE and executor of the sums; numbers are ids of `Vocabulary`."""

    config_class = SumsConfig
    config: SumsConfig

    def __init__(self, config: SumsConfig, vocabulary: Vocabulary | None = None) -> None:
        """vocabulary: that of the checkpoint whose weights are to come; a new model has words for all of Lx."""
        super().__init__(config)
        self.vocabulary = vocabulary or Vocabulary.fresh(config.slots, config.limit)
        self.state_vae = StateVAE(config, self.vocabulary)
        code_vae = SummandVAE if config.stochastic else StateVAE  # code is one number as well
        self.code_vae = code_vae(config, self.vocabulary)
        self.executor = SumsExecutor(config)
        self.post_init()

    def _init_weights(self, module: Any) -> None:
        """Keep torch's and T5's own initialisation; fill the fixed table, which no checkpoint stores."""
        if isinstance(module, TokenEmbedding):
            table = features_of(self.config, self.vocabulary)
            module.table = table.to(module.table.device)

    def execute(self, states: Float[Tensor, "B S D"], codes: Float[Tensor, "B E"]) -> Float[Tensor, "B S D"]:
        """Return the state latents after one core line each; latents as `NumpySums` makes them."""
        rows, size = torch.arange(len(states)), self.config.state_latent
        targets, sources = codes[:, :2].detach().round().long().unbind(1)
        starts, summands = codes[:, 2 : 2 + size], codes[:, 2 + size :]
        vectors = torch.where(sources[:, None] >= 0, states[rows, sources.clamp_min(0)], starts)
        if isinstance(self.code_vae, SummandVAE):
            summands = torch.where(inside(summands)[:, None], self.code_vae.read(summands), summands)
        after = torch.where(inside(summands)[:, None], self.projected(self.executor(vectors, summands)), vectors)
        return states.index_put((rows, targets), after)

    def projected(self, executed: Float[Tensor, "B D"]) -> Float[Tensor, "B D"]:
        """Return what the executor makes of states as the next sum finds it; see `NumpySums.projected`."""
        if not self.config.projected:
            return executed
        first = len(self.vocabulary.symbols)
        weights = (self.state_vae.logits(executed)[:, first:] * SHARPNESS).softmax(-1)
        return weights @ self.state_vae.latent_table()[first:]

    def state_logits(self, latents: Float[Tensor, "*N D"]) -> Float[Tensor, "*N A"]:
        """Return the logits of the number behind each latent; marks are what they were made for."""
        logits = self.state_vae.logits(latents)
        words = torch.arange(logits.shape[-1]) < len(self.vocabulary.symbols)
        logits = logits.masked_fill(words, NEVER)
        for mark, token in ((EMPTY, NONE), (FINE, STATUS_OK)):
            only = torch.full_like(logits[0], NEVER).index_fill(-1, torch.tensor(self.vocabulary.ids[token]), 0)
            logits = torch.where((latents[..., 0] == mark)[..., None], only, logits)
        return logits

    def number_ids(self, numbers: Int[Tensor, "*N"]) -> Int[Tensor, "*N"]:
        """Return the ids of numbers in the declared range: 0, 1, -1, 2, -2, ... follow the symbols."""
        return len(self.vocabulary.symbols) + 2 * numbers.abs() - (numbers > 0).long()
