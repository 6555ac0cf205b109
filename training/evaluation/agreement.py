"""Does the executor at a point of the code box do what the line decoded from the point says?

At uniform points of the box, at midpoints of two encoded lines, and at encoded lines with noise on every dimension. A
point agrees where the state after it decodes to what exact execution of its decoded line leads to: every slot, the
status, and the rows. A space in which every point agrees has no holes: whatever a search finds there is what it is
named. Source: the post's "Using it reliably finds solutions using latent codes with 2, 10 and 100 dimensions".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from latent_repl.language.operators import STATUS_OK
from latent_repl.language.oracle.steps import Limits, step_on_rows
from latent_repl.language.program import CoreLine
from latent_repl.language.values import Cells, Rows
from latent_repl.machine import Machine
from latent_repl.model.heap import Heap
from latent_repl.model.interface import Array, Interpreter
from latent_repl.model.rows import decode_heap
from latent_repl.model.shape import SUMS_TYPE

# Standard deviations of the noise on each dimension of the box. Chosen.
NOISES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
# Points that are run at once. Chosen.
CHUNK = 500


def agreement_figures(
    model: Interpreter,
    encoded: Float[Array, "N D"],
    states: Sequence[Cells],
    *,
    whole: Callable[[Float[Array, "B D"]], Float[Array, "B C"]] = np.asarray,
    seed: int = 0,
) -> dict[str, Any]:
    """Return lines, agreement and kept, shares of N points each, at uniform points, at midpoints, and at each noise.

    encoded: points of the box that lines are encoded at. states: N states, one for each point; every slot is live.
    whole: makes code latents of points where those of the box are a part of them. lines: share of the points that
    decode to a core line; agreement: share of those that agree; kept: share that decodes to the line it came from.
    perplexity: of the lines that uniform points decode to, as if so many were equally frequent.
    """
    generator = np.random.default_rng(seed)
    own = _decoded(model, whole(encoded))
    uniform = generator.uniform(-1, 1, encoded.shape).astype(np.float32)
    middle = (encoded + encoded[generator.permutation(len(encoded))]) / 2
    noise = generator.standard_normal(encoded.shape).astype(np.float32)
    figures: dict[str, Any] = {
        "uniform": agreement(model, whole(uniform), states)
        | {"perplexity": perplexity(_decoded(model, whole(uniform)))},
        "midpoints": agreement(model, whole(middle), states),
        "noise": {},
    }
    for deviation in NOISES:
        points = whole((encoded + deviation * noise).clip(-1, 1))
        kept = np.mean([line == before for line, before in zip(_decoded(model, points), own, strict=True)])
        figures["noise"][str(deviation)] = agreement(model, points, states) | {"kept": float(kept)}
    return figures


def agreement(model: Interpreter, codes: Float[Array, "N C"], states: Sequence[Cells]) -> dict[str, float]:
    """Return the shares of code latents that decode to a line, and of those whose result is that of the line."""
    agrees = []
    lines = _decoded(model, codes)
    for start in range(0, len(codes), CHUNK):
        part = slice(start, start + CHUNK)
        agrees += _agrees(model, codes[part], lines[part], states[part])
    told = [agreed for agreed in agrees if agreed is not None]
    return {
        "lines": float(np.mean([line is not None for line in lines])),
        "agreement": float(np.mean(told)) if told else float("nan"),
    }


def perplexity(lines: Sequence[object]) -> float:
    """Return how many lines there are, or words of lines, each weighted by how frequent it is: the exponential of the
    entropy. Where a point decodes to none, None stands, which is left out."""
    counts = np.unique([repr(line) for line in lines if line is not None], return_counts=True)[1]
    shares = counts / counts.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def _decoded(model: Interpreter, codes: Float[Array, "N C"]) -> list[CoreLine | None]:
    return [model.vocabulary.core_line(row) for row in model.code_logits(codes).argmax(-1).tolist()]


def _agrees(
    model: Interpreter, codes: Float[Array, "N C"], lines: Sequence[CoreLine | None], states: Sequence[Cells]
) -> list[bool | None]:
    """Return for each code latent whether it does what its line does; None where there is nothing to compare with."""
    machine = Machine(model)
    empty, before = machine.empty_heap(), machine.encode(states)
    heaps: Sequence[Heap | None] = [None] * len(codes)
    if empty is None:
        after = machine.step(before, codes)
    else:
        after, heaps = model.execute_rows(before, codes, [empty] * len(codes))
    told = model.decode_states(after)[0].tolist()
    agrees: list[bool | None] = []
    for line, values, ids, heap in zip(lines, states, told, heaps, strict=True):
        wanted = line and _exact(model, line, values)
        if not wanted:
            agrees.append(None)
            continue
        frame, rows, status = wanted
        same = ids == model.vocabulary.state_ids(frame, status)
        agrees.append(same and (heap is None or repr(decode_heap(model, heap)) == repr(rows)))
    return agrees


def _exact(model: Interpreter, line: CoreLine, values: Cells) -> tuple[Cells, Rows, str] | None:
    """Return what a line leads to; None where it reads nothing, or fails and the model is one without a status."""
    config = model.config
    try:
        after = step_on_rows(line, values, (), Limits(config.minimum, config.maximum, config.cells, config.rows))
    except ValueError:
        return None
    return None if config.model_type == SUMS_TYPE and after[2] != STATUS_OK else after
