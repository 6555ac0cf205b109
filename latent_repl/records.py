"""The records of a run: what is left of a program when the machine has run it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from latent_repl.errors import ProgramError
from latent_repl.language.program import CoreLine, Routine, Slot
from latent_repl.language.values import Cells, Rows
from latent_repl.model.heap import Heap
from latent_repl.shapes import Float


@dataclass(frozen=True, slots=True)
class Decoded:
    """A state as the decoder shows it: the value of each slot (None: empty), the status, and the product of the
    decoder's probabilities over all slots; the rows that the values refer to."""

    values: Cells
    status: str
    confidence: float
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Event:
    """The execution of one source line to its end: the state after it, executor steps, and the lines it showed.

    place: the instruction at which the line began. confidence: that of the state, times that of every snap in the line.
    """

    line: int
    place: int
    values: Cells
    status: str
    confidence: float
    steps: int
    output: tuple[str, ...]
    defined: frozenset[Slot]
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class TraceStep:
    """One executor step and the state of its frame after it; routine: the function that it is in, None for none.

    confidence: that of the state, times that of the snap.
    """

    core_line: CoreLine
    routine: Routine | None
    values: Cells
    status: str
    confidence: float
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Run:
    """How one program ended; after an error the latents and the heap are those before the failing line.

    path: the places of the instructions that were executed, in their order, those of a failing line included and those
    that show a value, and those of the prelude, left out.
    failed_at: the instruction at which the failing line began, if one failed.
    output: every line that was shown, those of a failing line included.
    heap: None for a checkpoint without rows. reclaimed: how often it was full, and rows were given free.
    certain: the product of the decoder's probabilities in all snaps, 1 in `latent` mode.
    """

    latents: Float[np.ndarray, "S D"]
    steps: int
    path: tuple[int, ...]
    defined: frozenset[Slot]
    error: ProgramError | None
    events: tuple[Event, ...]
    trace: tuple[TraceStep, ...]
    failed_at: int | None = None
    output: tuple[str, ...] = ()
    heap: Heap | None = None
    reclaimed: int = 0
    certain: float = 1.0
