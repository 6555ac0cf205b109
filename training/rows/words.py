"""What is minimised while both VAEs find their places: every token and every kind of line, no step executed.

tokens --state encoder--> at their anchors --noise, state decoder--> themselves
lines  --code encoder-->  spread evenly    --noise, code decoder-->  themselves, by a lead
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.network.interpreter import LatentInterpreter
from training.evaluation.misread import held_tokens
from training.losses import POOLED, mmd_to_prior, noisy, reading
from training.objective import Terms

# Weight of a token's distance from its anchor. Chosen.
PLACED = 100.0
# Numbers in a step's reconstruction, beside all other tokens. Chosen.
NUMBERS = 256


def token_groups(vocabulary: Vocabulary) -> tuple[Int[Tensor, " W"], Int[Tensor, " N"]]:
    """Return the ids of what is held that is no number, the empty slot included, and of numbers."""
    held, first = torch.tensor(held_tokens(vocabulary)), vocabulary.value_id(0)
    return held[held < first], held[held >= first]


def word_losses(
    model: LatentInterpreter,
    lines: Int[Tensor, "B T"],
    tokens: tuple[Int[Tensor, " W"], Int[Tensor, " N"]],
    places: Float[Tensor, "A D"],
    noise: float,
    mmd: float,
) -> tuple[Float[Tensor, ""], Terms]:
    """Return the total loss and its terms; tokens: as `token_groups` has them, places: the anchors of all tokens."""
    table, codes = model.state_vae.latent_table(), model.encode_code(lines)
    words, numbers = tokens
    some = numbers[torch.randint(len(numbers), (NUMBERS,), device=numbers.device)]
    ids = torch.cat([words, some])
    decoded = model.state_logits(noisy(table[ids], 2 * noise))
    code, leads = reading(model.code_logits(noisy(codes, noise)), lines)
    terms = {
        "placed": PLACED * (table - places).square().mean(),
        "state": nn.functional.cross_entropy(decoded, ids),
        "code": code,
        "mmd": mmd * (mmd_to_prior(table[some[:POOLED]]) + mmd_to_prior(codes[:POOLED])),
    }
    told = {name: term.detach() for name, term in terms.items()} | {"misread": (leads <= 0).float().mean()}
    return torch.stack([*terms.values()]).sum(), told
