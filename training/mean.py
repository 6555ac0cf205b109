"""The mean of several checkpoints' weights: `python -m training.mean OUT NAME NAME...`.

Runs that went on from the same weights err on different pairs; their mean errs on fewer than any of them, and is no
slower. Source: Wortsman et al., 2022, "Model soups".
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from latent_repl.errors import UsageError
from latent_repl.model.load import load_reference
from latent_repl.model.network.backend import save


def main(out: Path, checkpoints: list[str]) -> None:
    """Write to OUT the checkpoint whose weights are the mean of those of CHECKPOINTS."""
    save_mean(out, checkpoints)


def save_mean(out: Path, checkpoints: Sequence[str]) -> None:
    """Write the mean of checkpoints' weights as a checkpoint. Raises UsageError for weights of several sizes."""
    models = [load_reference(checkpoint) for checkpoint in checkpoints]
    states = [model.state_dict() for model in models]
    shapes = [{name: weight.shape for name, weight in state.items()} for state in states]
    if any(each != shapes[0] for each in shapes):
        raise UsageError("these checkpoints are not of the same sizes; give runs that went on from the same weights")
    models[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    save(models[0], out)


if __name__ == "__main__":
    typer.run(main)
