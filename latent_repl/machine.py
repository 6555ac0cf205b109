"""Runs B lowered programs at once, one cursor and a stack of frames each; the only place that calls the executor.

    machine.run([program], latents[None])          programs to their ends
    machine.step(latents, [line, code_latent])     one step in each state: a core line, or a bare code latent

A call begins an empty frame; its arguments and its result are copied as latents, bit for bit, and nothing is decoded.
Nothing decoded is fed back in `latent` mode except the truth of branches. `snap` mode decodes and encodes the state
again after every step. What is decoded for display is recorded as latents and decoded in one batch at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from jaxtyping import Float

from latent_repl.language.frames import Cursor
from latent_repl.language.operators import STATUS_OK
from latent_repl.language.program import Blank, Branch, CoreLine, Emit, Fail, Instruction, Program, Routine, Slot
from latent_repl.language.values import Value
from latent_repl.model.interface import Array, Interpreter
from latent_repl.modes import Mode
from latent_repl.records import Decoded, Event, Frame, Line, Run, Running, TraceStep

Code = CoreLine | Float[Array, " C"]
"""What a step runs: a core line, or a bare code latent, which need not decode to any."""

DECODED_AT_ONCE = 4_096
"""States in one batch of the decoder: the logits of all states of many long loops would fill the memory. Chosen."""

STATUS_MESSAGES = {
    "ZeroDivisionError": "division by zero",
    "OverflowError": "the result is outside the range of this checkpoint",
}


class Machine:
    """Executes programs with one model in one mode."""

    def __init__(self, model: Interpreter, mode: Mode = "latent") -> None:
        self.model, self.mode = model, mode
        self._codes: dict[tuple[int, ...], Array] = {}

    def empty_state(self) -> Float[Array, "S D"]:
        """Return the latents of the state in which every slot is empty."""
        return self._empty.copy()

    @cached_property
    def _empty(self) -> Float[Array, "S D"]:
        return self.encode([[None] * self.model.config.slots])[0]

    def encode(self, states: Sequence[Sequence[Value | None]]) -> Float[Array, "B S D"]:
        """Return the latents of states, each given as the value of every slot."""
        ids = [self.model.vocabulary.state_ids(values) for values in states]
        return self.model.encode_states(np.array(ids))

    def decode(self, latents: Float[Array, "B S D"]) -> list[Decoded]:
        """Return what the decoder makes of state latents."""
        read = self.model.vocabulary
        decoded = []
        for first in range(0, len(latents), DECODED_AT_ONCE):
            ids, probability = self.model.decode_states(latents[first : first + DECODED_AT_ONCE])
            decoded += [
                Decoded(tuple(read.value(token) for token in row[:-1]), read.status(row[-1]), confidence)
                for row, confidence in zip(ids.tolist(), probability.prod(-1).tolist(), strict=True)
            ]
        return decoded

    def run(
        self,
        programs: Sequence[Program],
        latents: Float[Array, "B S D"],
        *,
        counters: Sequence[int] | None = None,
        defined: Sequence[frozenset[Slot]] | None = None,
        codes: Sequence[Mapping[int, Float[Array, " C"]]] | None = None,
        step_budget: int = 10_000,
        trace: bool = False,
        record: bool = True,
        show: Callable[[str], None] = lambda text: None,
    ) -> list[Run]:
        """Run each program from its counter on its state until it ends, fails, or has taken `step_budget` steps.

        codes: for each program, bare code latents that run in the place of its core lines, by their index. Each writes
            its line's target; what it reads is not checked.
        record: whether to keep an event for each executed line; trace: one for each executor step as well.
        show: is given each line of output as soon as it is there.
        """
        rows = [
            Running(program, [Frame(latent, names)], Cursor(counter), given, show=show)
            for program, latent, counter, names, given in zip(
                programs,
                latents,
                counters or [0] * len(programs),
                defined or [frozenset()] * len(programs),
                codes or [{}] * len(programs),
                strict=True,
            )
        ]
        active = rows
        while active := self._control(active, step_budget):
            self._step(active, step_budget, trace=trace)
        return self._finish(rows, record=record)

    def step(
        self, latents: Float[Array, "B S D"], codes: Sequence[Code] | Float[Array, "B C"]
    ) -> Float[Array, "B S D"]:
        """Return the states after one executor step each; they are the executor's own in either mode.

        codes: one for each state; an array holds bare code latents alone. Raises LatentShapeError for other sizes.
        """
        return self.model.execute(latents, codes if isinstance(codes, np.ndarray) else self.code_latents(codes))

    def _control(self, rows: list[Running], step_budget: int) -> list[Running]:
        """Take every instruction that comes before a core line; return the rows that stand at one."""
        stepping, rest = [], rows
        while rest:
            looking, going = [], []
            for row in rest:
                instruction = row.instruction
                if instruction is not None and row.place in row.program.starts:
                    row.begin_line()
                if row.begun > step_budget:
                    row.fail(*_over_budget(step_budget))
                elif isinstance(instruction, CoreLine):
                    stepping.append(row)
                elif isinstance(instruction, Fail):
                    row.fail(instruction.error, instruction.message)
                elif instruction is not None and not row.misses(instruction):
                    going.append(row)
                    if isinstance(instruction, Branch | Emit):
                        looking.append(row)
                    elif not isinstance(instruction, Blank):
                        row.go_through(instruction, self._empty)
            self._look(looking)
            rest = going
        return stepping

    def _look(self, rows: list[Running]) -> None:
        """Decode what branches test and emits show."""
        latents = [row.frame.latents[slot.index] for row in rows for slot in _slots_of(row.instruction)]
        tokens = self.model.decode_states(np.stack(latents)[:, None])[0][:, 0].tolist() if latents else []
        values = iter([self.model.vocabulary.value(token) for token in tokens])
        for row in rows:
            instruction = row.instruction
            shown = [next(values) for _ in _slots_of(instruction)]
            if isinstance(instruction, Branch):
                row.path.append(row.place)
                row.go(row.place + 1 if shown[0] else instruction.target)
            else:
                row.go(row.place + 1)
                row.emit(" ".join(map(str, shown)))

    def _step(self, rows: list[Running], step_budget: int, *, trace: bool) -> None:
        """Run one core line in every row."""
        ready = []
        for row in rows:
            core_line = row.instruction
            assert isinstance(core_line, CoreLine)
            if row.place not in row.codes and row.misses(core_line):
                continue
            if row.steps >= step_budget:
                row.fail(*_over_budget(step_budget))
            else:
                ready.append((row, core_line))
        if not ready:
            return
        before = np.stack([row.frame.latents for row, _ in ready])
        after = self.step(before, [row.codes.get(row.place, core_line) for row, core_line in ready])
        ids = self.model.decode_states(after if self.mode == "snap" else after[:, -1:])[0]
        if self.mode == "snap":
            after = self.model.encode_states(ids)
        for (row, core_line), latents, token in zip(ready, after, ids[:, -1].tolist(), strict=True):
            row.steps += 1
            row.path.append(row.place)
            if row.line is not None:
                row.line.steps += 1
            if trace:
                row.trace.append((core_line, row.routine, latents))
            status = self.model.vocabulary.status(token)
            if status == STATUS_OK:
                row.frame.latents = latents
                row.frame.define(core_line)
                row.go(row.place + 1)
            else:
                row.fail(status, STATUS_MESSAGES.get(status, "the decoded status is no status"))

    def code_latents(self, codes: Sequence[Code]) -> Float[Array, "B C"]:
        """Return code latents; bare ones are as they are, and each distinct core line is encoded once and kept."""
        line_ids = self.model.vocabulary.core_line_ids
        keys = [line_ids(code) if isinstance(code, CoreLine) else None for code in codes]
        new = [key for key in dict.fromkeys(keys) if key is not None and key not in self._codes]
        if new:
            self._codes |= zip(new, self.model.encode_code(np.array(new)), strict=True)
        kept = zip(keys, codes, strict=True)
        return np.stack([np.asarray(code) if key is None else self._codes[key] for key, code in kept])

    def _finish(self, rows: list[Running], *, record: bool) -> list[Run]:
        """Decode everything that was recorded, in one batch."""
        for row in rows:
            row.end_line()
        lines = [line for row in rows if record for line in row.ended]
        recorded = [line.after[0] for line in lines if line.after is not None]
        recorded += [latents for row in rows for _, _, latents in row.trace]
        decoded = iter(self.decode(np.stack(recorded)) if recorded else [])
        events = [tuple(_event(line, next(decoded)) for line in row.ended) if record else () for row in rows]
        traces = [
            tuple(_trace_step(core_line, routine, next(decoded)) for core_line, routine, _ in row.trace) for row in rows
        ]
        return [
            Run(
                row.frames[0].latents,
                row.steps,
                tuple(row.path),
                row.frames[0].defined,
                row.error,
                event,
                trace,
                row.failed_at,
                tuple(row.output),
            )
            for row, event, trace in zip(rows, events, traces, strict=True)
        ]


def _slots_of(instruction: Instruction | None) -> tuple[Slot, ...]:
    if isinstance(instruction, Branch):
        return (instruction.condition,)
    return instruction.slots if isinstance(instruction, Emit) else ()


def _over_budget(step_budget: int) -> tuple[str, str]:
    return "StepBudgetError", f"still running after {step_budget} steps; raise the step budget (--step-budget, :budget)"


def _event(line: Line, decoded: Decoded) -> Event:
    assert line.after is not None
    return Event(
        line.number,
        line.place,
        decoded.values,
        decoded.status,
        decoded.confidence,
        line.steps,
        tuple(line.output),
        line.after[1],
    )


def _trace_step(core_line: CoreLine, routine: Routine | None, decoded: Decoded) -> TraceStep:
    return TraceStep(core_line, routine, decoded.values, decoded.status, decoded.confidence)
