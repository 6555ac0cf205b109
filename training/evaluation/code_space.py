"""Is the code space worth searching? Distance against behaviour, midpoints, and samples of the prior."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from grammar.core_lines.sample import Mixture, sample
from latent_repl.language.program import CoreLine, Slot
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from training.evaluation.agreement import agreement_figures


def space_figures(
    model: Interpreter, *, lines: int = 300, states: int = 100, points: int = 2000, seed: int = 0
) -> dict[str, Any]:
    """Return how code latents relate to what their core lines do.

    rank_correlation: Spearman's, of the distance of two code latents and the distance of their behaviour, over pairs
    of lines that write the same slot; behaviour is the value reached from `states` states, its distance the mean of
    log(1 + |difference|). literal_rank_correlation: the same over lines `d = x + n` that differ in n alone.
    between: share of the midpoints of two code latents that decode to neither end.
    valid: share of points drawn from the prior, uniform on [-1, 1], that decode to a core line of Lx.
    box: see `agreement_figures`, at so many points each.
    """
    generator = np.random.default_rng(seed)
    mixture = Mixture(maximum=model.config.maximum, split="all")
    drawn = sample(generator, mixture, model.vocabulary, count=lines, steps=1).lines[0]
    given = sample(generator, mixture, model.vocabulary, count=states, steps=1).states[0]
    drawn[:, 0] = model.vocabulary.ids["s0"]
    sums = np.array(
        [
            model.vocabulary.core_line_ids(CoreLine(Slot(0), "+", Slot(1), number))
            for number in range(model.config.minimum, model.config.maximum + 1)
        ]
    )
    return {
        "rank_correlation": _rank_correlation(model, drawn, given, generator),
        "literal_rank_correlation": _rank_correlation(model, sums, given, generator),
        **_between(model, drawn, generator),
        "valid": _valid(model, generator),
        "box": box_figures(model, count=points),
    }


def box_figures(model: Interpreter, *, count: int) -> dict[str, Any]:
    """Return how the executor agrees with the code decoder over the box, in states whose every slot is live."""
    mixture = Mixture(maximum=model.config.maximum, split="all", live=(model.config.slots, model.config.slots))
    drawn = sample(np.random.default_rng(0), mixture, model.vocabulary, count=count, steps=1)
    states = [tuple(model.vocabulary.value(each) for each in row[:-1]) for row in drawn.states[0].tolist()]
    return agreement_figures(model, model.encode_code(drawn.lines[0]), states)


def _rank_correlation(
    model: Interpreter, lines: NDArray[np.int64], states: NDArray[np.int64], generator: np.random.Generator
) -> float:
    codes, reached = model.encode_code(lines), _reached(model, states, lines)
    first, second = _pairs(lines, generator)
    distance = np.linalg.norm(codes[first] - codes[second], axis=1)
    behaviour = np.log1p(np.abs(reached[first] - reached[second])).mean(1)
    return float(spearmanr(distance, behaviour).statistic)


def _reached(model: Interpreter, states: NDArray[np.int64], lines: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number (lines, states) that slot 0 decodes to after each line, 0 where it is empty."""
    number_of = np.array([model.vocabulary.integer_of(token) or 0 for token in range(len(model.vocabulary))])
    machine, latents = Machine(model), model.encode_states(states)
    after = (machine.step(latents, np.repeat(code[None], len(states), axis=0)) for code in model.encode_code(lines))
    return np.stack([number_of[model.decode_states(state[:, :1])[0][:, 0]] for state in after])


def _between(model: Interpreter, lines: NDArray[np.int64], generator: np.random.Generator) -> dict[str, float]:
    codes = model.encode_code(lines)
    first, second = _pairs(lines, generator)
    middle = _decode(model, (codes[first] + codes[second]) / 2)
    ends = [(middle == _decode(model, codes[end])).all(1) for end in (first, second)]
    return {"between": float((~ends[0] & ~ends[1]).mean())}


def _valid(model: Interpreter, generator: np.random.Generator, count: int = 2000) -> float:
    prior = generator.uniform(-1, 1, (count, model.config.code_latent)).astype(np.float32)
    return float(np.mean([model.vocabulary.core_line(row) is not None for row in _decode(model, prior).tolist()]))


def _pairs(lines: NDArray[np.int64], generator: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of pairs of different lines."""
    first, second = generator.integers(0, len(lines), (2, 20 * len(lines)))
    different = (lines[first] != lines[second]).any(1)
    return first[different], second[different]


def _decode(model: Interpreter, codes: NDArray[np.float32]) -> NDArray[np.int64]:
    return np.asarray(model.code_logits(codes).argmax(-1))
