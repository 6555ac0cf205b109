"""The two autoencoders: states and core lines to latents in [-1, 1] and back.

Source: the post's "Architecture"; T5 encoder, a bottleneck, T5 decoder, regularised by MMD (`training/losses.py`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from latent_repl.language.vocabulary import CORE_LINE_TOKENS, Vocabulary
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.embedding import TokenEmbedding
from latent_repl.model.network.trunk import Gelu
from latent_repl.shapes import Float, Int

# Logarithms of scales before tanh: what training begins with, and the least and the most there is. Chosen.
NARROW, SCALES = -2.0, (-7.0, 1.0)


def narrow(width: int, latents: int) -> nn.Linear:
    """Return the layer that makes a stochastic encoder's scales; at first all are alike."""
    layer = nn.Linear(width, latents)
    nn.init.zeros_(layer.weight)
    nn.init.constant_(layer.bias, NARROW)
    return layer


class StateVAE(nn.Module):
    """Each slot becomes one latent token, all slots at once.

    A slot is encoded by itself: its latent must not depend on its neighbours', else an untouched slot's latent
    would have to change with every line. So the encoder is a function of one token, and a batch of states is a
    look-up in the latents of all active tokens.
    """

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.tokens = TokenEmbedding(config, vocabulary)
        self.encoder = config.stack(config.autoencoder_layers)
        self.to_latent = nn.Linear(config.width, config.state_latent)
        self.from_latent = nn.Linear(config.state_latent, config.width)
        self.decoder = config.stack(config.autoencoder_layers)

    def latent_table(self) -> Float[Tensor, "A D"]:
        """Return the latents of all active tokens, in [-1, 1]."""
        return torch.tanh(self.to_latent(self.encoded())).float()

    def encoded(self) -> Float[Tensor, "A W"]:
        """Return what the encoder makes of all active tokens."""
        ids = torch.arange(self.tokens.active, device=self.tokens.table.device)
        hidden: Tensor = self.encoder(inputs_embeds=self.tokens.embed(ids[:, None])).last_hidden_state[:, 0]
        return hidden

    def logits(self, latents: Float[Tensor, "*N D"]) -> Float[Tensor, "*N A"]:
        """Return the logits of the token behind each latent."""
        flat = latents.reshape(-1, 1, latents.shape[-1])
        hidden = self.decoder(inputs_embeds=self.from_latent(flat)).last_hidden_state
        return self.tokens.logits(hidden).reshape(*latents.shape[:-1], -1)


class CodeVAE(nn.Module):
    """A whole core line becomes one latent vector; a learned expansion turns it back into a few token vectors.

    A stochastic one has a scale beside the mean, which training draws from; what runs reads the mean alone.
    """

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.code_tokens, self.width = config.code_tokens, config.width
        self.tokens = TokenEmbedding(config, vocabulary)
        self.encoder = config.stack(config.autoencoder_layers)
        self.to_latent = nn.Linear(CORE_LINE_TOKENS * config.width, config.code_latent)
        self.to_scale = narrow(CORE_LINE_TOKENS * config.width, config.code_latent) if config.stochastic else None
        self.expansion = nn.Sequential(
            nn.Linear(config.code_latent, 2 * config.width),
            Gelu(),
            nn.Linear(2 * config.width, config.code_tokens * config.width),
        )
        self.decoder = config.stack(config.autoencoder_layers)

    def encode(self, ids: Int[Tensor, "B T"]) -> Float[Tensor, "B C"]:
        """Return one latent in [-1, 1] for the four tokens of each core line."""
        return torch.tanh(self.to_latent(self.encoded(ids))).float()

    def encoded(self, ids: Int[Tensor, "B T"]) -> Float[Tensor, "B _"]:
        """Return what the encoder makes of the four tokens of each core line."""
        hidden: Tensor = self.encoder(inputs_embeds=self.tokens.embed(ids)).last_hidden_state
        return hidden.flatten(1)

    def posterior(self, ids: Int[Tensor, "B T"]) -> tuple[Float[Tensor, "B C"], Float[Tensor, "B C"]]:
        """Return mean and logarithm of the scale of each core line, before the tanh that leads into the box."""
        assert self.to_scale is not None, "a stochastic code VAE has scales"
        hidden = self.encoded(ids)
        return self.to_latent(hidden).float(), self.to_scale(hidden).float().clamp(*SCALES)

    def expand(self, latents: Float[Tensor, "B C"]) -> Float[Tensor, "B N W"]:
        """Return the token vectors that the decoder and the executor read."""
        vectors: Tensor = self.expansion(latents)
        return vectors.view(-1, self.code_tokens, self.width)

    def logits(self, latents: Float[Tensor, "B C"]) -> Float[Tensor, "B T A"]:
        """Return the logits of the four tokens behind each latent."""
        return self.tokens.logits(self.decoder(inputs_embeds=self.expand(latents)).last_hidden_state)
