"""The configuration that a model is trained with, and the T5 stacks it asks for."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig, T5Config
from transformers.models.t5.modeling_t5 import T5Stack

from latent_repl.model.shape import FORMAT, MODEL_TYPE


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
        state_latent: int = 32,
        code_latent: int = 64,
        code_tokens: int = 4,
        width: int = 128,
        heads: int = 4,
        feed_forward: int = 384,
        autoencoder_layers: int = 1,
        executor_layers: int = 5,
        number_features: bool = True,
        **rest: Any,
    ) -> None:
        self.format = format
        self.slots, self.limit, self.maximum = slots, limit, maximum
        self.state_latent, self.code_latent, self.code_tokens = state_latent, code_latent, code_tokens
        self.width, self.heads, self.feed_forward = width, heads, feed_forward
        self.autoencoder_layers, self.executor_layers = autoencoder_layers, executor_layers
        self.number_features = number_features
        super().__init__(**rest)

    @property
    def minimum(self) -> int:
        """Smallest value of the declared range."""
        return -self.maximum

    def stack(self, layers: int, *, reads: bool = False, feed_forward: int | None = None) -> T5Stack:
        """Return a T5 stack without token embeddings; one that `reads` attends to a second sequence as well."""
        t5 = T5Config(
            vocab_size=1,
            d_model=self.width,
            d_kv=self.width // self.heads,
            d_ff=feed_forward or self.feed_forward,
            num_layers=layers,
            num_heads=self.heads,
            feed_forward_proj="gated-gelu",
            dropout_rate=0.0,
            is_decoder=reads,
            use_cache=False,
            eos_token_id=None,
            pad_token_id=None,
        )
        t5.dense_act_fn = "gelu_pytorch_tanh"  # the same function as T5's own, in one kernel
        t5._attn_implementation = "eager"
        stack = T5Stack(t5)
        del stack.embed_tokens  # every caller gives vectors
        return stack
