"""The mover: what a core line does with rows, decided by what kinds and how long they are, never by their cells.

    operator --a gate for each operand--> what of own, left and right, and of their rows' kinds and lengths, is seen
    operator, what is seen --T5 feed-forward layers--> the fields of a move

Each field is a choice between classes (`model/fields.py`), and what is chosen is carried out by address, on latents as
they are (`model/heap.py`): hard addressing, and shifts by location. One field says whether the line moves at all or is
arithmetic, which stays the executor's. Source: the addressing of neural Turing machines, Graves et al., 2014.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.fields import Fields
from latent_repl.model.inference.layers import EPSILON
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.executor import clipped
from latent_repl.shapes import Float, Int

SEEN = 9
"""The latents that a decision goes by: three cells, and kind and length of the row of each."""
OPERANDS = (0, 1, 2, 0, 0, 1, 1, 2, 2)
"""Which of own, left and right each of them is of."""
# Gates begin neither open nor shut. Chosen.
AJAR = 1.0


class Mover(nn.Module):
    """Decisions for B lines at once."""

    def __init__(self, config: LatentConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        width, latent = config.width, config.state_latent
        self.sizes = dict(Fields(vocabulary, config.cells).sizes)
        self.operators = nn.Embedding(len(vocabulary.operators), width // 2)
        self.asks = nn.Embedding(len(vocabulary.operators), 3)
        nn.init.constant_(self.asks.weight, AJAR)
        self.gather = nn.Linear(width // 2 + (SEEN + 1) * latent, config.mover_width)
        self.trunk = config.mover_trunk()
        self.norm = nn.RMSNorm(config.mover_width, eps=EPSILON)
        self.heads = nn.Linear(config.mover_width, sum(self.sizes.values()))
        self.following = nn.Linear(latent, config.rows + 1)

    def forward(self, operators: Int[Tensor, " B"], seen: Float[Tensor, "B N D"]) -> dict[str, Float[Tensor, "B F"]]:
        """Return the logits of each field's classes, by its name.

        operators: places in the vocabulary's operators. seen: own, left, right, then the headers of their rows.
        """
        seen = seen * clipped(self.asks(operators))[:, OPERANDS, None]
        apart = (seen[:, 1] - seen[:, 2]).square()
        hidden = self.gather(torch.cat([self.operators(operators), seen.flatten(1), apart], -1))
        hidden = self.norm(self.trunk(hidden).float())
        logits: Tensor = self.heads(hidden).float()
        return dict(zip(self.sizes, logits.split([*self.sizes.values()], -1), strict=True))
