"""The objective of a run on rows: places of all words in both spaces, or choices of the mover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor, nn

from grammar.core_lines.movement import OPERATORS, Cases, any_cells, every_case, goes_by, join, unpacked
from latent_repl.language.operators import TABLE
from latent_repl.language.values import Reference
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.network.backend import freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.network.mover import Mover
from training.anchors import anchors
from training.config import RowsRun
from training.evaluation.misread import misdecoded_tokens, misread_lines
from training.losses import noisy
from training.mined import MinedRows
from training.objective import Terms, new_networks
from training.rows.lines import Lines
from training.rows.words import token_groups, word_losses
from training.schedule import Schedule
from training.stages import RowsStage, Stage

# The power of an operator's number of cases that it is drawn by. Chosen.
EVEN = 0.3
# Cross entropy from which on a case is drawn again, and how many such are kept. Chosen.
HARD, KEPT = 0.1, 40_000
# Cases, and lines, measured. Chosen.
MEASURED, READ = 40_000, 4000
# Where a case tells of own, left and right: of the cell, and of kind and length of its row.
TOLD = ([0, 3, 4], [1, 5, 6], [2, 7, 8])


@dataclass(frozen=True, slots=True)
class CaseBatch:
    """Rows of the cases to decide, the last `hard` of them hard ones."""

    rows: Int[Tensor, " N"]
    hard: int


RowsBatch = CaseBatch | Int[Tensor, "B T"]
"""Cases to decide, or lines to read."""


class RowsObjective:
    """The networks, the cases of movement, and those of them that are still hard."""

    def __init__(self, run: RowsRun, device: torch.device, *, compiled: bool = False) -> None:
        self.run, self.device = run, device
        self.model = new_networks(run, device)
        vocabulary = self.model.vocabulary
        self.lines = Lines(vocabulary)
        self._hard = self._mined = torch.zeros(0, dtype=torch.long)
        self._missed: Callable[..., tuple[Tensor, Tensor]] = missed
        self._word_losses: Callable[..., tuple[Tensor, Terms]] = word_losses
        if compiled:
            self._missed = torch.compile(missed, dynamic=False)
            self._word_losses = torch.compile(word_losses, dynamic=False)
        self._cases: Cases | None = None
        self._tokens = tuple(ids.to(device) for ids in token_groups(vocabulary))
        self._places = torch.from_numpy(anchors(vocabulary, run.maximum, self.model.config.periods)).to(device)
        references = [vocabulary.ids[str(Reference(index))] for index in range(self.model.config.rows)]
        self._references = torch.tensor(references, device=device)
        asked = np.array([goes_by(symbol) for symbol in OPERATORS])
        self._asked = torch.from_numpy(asked).float().to(device)
        given = np.array([[True, TABLE[symbol].arity > 0, TABLE[symbol].arity > 1] for symbol in OPERATORS])
        self._unasked = (given & ~asked).T

    @property
    def mover(self) -> Mover:
        """The mover."""
        assert self.model.mover is not None
        return self.model.mover

    def begin(self, stage: Stage) -> None:
        """Prepare for a stage: the latents of tokens stand still while the mover is trained."""
        assert isinstance(stage, RowsStage)
        self._stage = stage
        if stage.moves:
            with torch.no_grad():
                self._table = self.model.state_vae.latent_table()
            self._cases = self._cases or self._every_case()

    def draw(self, generator: np.random.Generator, count: int, schedule: Schedule) -> Sequence[RowsBatch]:
        """Return one batch: cases, some of them hard, or lines."""
        if not self._stage.moves:
            return [torch.from_numpy(self.lines.draw(generator, count)[1]).to(self.device)]
        hard = self._mined if len(self._mined) else self._hard
        many = round(count * self.run.hard) if len(hard) else 0
        drawn = np.searchsorted(self._shares, generator.random(count - many))
        again = hard[torch.from_numpy(generator.integers(0, max(len(hard), 1), many))]
        return [CaseBatch(torch.cat([torch.from_numpy(drawn), again]), many)]

    def loss(self, batch: RowsBatch) -> tuple[Float[Tensor, ""], Terms]:
        """Return the total loss and its terms; `wrong` is the share of cases, `misread` of lines, with any wrong
        choice."""
        if isinstance(batch, CaseBatch):
            return self._moves(batch.rows, batch.hard)
        return self._word_losses(self.model, batch, self._tokens, self._places, self.run.noise, self.run.mmd)

    @torch.inference_mode()
    def measure(self, average: nn.Module) -> dict[str, Any]:
        """Return how many of some drawn cases, without noise, are wrong; or how many lines and tokens are misread."""
        assert isinstance(average, LatentInterpreter) and average.mover is not None
        generator = np.random.default_rng(12345)
        if self._cases is None or not self._stage.moves:
            model = freeze(average)
            misread = misread_lines(model, self.lines.draw(generator, READ)[1])
            return {"read": READ, "misread_lines": misread, "misdecoded": len(misdecoded_tokens(model))}
        rows = torch.from_numpy(np.searchsorted(self._shares, generator.random(MEASURED)))
        parts = [missed(average.mover, *self._shown(self._cases[part.numpy()], 0.0))[0] for part in rows.split(4096)]
        wrong = (torch.cat(parts) > 0).cpu().numpy()
        operators = self._cases.operators[rows.numpy()[wrong]]
        counts = {OPERATORS[each]: int((operators == each).sum()) for each in np.unique(operators)}
        return {"cases": MEASURED, "wrong_cases": int(wrong.sum()), "by_operator": counts}

    def state(self) -> dict[str, Tensor]:
        """Return the cases that are still hard."""
        return {"hard": self._hard.clone()}

    def restore(self, state: dict[str, Tensor]) -> None:
        """Go on from such a state."""
        self._hard = state["hard"]

    def _every_case(self) -> Cases:
        """Return all cases, then those that were mined; note how often each of all is drawn."""
        cases = every(self.model.vocabulary.tokens, self.model.config.cells)
        # Operators of few cases are drawn more often than these are many.
        counts = np.bincount(cases.operators, minlength=len(OPERATORS))
        shares = (np.maximum(counts, 1.0) ** (EVEN - 1))[cases.operators].cumsum()
        self._shares = shares / shares[-1]
        mined = MinedRows(self.run.folder / "hard.npy", np.int16).read()
        if mined is None:
            return cases
        self._mined = len(cases) + torch.arange(len(mined))
        return join([cases, unpacked(mined)])

    def _moves(self, rows: Int[Tensor, " N"], hard: int) -> tuple[Tensor, Terms]:
        assert self._cases is not None
        wrong, entropy = self._missed(self.mover, *self._shown(self._cases[rows.numpy()], self.run.noise))
        self._hard = torch.cat([self._hard, rows[(entropy.detach() > HARD).cpu()]])[-KEPT:]
        references = self._table[self._references]
        chosen = self.mover.following(noisy(references, self.run.noise))
        wanted = torch.arange(1, len(references) + 1, device=self.device)
        following = nn.functional.cross_entropy(chosen.float(), wanted)
        gates = nn.functional.binary_cross_entropy_with_logits(self.mover.asks.weight, self._asked)
        losses = {"moves": entropy.mean(), "gates": gates, "following": following}
        terms = {name: loss.detach() for name, loss in losses.items()}
        shares = {"wrong": wrong, **({"hard": wrong[-hard:]} if hard else {})}
        terms |= {name: (part > 0).float().mean() for name, part in shares.items()}
        return torch.stack([*losses.values()]).sum(), terms

    def _shown(
        self, cases: Cases, noise: float
    ) -> tuple[Int[Tensor, " N"], Float[Tensor, "N C D"], Int[Tensor, "N F"]]:
        """Return operators, the latents that are seen, with what cases do not go by drawn anew, and what is asked."""
        arrays = (cases.operators, self._varied(cases), cases.asked.astype(np.int64))
        operators, ids, asked = (torch.from_numpy(array).to(self.device) for array in arrays)
        seen = self._table[ids]
        return operators, noisy(seen, noise) if noise else seen, asked

    def _varied(self, cases: Cases) -> NDArray[np.int64]:
        """Return what cases see, with what they do not go by drawn anew: what was held, what is put."""
        seen, generator = cases.seen.astype(np.int64), np.random.default_rng(int(torch.randint(2**31, ())))
        vocabulary, cells = self.model.vocabulary, self.model.config.cells
        for operand, unasked in enumerate(self._unasked):
            some = np.flatnonzero(unasked[cases.operators])
            seen[some[:, None], TOLD[operand]] = any_cells(vocabulary, cells, generator, len(some))
        return seen


@lru_cache(maxsize=1)
def every(tokens: tuple[str, ...], cells: int) -> Cases:
    """Return every case of a vocabulary's operators, drawn where they do not go by it the same each time."""
    generator, vocabulary = np.random.default_rng(0), Vocabulary(tokens)
    return join(every_case(operator, vocabulary, cells, generator) for operator in vocabulary.operators)


def missed(
    mover: Mover, operators: Int[Tensor, " N"], seen: Float[Tensor, "N C D"], asked: Int[Tensor, "N F"]
) -> tuple[Int[Tensor, " N"], Float[Tensor, " N"]]:
    """Return how many fields of each case are chosen wrong, and the cross entropy of all that have a say."""
    wrong = torch.zeros(len(operators), dtype=torch.long, device=seen.device)
    entropy = torch.zeros(len(operators), device=seen.device)
    for wanted, each in zip(asked.T, mover(operators, seen).values(), strict=True):
        says = wanted >= 0
        entropy = entropy + nn.functional.cross_entropy(each, wanted.clamp_min(0), reduction="none") * says
        wrong = wrong + ((each.argmax(-1) != wanted) & says)
    return wrong, entropy
