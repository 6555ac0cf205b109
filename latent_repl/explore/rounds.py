"""A search recorded round by round, while it goes on: what it tried, and what its processes held likely before.

record = Recording(space, Options(search="gp"), Turns(), places); record.begin()
record.rounds      so far; record.solution once it has ended
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from latent_repl.errors import LatentReplError
from latent_repl.explore.code_space import CodeSpace
from latent_repl.explore.turns import InTurn, Turns
from latent_repl.machine import Machine
from latent_repl.shapes import Float
from latent_repl.synthesis.options import Options
from latent_repl.synthesis.problem.box import Point, Proposal, filling_of
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.result import Solution
from latent_repl.synthesis.searches.base import Search
from latent_repl.synthesis.solve import solve

if TYPE_CHECKING:
    from latent_repl.synthesis.bayesian.path_models import OutcomeModel


@dataclass(frozen=True)
class Posterior:
    """What a search held of every known filling, or of every place of a plane, in the features that the decoder reads.

    of: "line" where the processes know fillings, "place" where they know points of the box themselves.
    mean: how far the expected outcome lies from the targets. spread: its standard deviation. acquisition: in nats.
    """

    of: Literal["line", "place"]
    mean: Float[np.ndarray, " N"]
    spread: Float[np.ndarray, " N"]
    acquisition: Float[np.ndarray, " N"]


@dataclass(frozen=True)
class Round:
    """What was tried in one round, with the losses in nats.

    posterior: that by which it was chosen, if any was. latents: of points of the box that a search tried at themselves,
    each of which decodes to its filling; None where fillings were tried where they lie.
    """

    tried: tuple[Filling, ...]
    losses: tuple[float, ...]
    posterior: Posterior | None = None
    latents: Float[np.ndarray, "B F"] | None = None


class Recording:
    """One search in a thread of its own.

    turns: of all who use the model meanwhile. places: points of which is kept what a search of the box held.
    error: why it could not search.
    """

    def __init__(self, space: CodeSpace, options: Options, turns: Turns, places: Float[np.ndarray, "N F"]) -> None:
        options.check()
        self.space, self.options, self.turns, self.places = space, options, turns, places
        self.rounds: list[Round] = []
        self.solution: Solution | None = None
        self.error: str | None = None
        self._stopped = threading.Event()
        self._inputs: object = None
        self._thread = threading.Thread(target=self._search, daemon=True)

    @property
    def ended(self) -> bool:
        """Whether the search is over."""
        return self.solution is not None or self.error is not None

    def begin(self) -> None:
        """Begin to search, and return at once."""
        self._thread.start()

    def wait(self, timeout: float | None = None) -> None:
        """Return when the search is over, or after so many seconds."""
        self._thread.join(timeout)

    def stop(self) -> None:
        """Let the search end after the round under way."""
        self._stopped.set()

    def _search(self) -> None:
        space = self.space
        machine = Machine(InTurn(space.session.model, self.turns), space.session.mode)
        try:
            self.solution = solve(
                space.problem.text, machine=machine, snapshot=space.snapshot, options=self.options, watch=self._keep
            )
        except LatentReplError as error:
            self.error = str(error)
        except Exception as error:  # it would be lost with the thread, and the page would wait for ever
            self.error = f"the search failed: {error!r}"
            raise

    def _keep(self, search: Search[Any], tried: Sequence[Proposal], losses: Mapping[Proposal, float]) -> None:
        scored = [candidate for candidate in tried if candidate in losses]
        own = [candidate.latents for candidate in scored if isinstance(candidate, Point)]
        scores, posterior = tuple(losses[each] for each in scored), self._posterior(search, "place" if own else "line")
        self.rounds.append(Round(tuple(map(filling_of, scored)), scores, posterior, np.stack(own) if own else None))
        if self._stopped.is_set():
            raise KeyboardInterrupt

    def _posterior(self, search: Any, of: Literal["line", "place"]) -> Posterior | None:
        """Return what the search's processes held when they chose, None where they had learnt nothing new."""
        model: OutcomeModel | None = getattr(search, "learnt", None)
        if model is None or not len(model.inputs) or model.inputs is self._inputs:
            return None
        import torch

        self._inputs = model.inputs
        points = torch.from_numpy(search.inputs(self.places if of == "place" else self.space.fillings))
        with torch.no_grad():
            mean, variance = model.pool(points).moments()
            acquisition = search.make_acquisition(model)(points[:, None])
        return Posterior(
            of,
            (mean - model.target).square().mean(-1).sqrt().numpy(),
            variance.mean(-1).sqrt().numpy(),
            acquisition.numpy(),
        )
