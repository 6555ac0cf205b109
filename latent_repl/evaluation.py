"""Runs many programs in batches of the machine and compares each with exact execution.

{"id", "program"} --lower--> Program --Machine (the batch)--> Run, compared line by line with the oracle's
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from latent_repl.checking import RunChecker
from latent_repl.errors import LatentReplError
from latent_repl.files import Record, read_objects
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.words import refuse_unsayable
from latent_repl.language.oracle.core_lines import Execution, LineEvent, execute
from latent_repl.language.oracle.steps import Limits
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program
from latent_repl.language.python_values import python_values
from latent_repl.language.sameness import same
from latent_repl.machine import Machine, Watch, unwatched
from latent_repl.model.interface import Interpreter
from latent_repl.model.memory import NO_COUNTS, Counts
from latent_repl.modes import Mode
from latent_repl.records import Event, Run
from latent_repl.results import WrongLine

BATCH = 128
"""Programs in one batch: enough to keep two cores busy, little enough to report early. Chosen."""
STEP_BUDGET = 10_000
"""Executor steps that a program may take, as in a session."""
SPARE_STEPS = 100
"""Steps beyond twice those of the longest program of a batch. Chosen."""

T = TypeVar("T")


class BatchRecords(NamedTuple):
    """What a batch came to: a record for each program, and the results that its steps took."""

    records: list[Record]
    costs: Counts


@dataclass(frozen=True)
class Case:
    """One program to evaluate and its name in the file."""

    id: Any
    source: str


def read_programs(path: Path) -> list[Case]:
    """Return the programs of a file of JSON lines; raises UsageError as read_objects does."""
    return [Case(record.get("id"), record["program"]) for record in read_objects(path, "program")]


def evaluate(
    cases: Sequence[Case],
    model: Interpreter,
    mode: Mode = "latent",
    *,
    show_wrong: bool = False,
    watch: Watch = unwatched,
) -> Iterator[Record]:
    """Yield one record for each program and then a summary; every program begins from the empty state.

    show_wrong: whether the record of a program that is not exact lists its wrong lines. watch: is told how many steps a
    batch has taken.
    """
    machine = Machine(model, mode, watch)
    return summed_up((evaluate_batch(batch, machine, show_wrong=show_wrong) for batch in batches(cases)), summary)


def batches(items: Sequence[T]) -> list[Sequence[T]]:
    """Return the programs of a file in batches, which do not depend on who works on them."""
    return [items[first : first + BATCH] for first in range(0, len(items), BATCH)]


def summed_up(parts: Iterable[BatchRecords], summary: Callable[[Sequence[Record], float], Record]) -> Iterator[Record]:
    """Yield the records of all batches and then a summary. summary: makes it of the records and the seconds."""
    started, records, costs = time.perf_counter(), list[Record](), NO_COUNTS
    for part in parts:
        records += part.records
        costs += part.costs
        yield from part.records
    yield {**summary(records, time.perf_counter() - started), **costs.record}


def evaluate_batch(cases: Sequence[Case], machine: Machine, *, show_wrong: bool = False) -> BatchRecords:
    """Run a batch of programs, each from the empty state, and compare each with exact execution."""
    counted = machine.model.memory.counts
    every = [lowered(case.source, str(case.id), machine) for case in cases]
    programs = [program for program in every if isinstance(program, Program)]
    truths = [_execute(program, machine) for program in programs]
    pairs = iter(zip(run_programs(programs, machine, _step_budget(truths)), truths, strict=True))
    records = list[Record]()
    for case, program in zip(cases, every, strict=True):
        if not isinstance(program, Program):
            records.append(_refused(case, program))
            continue
        run, truth = next(pairs)
        record = _record(case, program, run, truth)
        records.append(record | wrong_lines(program, run, machine) if show_wrong and not record["exact"] else record)
    return BatchRecords(records, machine.model.memory.counts - counted)


def lowered(source: str, file: str, machine: Machine) -> Program | LatentReplError:
    """Return a program as it would run from the empty state, or why it is refused."""
    config, rows = machine.model.config, machine.model.vocabulary.rows > 0
    try:
        tree = parse(source, file=file, minimum=config.minimum, maximum=config.maximum, rows=rows)
        program = lower(tree, slots=config.slots, minimum=config.minimum, maximum=config.maximum, rows=rows)
        refuse_unsayable(tree, program, machine.model.vocabulary)
        return program
    except LatentReplError as error:
        return error


def _execute(program: Program, machine: Machine) -> Execution:
    config = machine.model.config
    return execute(
        program,
        (None,) * config.slots,
        minimum=config.minimum,
        maximum=config.maximum,
        step_budget=STEP_BUDGET,
        capacity=(config.cells, config.rows),
    )


def _step_budget(truths: Sequence[Execution]) -> int:
    """Return the steps that a batch may take: a program that is long past its exact end is wrong, and need not end."""
    longest = max((max(truth.steps, len(truth.events)) for truth in truths), default=0)
    return min(STEP_BUDGET, 2 * longest + SPARE_STEPS)


def run_programs(programs: Sequence[Program], machine: Machine, step_budget: int) -> list[Run]:
    """Run programs in one batch, each from the empty state."""
    if not programs:
        return []
    empty = machine.empty_state()
    latents = np.broadcast_to(empty, (len(programs), *empty.shape))
    return machine.run(programs, latents, step_budget=step_budget)


def wrong_lines(program: Program, run: Run, machine: Machine) -> Record:
    """Return `{"wrong": [...]}`: each line of a run from the empty state that is wrong by itself.

    A line is judged by exact execution from the model's own state before it; `cell` is the first that went wrong.
    """
    config = machine.model.config
    checker = RunChecker(Limits(config.minimum, config.maximum, config.cells, config.rows), STEP_BUDGET)
    counted = Counter(checker.wrong_lines(program, run, ((None,) * config.slots, ())))
    return {"wrong": [_wrong_record(wrong, times) for wrong, times in counted.items()]}


def _wrong_record(wrong: WrongLine, times: int) -> Record:
    difference = wrong.difference
    return {
        "line": wrong.line,
        "source": wrong.source,
        "cell": difference.cell or None,
        "expected": difference.expected,
        "got": difference.got,
        "times": times,
        "message": f"{wrong}{f' ({times} times)' if times > 1 else ''}",
    }


def _record(case: Case, program: Program, run: Run, truth: Execution) -> Record:
    named = [slot.index for slot, name in program.slots.items() if not name.startswith("%")]
    matched = sum(_alike(got, expected, named) for got, expected in zip(run.events, truth.events, strict=False))
    ending = None if run.error is None else run.error.kind
    whole = len(run.events) == len(truth.events) == matched
    return {
        "id": case.id,
        "exact": whole and ending == (None if truth.error is None else truth.error.kind),
        "lines": len(truth.events),
        "matched": matched,
        "steps": run.steps,
        "error": ending,
    }


def _alike(got: Event, expected: LineEvent, named: Sequence[int]) -> bool:
    """Return whether two executed lines are the same one, with the same output and the same variables after it."""
    lines = (got.line, tuple(got.output)) == (expected.line, tuple(expected.output))
    return lines and same(_state(got, named), _state(expected, named))


def _state(event: Event | LineEvent, named: Sequence[int]) -> Mapping[str, Any]:
    """Return the Python values of slots, those that hold none left out."""
    cells = {str(index): cell for index in named if (cell := event.values[index]) is not None}
    return python_values(cells, event.rows)


def _refused(case: Case, error: LatentReplError) -> Record:
    return {"id": case.id, "exact": False, "lines": 0, "matched": 0, "steps": 0, "error": str(error)}


def summary(records: Sequence[Record], seconds: float) -> Record:
    """Return how many programs were exact, how many of their lines, and what it took."""
    return {
        "summary": True,
        "programs": len(records),
        "exact": sum(record["exact"] for record in records),
        "lines": sum(record["lines"] for record in records),
        "matched": sum(record["matched"] for record in records),
        "steps": sum(record["steps"] for record in records),
        "seconds": round(seconds, 3),
        "programs_per_second": round(len(records) / seconds, 2) if seconds else 0.0,
    }
