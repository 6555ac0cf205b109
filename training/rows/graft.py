"""A checkpoint with rows, on top of newer weights of the checkpoint that it grew from.

    python -m training.rows.graft runs/base-rows/checkpoint base OUT

What rows have added depends on the two VAEs alone, so the executor's trunk and what
follows it can be trained on without rows. Everything that the newer checkpoint has is taken from there.
"""

from __future__ import annotations

from pathlib import Path

import typer

from latent_repl.errors import UsageError
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.interpreter import LatentInterpreter
from training.rows.growth import take_over

# How far a latent or a code may be from where the older weights put it. Chosen: half precision keeps more.
SAME = 1e-3


def grafted(with_rows: str, newer: str) -> LatentInterpreter:
    """Return the model of a checkpoint with rows, with all weights that another one has taken from that.

    Raises UsageError if these put values elsewhere than the older ones, on which the rows depend.
    """
    model: LatentInterpreter = load_reference(with_rows)
    newest: LatentInterpreter = load_reference(newer)
    before = model.state_vae.latent_table().detach()
    take_over(model, newest)
    moved = (model.state_vae.latent_table() - before).abs().max() > SAME
    if moved:
        raise UsageError(f"{newer} puts values elsewhere than {with_rows}; train the rows on top of it")
    return model


def main(with_rows: str, newer: str, out: Path) -> None:
    """Write to OUT the checkpoint WITH_ROWS on top of the weights of NEWER."""
    save(grafted(with_rows, newer), out)


if __name__ == "__main__":
    typer.run(main)
