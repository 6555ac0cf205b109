"""Multi-start gradient descent: Adam through the executor, on code latents; the torch model gives the gradients.

A point costs an evaluation at every step; now and then the points are decoded under the templates, and the strings
are scored as any other search's, by the machine. It takes straight lines: a branch on a decoded value has no gradient.
The machine's states have no derivatives: this is the one place that calls an executor beside it, and for them alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from latent_repl.errors import SynthesisError
from latent_repl.language.frames import Copy, Cursor, keep_frames
from latent_repl.language.operators import STATUS_OK
from latent_repl.language.program import Blank, Branch, Control, CoreLine, Program
from latent_repl.model.network.backend import read_network
from latent_repl.shapes import Float
from latent_repl.synthesis.problem.decoding import Decoder
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.problem import Example
from latent_repl.synthesis.searches.base import History, Setting, draw_likely

# Points that descend together, steps between two decodings, and decodings before they begin anew. Chosen.
STARTS, STEPS, ROUNDS = 4, 4, 4
RATE = 0.05  # of Adam, in units of the latents' box [-1, 1]; chosen


class FrameChange(NamedTuple):
    """What a call or a return does: how many calls are open after it, and which cells it copies."""

    depth: int
    copies: tuple[Copy, ...]


class Stretch(NamedTuple):
    """A core line, None at the end, and what comes before it."""

    moves: tuple[FrameChange, ...]
    line: CoreLine | Blank | None


class GradientDescent:
    """Descends from the encodings of likely fillings, and proposes what the points decode to."""

    def __init__(self, setting: Setting) -> None:
        folder = getattr(setting.model, "folder", None)
        if folder is None:
            raise SynthesisError("search gradient reads a checkpoint's files; load the model by its name or its folder")
        if any(
            isinstance(line, Branch) for example in setting.problem.examples for line in example.program.instructions
        ):
            raise SynthesisError("search gradient takes no branches; write --search auto")
        if any(example.moves_rows for example in setting.problem.examples):
            raise SynthesisError("search gradient takes + - * // % and comparisons of numbers; write --search auto")
        model = setting.model
        self.setting, self.model = setting, read_network(folder, model.config, model.vocabulary).requires_grad_(False)
        self.space, self.generator = setting.space, random.Random(setting.seed)
        self.decoder = Decoder(setting.space, setting.model)
        self.examples = setting.problem.examples
        self.starts = [start.latents for start in setting.objective.starts]
        starts = zip(self.examples, setting.objective.starts, strict=True)
        self.lines = [[*_straight_line(example.program, start.counter)] for example, start in starts]
        self.empty = torch.from_numpy(setting.objective.machine.empty_state())
        self.points, self.rounds = 0, 0
        self.latents: Tensor | None = None
        self.optimiser: Any = None

    def propose(self, history: History) -> Sequence[Filling]:
        """Return the strings behind the points after some steps, or where the points begin."""
        while len(history) < self.space.size:
            if self.latents is None or self.rounds == ROUNDS:
                batch = draw_likely(self.space, STARTS, self.generator, seen=history)
                self._begin(batch)
                return batch
            self._descend()
            self.rounds += 1
            new = [filling for filling in dict.fromkeys(self._decoded()) if filling not in history]
            if new:
                return new
        return []

    def _begin(self, fillings: Sequence[Filling]) -> None:
        latents = self.space.latents(fillings, self.setting.model)
        self.latents = torch.tensor(latents, dtype=torch.float32, requires_grad=True)
        # The box, and what has lain outside it from the beginning: marks, which have no derivative.
        self.walls = self.latents.detach().clamp(max=-1), self.latents.detach().clamp(min=1)
        self.optimiser, self.rounds = torch.optim.Adam([self.latents], lr=RATE), 0

    def _decoded(self) -> list[Filling]:
        assert self.latents is not None
        return self.decoder(self.latents.detach().numpy())

    def _descend(self) -> None:
        assert self.latents is not None
        for _ in range(STEPS):
            self.setting.objective.machine.watch(0)
            self.optimiser.zero_grad()
            nats = self._nats()
            ((nats.mean(0) + nats.max(0).values) / 2).sum().backward()
            self.optimiser.step()
            with torch.no_grad():
                self.latents.clamp_(*self.walls)
            self.points += len(self.latents)

    def _nats(self) -> Float[Tensor, "E B"]:
        """Return the nats of each point on each example."""
        states = self.states()
        logs = self.model.state_logits(torch.cat(states)).log_softmax(-1).chunk(len(states))
        return torch.stack([self._missed(each, example) for each, example in zip(logs, self.examples, strict=True)])

    def states(self) -> list[Float[Tensor, "B S D"]]:
        """Return where the points lead, example by example: the machine's states, in torch for their derivatives.

        The examples run side by side, a line at a time.
        """
        assert self.latents is not None
        count, templates = len(self.latents), self.space.templates
        parts = dict(zip((each.holes for each in templates), self.latents.chunk(len(templates), 1), strict=True))
        starts = [torch.from_numpy(np.ascontiguousarray(start)) for start in self.starts]
        frames = [[start.expand(count, -1, -1)] for start in starts]
        for column in zip_longest(*self.lines):
            self.setting.objective.machine.watch(0)
            stretches = [(frames[place], stretch) for place, stretch in enumerate(column) if stretch is not None]
            for held, stretch in stretches:
                self._move(held, stretch.moves)
            running = [(held, stretch.line) for held, stretch in stretches if stretch.line is not None]
            if not running:
                continue
            codes = [parts[line.holes] if line.holes else self._codes(line, count) for _, line in running]
            after = self.model.execute(torch.cat([held[-1] for held, _ in running]), torch.cat(codes))
            for (held, _), state in zip(running, after.chunk(len(running)), strict=True):
                held[-1] = state
        return [held[0] for held in frames]

    def _move(self, frames: list[Tensor], moves: Sequence[FrameChange]) -> None:
        """Take calls and returns: frames begin and end, and cells are copied."""
        for depth, copies in moves:
            cells = [frames[copy.source.depth][:, copy.source.slot.index] for copy in copies]
            keep_frames(frames, depth, lambda: self.empty.expand(len(frames[0]), -1, -1))
            for copy, cell in zip(copies, cells, strict=True):
                state = frames[copy.target.depth].clone()
                state[:, copy.target.slot.index] = cell
                frames[copy.target.depth] = state

    def _codes(self, line: CoreLine | Blank, count: int) -> Float[Tensor, "B C"]:
        assert isinstance(line, CoreLine), "a blank is a hole"
        return torch.from_numpy(self.setting.objective.machine.code_latents([line])).expand(count, -1)

    def _missed(self, logs: Float[Tensor, "B L V"], example: Example) -> Float[Tensor, " B"]:
        vocabulary = self.setting.model.vocabulary
        met = logs[:, -1, vocabulary.status_id(STATUS_OK)]
        for target in example.targets:
            met = met + logs[:, target.slot.index, vocabulary.value_id(target.value)]
        return -met


def _straight_line(program: Program, place: int) -> Iterator[Stretch]:
    """Yield the core lines from an instruction to the end, calls entered, each with the moves before it."""
    cursor, moves = Cursor(place), list[FrameChange]()
    while not cursor.ended(program):
        instruction = program.instructions[cursor.place]
        if isinstance(instruction, Control):
            cursor, copies = cursor.through(program, instruction)
            moves.append(FrameChange(cursor.depth, copies))
            continue
        if isinstance(instruction, CoreLine | Blank):
            yield Stretch(tuple(moves), instruction)
            moves = []
        cursor = cursor.moved(cursor.place + 1)
    yield Stretch(tuple(moves), None)
