"""What a thousand steps do to a latent: of a variable that no line touches, and of one that every line rewrites."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from latent_repl.language.operators import COPY
from latent_repl.language.program import CoreLine, Slot
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter

# s0 is untouched; s1 and s2 rewrite each other with the same value, a copy at every step.
UNTOUCHED, THERE, BACK = Slot(0), Slot(1), Slot(2)


def drift(
    model: Interpreter, *, steps: int = 1000, count: int = 200, seed: int = 0
) -> dict[str, dict[str, dict[str, float]]]:
    """Return for both variables, after 1, 2, 4, ... and `steps` steps: how many still decode to their value, and how
    far their latents lie from the encoder's, as a share of the distance between neighbouring integers (the median).

    The chain is fed by its own latents throughout.
    """
    generator = np.random.default_rng(seed)
    values = generator.integers(model.config.minimum, model.config.maximum + 1, (count, 2))
    states = [[int(still), int(moved), int(moved)] + [None] * (model.config.slots - 3) for still, moved in values]
    machine, gap = Machine(model), neighbour_distance(model)
    codes = machine.code_latents([CoreLine(a, COPY, b) for a, b in ((THERE, BACK), (BACK, THERE))])
    latents = start = machine.encode(states)
    followed = {"untouched": UNTOUCHED.index, "rewritten": THERE.index}
    figures: dict[str, dict[str, dict[str, float]]] = {name: {} for name in followed}
    for step in range(1, steps + 1):
        latents = machine.step(latents, np.repeat(codes[step % 2][None], count, axis=0))
        if step & (step - 1) == 0 or step == steps:
            for name, index in followed.items():
                figures[name][str(step)] = _compare(model, latents[:, index], start[:, index], gap)
    return figures


def neighbour_distance(model: Interpreter) -> float:
    """Return the median distance between the latents of neighbouring integers."""
    values = range(model.config.minimum, model.config.maximum + 1)
    ids = [model.vocabulary.value_id(value) for value in values]
    latents = model.encode_states(np.array([ids]))[0]
    return float(np.median(np.linalg.norm(np.diff(latents, axis=0), axis=1)))


def _compare(model: Interpreter, after: NDArray[Any], before: NDArray[Any], gap: float) -> dict[str, float]:
    decoded, wanted = (model.decode_states(latents[:, None])[0][:, 0] for latents in (after, before))
    return {
        "exact": float((decoded == wanted).mean()),
        "distance": float(np.linalg.norm(after - before, axis=1).mean()) / gap,
    }
