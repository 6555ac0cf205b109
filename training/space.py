"""Is the code space worth searching? Distance against behaviour, midpoints, and samples of the prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from grammar.sample import Mixture, sample
from latent_repl.model.interface import Interpreter


def space_figures(model: Interpreter, *, lines: int = 300, states: int = 100, seed: int = 0) -> dict[str, float]:
    """Return how code latents relate to what their core lines do.

    rank_correlation: Spearman's, of the distance of two code latents and the distance of their behaviour, that is
    how many slots differ in the states that they lead to from `states` states, over pairs of lines.
    between: share of the midpoints of two code latents that decode to neither end.
    valid: share of points drawn from the prior, uniform on [-1, 1], that decode to a core line of Lx.
    """
    generator = np.random.default_rng(seed)
    chain = sample(
        generator, Mixture(maximum=model.config.maximum, split="all"), model.vocabulary, count=lines, steps=1
    )
    given = sample(generator, Mixture(maximum=model.config.maximum), model.vocabulary, count=states, steps=1)
    codes = model.encode_code(chain.lines[0])
    first, second = generator.integers(0, lines, (2, 20 * lines))
    distance = np.linalg.norm(codes[first] - codes[second], axis=1)
    reached = _reached(model, given.states[0], codes)
    behaviour = (reached[first] != reached[second]).mean((1, 2))
    middle = _decode(model, (codes[first] + codes[second]) / 2)
    ends = [(middle == _decode(model, codes[end])).all(1) for end in (first, second)]
    different = (chain.lines[0][first] != chain.lines[0][second]).any(1)
    prior = _decode(model, generator.uniform(-1, 1, (2000, codes.shape[1])).astype(np.float32))
    return {
        "rank_correlation": float(spearmanr(distance[different], behaviour[different]).statistic),
        "between": float((~ends[0] & ~ends[1])[different].mean()),
        "valid": float(np.mean([model.vocabulary.core_line(row) is not None for row in prior.tolist()])),
    }


def _reached(model: Interpreter, ids: NDArray[np.int64], codes: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the decoded states (lines, states, S) that every line leads to from every state."""
    latents = model.encode_states(ids)
    return np.stack(
        [model.decode_states(model.execute(latents, np.repeat(code[None], len(ids), axis=0)))[0] for code in codes]
    )


def _decode(model: Interpreter, codes: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.asarray(model.code_logits(codes).argmax(-1))
