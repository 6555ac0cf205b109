"""Measure a sums checkpoint: `python -m training.sums.evaluate sums-2d [--write FILE]`.

Exact execution is free-running over every sum in range: number -> state vector, executor, decoded number. The order
of a space is the rank correlation, over all pairs of numbers, of the distance of their vectors with their own. Chains
are sums in a row, each on the vector that the one before left, or on that of the number it decodes to (`snap`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import numpy as np
import typer
from jaxtyping import Bool, Float, Int
from scipy.stats import spearmanr

from latent_repl.errors import UsageError
from latent_repl.machine import Machine
from latent_repl.model.interface import Array
from latent_repl.model.load import load
from latent_repl.model.sums.inference import NumpySums, SumsVAE
from latent_repl.modes import Mode
from training.evaluation.agreement import agreement_figures
from training.sums.objective import next_sums

SEED = 20_200_813  # the date of the post that started it
DRAWN = 20_000
# Points of the box at which the executor is held against the decoder. Chosen.
POINTS = 5_000
# Chains, and after how many of their sums they are looked at. Chosen.
CHAINS, LINKS = 10_000, (1, 2, 4, 8, 16)


def load_sums(name_or_path: str | Path) -> NumpySums:
    """Return a sums model. Raises CheckpointError, and UsageError for a checkpoint of another kind."""
    model = load(name_or_path)
    if not isinstance(model, NumpySums):
        raise UsageError(f"{name_or_path} is no sums model; give one such as sums-2d")
    return model


def after(model: NumpySums, states: Float[Array, "B D"], codes: Float[Array, "B C"]) -> Float[Array, "B D"]:
    """Return the state vectors that code vectors lead to from state vectors."""
    return Machine(model).step(model.states_of(states), model.codes_of(codes))[:, 0]


def every_sum(model: NumpySums) -> Float[Array, "N N N"]:
    """Return the log-probability of each number after each first number and each summand, all in order of value."""
    states, codes = model.state_vae.table, model.code_vae.table
    rows = []
    for state in states:
        logits = model.state_vae.number_logits(after(model, np.tile(state, (len(codes), 1)), codes))
        rows.append(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))
    return np.stack(rows)


def exact(nats: Float[Array, "N N N"], numbers: Int[Array, " N"]) -> Bool[Array, " S"]:
    """Return for every sum in range whether its result is the likeliest number."""
    wanted = numbers[:, None] + numbers
    return (numbers[nats.argmax(2)] == wanted)[np.abs(wanted) <= numbers.max()]


def lowest_loss(nats: Float[Array, "N N N"], numbers: Int[Array, " N"]) -> dict[str, float]:
    """Return how often the summand of least loss is the solution, or near, over all solvable `a + ? == b`."""
    solution = numbers - numbers[:, None]
    best = numbers[nats.argmax(1)]
    off = np.abs(best - solution)[np.abs(solution) <= numbers.max()]
    return {
        "exact": float((off == 0).mean()),
        "within 1": float((off <= 1).mean()),
        "within 2": float((off <= 2).mean()),
    }


def chains(model: NumpySums, mode: Mode) -> dict[str, float]:
    """Return the share of chains whose state decodes right after so many sums, results in range alone."""
    generator, vae, maximum = np.random.default_rng(SEED), model.state_vae, model.config.maximum
    wanted = generator.integers(-maximum, maximum, CHAINS, endpoint=True)
    states, right = vae.table[wanted + maximum], dict[str, float]()
    for link in range(1, max(LINKS) + 1):
        summands, wanted = next_sums(wanted, maximum, generator)
        states = after(model, states, model.code_vae.table[summands + maximum])
        told = vae.decode(states)
        right[str(link)] = float((told == wanted).mean())
        if mode == "snap":
            states = vae.table[told + maximum]
    return {str(link): right[str(link)] for link in LINKS}


def order(vae: SumsVAE, numbers: Int[Array, " N"]) -> float:
    """Return the rank correlation of distance in the latent space with distance in value."""
    first, second = np.triu_indices(len(numbers), 1)
    apart = np.linalg.norm(vae.table[first] - vae.table[second], axis=1)
    return float(spearmanr(apart, np.abs(numbers[first] - numbers[second])).statistic)


def coverage(vae: SumsVAE) -> dict[str, float]:
    """Return what uniform draws from the box decode to: how many of the numbers, and how evenly.

    distance: mean from a draw to the nearest encoded number, in the box's half width times the root of the dimensions.
    """
    generator = np.random.default_rng(SEED)
    points = generator.uniform(-1, 1, (DRAWN, vae.table.shape[1])).astype(np.float32)
    counts = np.bincount(vae.decode(points) + len(vae.table) // 2, minlength=len(vae.table))
    shares = counts[counts > 0] / DRAWN
    return {
        "numbers": float((counts > 0).mean()),
        "perplexity": float(np.exp(-(shares * np.log(shares)).sum())),
        "distance": float(np.mean(nearest(points[:2000], vae.table)) / np.sqrt(vae.table.shape[1])),
    }


def nearest(points: Float[Array, "M D"], table: Float[Array, "N D"]) -> Float[Array, " M"]:
    """Return each point's distance to the nearest row of the table."""
    squared = (points**2).sum(1)[:, None] + (table**2).sum(1) - 2 * points @ table.T
    return np.sqrt(np.maximum(squared.min(1), 0))


def figures(model: NumpySums) -> dict[str, Any]:
    """Return every figure of a checkpoint."""
    nats, numbers = every_sum(model), model.numbers
    right = exact(nats, numbers)
    return {
        "range": [model.config.minimum, model.config.maximum],
        "sums": len(right),
        "exact": float(right.mean()),
        "chain": {mode: chains(model, mode) for mode in get_args(Mode)},
        "lowest_loss": lowest_loss(nats, numbers),
        "reconstruction": {
            name: float((vae.decode(vae.table) == numbers).mean()) for name, vae in _spaces(model).items()
        },
        "order": {name: order(vae, numbers) for name, vae in _spaces(model).items()},
        "coverage": {name: coverage(vae) for name, vae in _spaces(model).items()},
        "box": box_figures(model),
    }


def box_figures(model: NumpySums) -> dict[str, Any]:
    """Return how the executor agrees with the code decoder over the box, sums in range alone."""
    generator = np.random.default_rng(SEED)
    first, drawn = generator.integers(0, len(model.numbers), (2, POINTS))
    empty = (None,) * (model.config.slots - 1)
    states = [(int(model.numbers[place]), *empty) for place in first]
    return agreement_figures(model, model.code_vae.table[drawn], states, whole=model.codes_of)


def _spaces(model: NumpySums) -> dict[str, SumsVAE]:
    return {"state": model.state_vae, "code": model.code_vae}


def main(checkpoint: str, write: Path | None = None) -> None:
    """Print the figures of CHECKPOINT as JSON, and write them to a file on request."""
    text = json.dumps(figures(load_sums(checkpoint)), indent=1)
    typer.echo(text)
    if write is not None:
        write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
