"""The configuration that a model is trained with, and the T5 stacks it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from torch import nn
from transformers import PretrainedConfig, T5Config
from transformers.models.t5.modeling_t5 import T5DenseGatedActDense, T5LayerFF, T5Stack

from latent_repl.model.features import PERIODS
from latent_repl.model.network.trunk import Gelu, Trunk
from latent_repl.model.shape import FORMAT, MODEL_TYPE

M = TypeVar("M", bound=nn.Module)


class LatentConfig(PretrainedConfig):
    """`Shape` for transformers, which wants a configuration class of its own, with defaults and with T5's stacks."""

    model_type = MODEL_TYPE

    def __init__(
        self,
        *,
        format: int = FORMAT,
        slots: int = 12,
        limit: int = 999,
        maximum: int = 99,
        state_latent: int = 48,
        code_latent: int = 128,
        code_tokens: int = 4,
        width: int = 128,
        heads: int = 4,
        feed_forward: int = 384,
        autoencoder_layers: int = 1,
        executor_layers: int = 2,
        trunk_width: int = 256,
        trunk_layers: int = 5,
        number_features: bool = True,
        rows: int = 0,
        cells: int = 0,
        mover_width: int = 256,
        mover_layers: int = 3,
        stochastic: bool = False,
        projected: bool = False,
        periods: Sequence[int] = PERIODS,
        experts: Mapping[str, int] | None = None,
        **rest: Any,
    ) -> None:
        self.format = format
        self.slots, self.limit, self.maximum = slots, limit, maximum
        self.state_latent, self.code_latent, self.code_tokens = state_latent, code_latent, code_tokens
        self.width, self.heads, self.feed_forward = width, heads, feed_forward
        self.autoencoder_layers, self.executor_layers = autoencoder_layers, executor_layers
        self.trunk_width, self.trunk_layers = trunk_width, trunk_layers
        self.number_features = number_features
        self.rows, self.cells = rows, cells
        self.mover_width, self.mover_layers = mover_width, mover_layers
        self.stochastic, self.projected = stochastic, projected
        self.periods = tuple(periods)
        self.experts = dict(experts or {})
        super().__init__(**rest)

    @property
    def minimum(self) -> int:
        """Smallest value of the declared range."""
        return -self.maximum

    def stack(self, layers: int) -> T5Stack:
        """Return a T5 stack without token embeddings."""
        stack = T5Stack(self._t5(self.width, self.feed_forward, layers))
        del stack.embed_tokens  # every caller gives vectors
        return _activated(stack)

    def trunk(self) -> Trunk:
        """Return the trunk of the executor."""
        return self._feed_forwards(self.trunk_width, self.trunk_layers, sum(self.experts.values()))

    def mover_trunk(self) -> Trunk:
        """Return the trunk of the mover."""
        return self._feed_forwards(self.mover_width, self.mover_layers)

    def _feed_forwards(self, width: int, layers: int, hidden: int = 0) -> Trunk:
        """Return T5's feed-forward layers for one vector that is wider than the stacks' tokens; hidden: their units, in
        the stacks' proportion if not given."""
        t5 = self._t5(width, hidden or width * self.feed_forward // self.width, 1)
        return _activated(Trunk(*(T5LayerFF(t5) for _ in range(layers))))

    def _t5(self, width: int, feed_forward: int, layers: int) -> T5Config:
        t5 = T5Config(
            vocab_size=1,
            d_model=width,
            d_kv=width // self.heads,
            d_ff=feed_forward,
            num_layers=layers,
            num_heads=self.heads,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.0,
            use_cache=False,
            eos_token_id=None,
            pad_token_id=None,
        )
        t5._attn_implementation = "eager"
        return t5


def _activated(layers: M) -> M:
    """Give T5's feed-forward layers their activation."""
    for module in layers.modules():
        if isinstance(module, T5DenseGatedActDense):
            module.act = Gelu()
    return layers
