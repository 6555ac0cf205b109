"""How sure the mover is of its choice in every case of movement: all of them, and fast.

    CaseScanner(model).margins(cases)    (N,) by how many nats the right classes lead, of the field that leads least

A case whose margin is at least SURE is right in float32 too; what is below is for the package's own inference to judge
(`exhaustive.py`).
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor

from grammar.core_lines.movement import Cases
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.network.mover import Mover
from training.device import multiplies_bfloat16

# Nats that bf16 does not hide. Chosen.
SURE = 2.0
# Cases at once. Chosen: as many as a step of training decides.
ROWS = 2048
# What a field leads by that has no say. Chosen.
NO_SAY = 1e4


class CaseScanner:
    """Margins of one model's moves."""

    def __init__(self, model: LatentInterpreter, *, compiled: bool = True) -> None:
        assert model.mover is not None, "the checkpoint has rows"
        self._mover = model.mover
        self._margins = torch.compile(margins_of, dynamic=False) if compiled else margins_of
        with torch.no_grad():
            self._table = model.state_vae.latent_table()

    @torch.inference_mode()
    def margins(self, cases: Cases) -> NDArray[np.float32]:
        """Return by how many nats each case's right classes lead; below 0 where one does not."""
        parts = []
        for start in range(0, len(cases), ROWS):
            # The last ones are filled up with the first case: what is compiled takes ROWS of them.
            rows = np.arange(start, start + ROWS)
            some = cases[np.where(rows < len(cases), rows, 0)]
            operators, seen, asked = (
                torch.from_numpy(each.astype(np.int64)).to(self._table.device)
                for each in (some.operators, some.seen, some.asked)
            )
            with torch.autocast(self._table.device.type, torch.bfloat16, enabled=multiplies_bfloat16()):
                parts.append(self._margins(self._mover, operators, self._table[seen], asked))
        return torch.cat(parts)[: len(cases)].float().cpu().numpy()


def margins_of(
    mover: Mover, operators: Int[Tensor, " N"], seen: Float[Tensor, "N C D"], asked: Int[Tensor, "N F"]
) -> Float[Tensor, " N"]:
    """Return by how many nats the right class of each field that has a say leads, the least of them."""
    leads = []
    for wanted, logits in zip(asked.T[..., None], mover(operators, seen).values(), strict=True):
        own = logits.gather(1, wanted.clamp_min(0))
        rest = torch.where(torch.arange(logits.shape[1], device=logits.device) == wanted, -torch.inf, logits).amax(
            1, keepdim=True
        )
        leads.append(torch.where(wanted >= 0, own - rest, NO_SAY))
    return torch.cat(leads, 1).amin(1)
