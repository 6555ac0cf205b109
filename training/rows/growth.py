"""The old weights in a model of more words or a deeper trunk, which at first does what the old one did.

Columns and rows of the feature table are found by their words' names; further layers begin by adding nothing.
"""

from __future__ import annotations

import torch

from latent_repl.errors import UsageError
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.load import load_reference
from latent_repl.model.network.interpreter import LatentInterpreter

BY_WORD = ("tokens.inward.weight", "tokens.outward.weight", "tokens.outward.bias")
"""How the names of weights end that have a column or a row for each word."""

OPERATORS = "executor.operators.weight"
"""The name of the weights that have a row for each operator."""
LAST_OF_A_LAYER = ".wo.weight"
"""How the name of the matrix ends whose product a layer of the trunk adds to what it was given."""


def columns(vocabulary: Vocabulary, width: int) -> list[str]:
    """Return the names of a feature table's columns: words, then numbered features."""
    return [*vocabulary.symbols, *(f"feature {place}" for place in range(width - len(vocabulary.symbols)))]


@torch.no_grad()
def grow(model: LatentInterpreter, checkpoint: str) -> Vocabulary:
    """Load a checkpoint's weights into a model that has all of its words, and more; return the checkpoint's words.

    Its new words begin at old ones. Raises CheckpointError, and UsageError for other sizes.
    """
    older = load_reference(checkpoint)
    if not isinstance(older, LatentInterpreter):
        raise UsageError(f"{checkpoint} is a sums model; the config asks for one of core lines")
    take_over(model, older)
    _begin_at_old_words(model, older.vocabulary)
    return older.vocabulary


@torch.no_grad()
def take_over(model: LatentInterpreter, older: LatentInterpreter) -> None:
    """Give a model all weights of another one, whose words it has and whose trunk is no deeper.

    Raises UsageError for other sizes.
    """
    width = model.state_vae.tokens.table.shape[1]
    old_width = older.state_vae.tokens.table.shape[1]
    place_of = {name: place for place, name in enumerate(columns(model.vocabulary, width))}
    names = columns(older.vocabulary, old_width)
    if unknown := [name for name in names if name not in place_of]:
        raise UsageError(f"the checkpoint has {len(unknown)} words that the config has no place for, as {unknown[0]}")
    places = torch.tensor([place_of[name] for name in names])
    weights = dict(model.state_dict())
    for name, old in older.state_dict().items():
        axis = 1 if name.endswith(BY_WORD[0]) else 0 if name.endswith(BY_WORD) else None
        if name == OPERATORS:
            places_of = [model.vocabulary.operators.index(symbol) for symbol in older.vocabulary.operators]
            weights[name] = weights[name].clone().index_copy_(0, torch.tensor(places_of), old)
        elif axis is None:
            weights[name] = old
        else:
            weights[name] = weights[name].clone().index_copy_(axis, places, old)
    for name in weights.keys() - older.state_dict().keys():
        if name.startswith("executor.trunk.") and name.endswith(LAST_OF_A_LAYER):
            weights[name] = torch.zeros_like(weights[name])
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise UsageError(f"the checkpoint has other weights than the config asks for: {error}") from error


@torch.no_grad()
def _begin_at_old_words(model: LatentInterpreter, older: Vocabulary) -> None:
    """Give each new word the embedding of an old one to begin with, a little away from it: a slot that of another slot,
    what rows need that of a number."""
    symbols = model.vocabulary.symbols
    fresh = [place for place, word in enumerate(symbols) if word not in older.ids]
    first, count = model.vocabulary.ids["s0"], older.slots
    number = model.vocabulary.ids["0"]
    known = {*model.vocabulary.addresses}
    begin = [first + place % count if symbols[place] in known else number + place % 100 for place in fresh]
    for vae in (model.state_vae, model.code_vae):
        embedded = vae.tokens.inward.weight
        spread = embedded[:, : len(symbols)].std()
        like = vae.tokens.embed(torch.tensor(begin, dtype=torch.long)) - vae.tokens.inward.bias
        embedded[:, fresh] = like.T + 0.5 * spread * torch.randn(embedded.shape[0], len(fresh))
        vae.tokens.outward.weight[fresh] = 0
        vae.tokens.outward.bias[fresh] = 0


def train_new_words_only(model: LatentInterpreter, older: Vocabulary) -> None:
    """Hold what feature tables' weights have for old words where it is, whatever the gradients."""
    for vae in (model.state_vae, model.code_vae):
        names = columns(model.vocabulary, vae.tokens.table.shape[1])
        mine = torch.tensor([float(name not in older.ids and not name.startswith("feature ")) for name in names])
        vae.tokens.inward.weight.register_hook(lambda gradient, mine=mine: gradient * mine.to(gradient))
        vae.tokens.inward.bias.register_hook(torch.zeros_like)
        vae.tokens.outward.weight.register_hook(lambda gradient, mine=mine: gradient * mine[:, None].to(gradient))
        vae.tokens.outward.bias.register_hook(lambda gradient, mine=mine: gradient * mine.to(gradient))
