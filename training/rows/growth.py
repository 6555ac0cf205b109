"""The old weights in a model of more words: columns and rows of the feature table are found by their words' names."""

from __future__ import annotations

import torch
from torch import Tensor

from latent_repl.errors import UsageError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.load import load_reference
from latent_repl.model.network.interpreter import LatentInterpreter

BY_WORD = ("tokens.inward.weight", "tokens.outward.weight", "tokens.outward.bias")
"""How the names of weights end that have a column or a row for each word."""


def columns(vocabulary: Vocabulary, width: int) -> list[str]:
    """Return the names of a feature table's columns: words, then numbered features."""
    return [*vocabulary.symbols, *(f"feature {place}" for place in range(width - len(vocabulary.symbols)))]


@torch.no_grad()
def grow(model: LatentInterpreter, checkpoint: str) -> None:
    """Load a checkpoint's weights into a model that has all of its words, and more.

    Its new words begin at old ones, unless the checkpoint has rows itself. Raises CheckpointError, and UsageError for
    other sizes.
    """
    older: LatentInterpreter = load_reference(checkpoint)
    take_over(model, older)
    if not older.config.rows:
        _begin_at_old_words(model, older.vocabulary)


@torch.no_grad()
def take_over(model: LatentInterpreter, older: LatentInterpreter) -> None:
    """Give a model all weights of another one, whose words it has. Raises UsageError for other sizes."""
    width = model.state_vae.tokens.table.shape[1]
    old_width = older.state_vae.tokens.table.shape[1]
    place_of = {name: place for place, name in enumerate(columns(model.vocabulary, width))}
    places = torch.tensor([place_of[name] for name in columns(older.vocabulary, old_width)])
    weights = dict(model.state_dict())
    for name, old in older.state_dict().items():
        axis = 1 if name.endswith(BY_WORD[0]) else 0 if name.endswith(BY_WORD) else None
        if axis is None:
            weights[name] = old
        else:
            weights[name] = weights[name].clone().index_copy_(axis, places, old)
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise UsageError(f"the checkpoint has other weights than the config asks for: {error}") from error


@torch.no_grad()
def _begin_at_old_words(model: LatentInterpreter, older: Vocabulary) -> None:
    """Give each new word the embedding of an old one to begin with, a little away from it."""
    symbols = model.vocabulary.symbols
    fresh = [place for place, word in enumerate(symbols) if word not in older.ids]
    for vae in (model.state_vae, model.code_vae):
        embedded = vae.tokens.inward.weight
        spread = embedded[:, : len(symbols)].std()
        numbers = torch.randint(0, 100, (len(fresh),)) + model.vocabulary.ids["0"]
        like = vae.tokens.embed(numbers) - vae.tokens.inward.bias
        embedded[:, fresh] = like.T + 0.5 * spread * torch.randn(embedded.shape[0], len(fresh))
        vae.tokens.outward.weight[fresh] = 0
        vae.tokens.outward.bias[fresh] = 0


def train_new_words_only(model: LatentInterpreter, older: Vocabulary) -> None:
    """Hold what the feature tables' weights have for old words where it is, whatever the gradients."""
    for vae in (model.state_vae, model.code_vae):
        names = columns(model.vocabulary, vae.tokens.table.shape[1])
        mine = torch.tensor([float(name not in older.ids and not name.startswith("feature ")) for name in names])
        vae.tokens.inward.weight.register_hook(lambda gradient, mine=mine: gradient * mine.to(gradient))
        vae.tokens.inward.bias.register_hook(torch.zeros_like)
        vae.tokens.outward.weight.register_hook(lambda gradient, mine=mine: gradient * mine[:, None].to(gradient))
        vae.tokens.outward.bias.register_hook(lambda gradient, mine=mine: gradient * mine.to(gradient))


def old_vocabulary(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary without the words that only rows need."""
    return Vocabulary.fresh(vocabulary.slots, vocabulary.limit)


def new_symbols(model: LatentInterpreter) -> Tensor:
    """Return the ids of the words that only rows need."""
    older = old_vocabulary(model.vocabulary)
    return torch.tensor([place for place, word in enumerate(model.vocabulary.symbols) if word not in older.ids])
