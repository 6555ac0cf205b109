"""Measure a checkpoint on held-out lines and chains, free-running: `python -m training.evaluate base`."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from grammar.sample import Chain
from latent_repl.model.interpreter import LatentInterpreter


@torch.inference_mode()
def chain_exact(model: LatentInterpreter, chain: Chain, *, snap: bool = False) -> NDArray[np.bool_]:
    """Return for each of K steps and B chains whether the whole decoded state, status included, is right."""
    latents = model.encode_states(torch.from_numpy(chain.states[0]))
    exact = []
    for line, wanted in zip(chain.lines, chain.states[1:], strict=True):
        latents = model.execute(latents, model.encode_code(torch.from_numpy(line)))
        ids = model.decode_states(latents)[0]
        exact.append((ids.numpy() == wanted).all(-1))
        if snap:
            latents = model.encode_states(ids)
    return np.stack(exact)
