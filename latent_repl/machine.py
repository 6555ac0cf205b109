"""Runs B lowered programs at once, one cursor and a stack of frames each; the only place that calls the executor.

    machine.run([program], latents[None])          programs to their ends
    machine.step(latents, [line, code_latent])     one step in each state: a core line, or a bare code latent

A call begins an empty frame; its arguments and its result are copied as latents, bit for bit, and nothing is decoded.
Nothing decoded is fed back in `latent` mode except the truth of branches and the status of a step, which may call a
routine of the prelude, as may a quotient or a remainder that the model itself contradicts (`mirror.py`). `snap` mode
decodes and encodes the state again after every step; the cells of rows are copies of what was. What is decoded for
display is recorded as latents and decoded in one batch at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from latent_repl.coding import Code, LineEncoder
from latent_repl.errors import ProgramError
from latent_repl.language import printed
from latent_repl.language.frames import Cursor
from latent_repl.language.operators import FULL, OVERFLOW, STATUS_OK, TRAP
from latent_repl.language.prelude.table import DOUBTS, TRAPS, PreludeRoutine
from latent_repl.language.program import (
    Blank,
    Branch,
    CoreLine,
    Emit,
    Fail,
    Hole,
    Instruction,
    Program,
    Routine,
    Slot,
)
from latent_repl.language.python_values import shown, text_of
from latent_repl.language.values import Value
from latent_repl.mirror import Mirror
from latent_repl.model.heap import Heap
from latent_repl.model.interface import Array, Interpreter
from latent_repl.modes import STEP_BUDGET, Mode
from latent_repl.reading import Reader, States
from latent_repl.records import Decoded, Run, TraceStep
from latent_repl.running import Frame, Running
from latent_repl.shapes import Float

Watch = Callable[[int], None]


def unwatched(steps: int) -> None:
    """Let work go on."""


class Machine:
    """Executes programs with one model in one mode.

    watch: is told again and again how many steps the longest program has taken; what it raises ends the work.
    """

    def __init__(self, model: Interpreter, mode: Mode = "latent", watch: Watch = unwatched) -> None:
        self.model, self.mode, self.watch = model, mode, watch
        self.reader = Reader(model)
        self._encoder = LineEncoder(model)
        self._mirror = Mirror(self.reader, snapped=mode == "snap") if self.reader.heaps else None

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

    def empty_heap(self) -> Heap | None:
        """Return a heap without rows; None for a checkpoint that has none."""
        return self.reader.heaps.empty if self.reader.heaps else None

    def decode(self, latents: States, heaps: Sequence[Heap | None] | None = None) -> list[Decoded]:
        """Return what the decoder makes of state latents, and of the rows that they refer to in their heaps."""
        return self.reader.states(latents, heaps or [None] * len(latents))

    def run(
        self,
        programs: Sequence[Program],
        latents: Float[Array, "B S D"],
        *,
        heaps: Sequence[Heap | None] | None = None,
        counters: Sequence[int] | None = None,
        defined: Sequence[frozenset[Slot]] | None = None,
        codes: Sequence[Mapping[int, Float[Array, " C"]]] | None = None,
        step_budget: int = STEP_BUDGET,
        trace: bool = False,
        record: bool = True,
        show: Callable[[str], None] = lambda text: None,
    ) -> list[Run]:
        """Run each program from its counter on its state until it ends, fails, or has taken `step_budget` steps.

        heaps: those of the states, without rows if not given.
        codes: for each program, bare code latents that run in the place of its core lines, by their index. Each writes
            its line's target; what it reads is not checked.
        record: whether to keep an event for each executed line; trace: one for each executor step as well.
        show: is given each piece of output, with its end, as soon as it is there.
        """
        rows = [
            Running(program, [Frame(latent, names)], Cursor(counter), given, heap or self.empty_heap(), show=show)
            for program, latent, heap, counter, names, given in zip(
                programs,
                latents,
                heaps or [None] * len(programs),
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
            self.watch(max(max(row.steps, row.begun) for row in rest))
            looking, going = [], []
            for row in rest:
                instruction = row.instruction
                if instruction is not None and row.cursor.starts(row.program) and not row.retried:
                    row.begin_line()
                if row.begun > step_budget:
                    row.overrun(step_budget)
                elif isinstance(instruction, CoreLine):
                    stepping.append(row)
                elif instruction is not None:
                    going.append(row)
                    if row.misses(instruction):
                        pass
                    elif isinstance(instruction, Branch | Emit | Fail):
                        looking.append(row)
                    elif not isinstance(instruction, Blank):
                        row.go_through(instruction, self._empty)
            self._look(looking)
            rest = going
        return stepping

    def _look(self, rows: list[Running]) -> None:
        """Decode what branches test, emits show and failures name."""
        every = self.reader.values([(row, _slots_of(row.instruction)) for row in rows])
        for row, values in zip(rows, every, strict=True):
            instruction = row.instruction
            if isinstance(instruction, Branch):
                row.pass_by()
                row.go(row.place + 1 if values[0] else instruction.target)
            elif isinstance(instruction, Fail):
                named = iter(values)
                parts = (part if isinstance(part, str) else text_of(next(named)) for part in instruction.parts)
                row.fail(instruction.error, instruction.message + "".join(parts))
            elif isinstance(instruction, Emit):
                row.go(row.place + 1)
                if instruction.kind == "print":
                    row.emit(printed.printed(map(text_of, values), instruction.separator, instruction.end))
                elif values != [None]:
                    row.emit(printed.printed(map(shown, values)))

    def _step(self, rows: list[Running], step_budget: int, *, trace: bool) -> None:
        """Run one core line in every row."""
        ready = []
        for row in rows:
            core_line = row.instruction
            assert isinstance(core_line, CoreLine)
            if row.bare_code() is None and row.misses(core_line):
                continue
            if row.steps >= step_budget:
                row.overrun(step_budget)
            else:
                ready.append((row, core_line))
        if not ready:
            return
        codes = [core_line if (code := row.bare_code()) is None else code for row, core_line in ready]
        after, heaps = self._execute([row for row, _ in ready], codes)
        snaps = self.mode == "snap"
        if snaps:
            after, tokens, certain = self.reader.snapped([row.frame for row, _ in ready], after)
        else:
            tokens, certain = self.reader.statuses(after), [1.0] * len(ready)
        statuses = [self.model.vocabulary.status(token) for token in tokens]
        doubted = self._mirror.doubted(ready, after, statuses) if self._mirror else frozenset()
        every = zip(ready, after, heaps, statuses, certain, strict=True)
        for place, ((row, core_line), latents, heap, status, sure) in enumerate(every):
            row.count_step(1.0 if place in doubted else sure)
            row.pass_by()
            if trace:
                row.trace.append((core_line, row.routine, latents, heap, sure))
            if status == STATUS_OK and not (place in doubted and self._entered(row, core_line, DOUBTS)):
                row.heap, row.retried = heap, False
                row.frame.latents, row.frame.snapped = latents, snaps
                row.frame.define(core_line)
                row.go(row.place + 1)
            elif status != STATUS_OK:
                self._unfinished(row, core_line, status)

    def _execute(self, rows: Sequence[Running], codes: Sequence[Code]) -> tuple[Array, Sequence[Heap | None]]:
        latents, heaps = np.array([row.frame.latents for row in rows]), [row.heap for row in rows]
        known = [heap for heap in heaps if heap is not None]
        if len(known) < len(heaps):
            return self.step(latents, codes), heaps
        return self.model.execute_rows(latents, self.code_latents(codes), known, snapped=self.mode == "snap")

    def _unfinished(self, row: Running, core_line: CoreLine, status: str) -> None:
        """Call the routine that finishes what a step cannot, give rows free and try again, or end with an error."""
        if self.reader.heaps is not None and status == FULL and not row.retried:
            row.reclaim(self.reader.heaps)
        elif row.heap is None or status not in (TRAP, OVERFLOW) or not self._entered(row, core_line, TRAPS):
            row.fail(*self.reader.message(row, core_line, status))

    def _entered(self, row: Running, core_line: CoreLine, routines: Mapping[str, PreludeRoutine]) -> bool:
        """Enter the routine of a core line's operator; return False where there is none."""
        try:
            entered = row.cursor.trapped(row.program, core_line, routines)
        except ProgramError as error:
            row.end(error)
            return True
        if entered is None:
            return False
        cursor, operands = entered
        cells = [self.reader.cell(row, each) for each in operands if not isinstance(each, Hole)]
        row.enter(cursor, cells, self._empty)
        return True

    def code_latents(self, codes: Sequence[Code]) -> Float[Array, "B C"]:
        """Return code latents; bare ones are as they are, and each distinct core line is encoded once and kept."""
        return self._encoder(codes)

    def _finish(self, rows: list[Running], *, record: bool) -> list[Run]:
        """Decode everything that was recorded, in one batch."""
        for row in rows:
            row.end_line()
        lines = [line for row in rows if record for line in row.ended]
        recorded = [(line.after[0], line.after[2]) for line in lines if line.after is not None]
        recorded += [(latents, heap) for row in rows for _, _, latents, heap, _ in row.trace]
        latents, heaps = zip(*recorded, strict=True) if recorded else ((), ())
        decoded = iter(self.decode(latents, heaps))
        events = [tuple(line.event(next(decoded)) for line in row.ended) if record else () for row in rows]
        traces = [
            tuple(_trace_step(line, routine, next(decoded), sure) for line, routine, _, _, sure in row.trace)
            for row in rows
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
                printed.lines(row.output),
                row.heap,
                row.reclaimed,
                row.certain,
            )
            for row, event, trace in zip(rows, events, traces, strict=True)
        ]


def _slots_of(instruction: Instruction | None) -> tuple[Slot, ...]:
    if isinstance(instruction, Branch):
        return (instruction.condition,)
    if isinstance(instruction, Fail):
        return tuple(part for part in instruction.parts if isinstance(part, Slot))
    return instruction.slots if isinstance(instruction, Emit) else ()


def _trace_step(core_line: CoreLine, routine: Routine | None, decoded: Decoded, sure: float) -> TraceStep:
    return TraceStep(core_line, routine, decoded.values, decoded.status, decoded.confidence * sure, decoded.rows)
