"""How often the model is right on Python's own values: routines of the prelude, wide integers, floats, shared lists.

    python -m tests.benchmarks.values                            a sample
    python -m tests.benchmarks.values --full --records docs/records/values.json

Routines are called with the inputs that the tests draw for them, and their result, what becomes of their arguments, and
their error with its message are held against CPython's. The rest are programs, right where every line of them is.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from hypothesis import HealthCheck, Phase, given, settings
from rich.progress import track

from grammar.suites.rows import aliases
from latent_repl.evaluation import Case, batches, evaluate
from latent_repl.language.lowering.routines import library
from latent_repl.language.program import PRELUDE, Call, Program, Slot
from latent_repl.language.python_values import python_value
from latent_repl.language.values import NOTHING, Row
from latent_repl.machine import Machine
from latent_repl.model.load import load
from latent_repl.model.rows import encode_heap
from latent_repl.modes import Mode
from tests.latent_repl.language.prelude.conftest import python_call, stored
from tests.latent_repl.language.prelude.test_prelude import CASES, copied, typed

SAMPLE = {
    **{"routines": 5, "wide sums and products": 40, "wide quotients and comparisons": 40},
    **{"floats": 40, "aliases": 20},
}
FULL = {
    **{"routines": 200, "wide sums and products": 10_000, "wide quotients and comparisons": 2_000},
    **{"floats": 1_000, "aliases": 500},
}
STEP_BUDGET = 100_000
DIGITS = 15
OF_FLOATS = ("a + b", "a - b", "a * b", "a / b", "a // b", "a % b", "a < b", "a == b", "round(a / b, 2)", "f'{a:.2f}'")
RESULT = Slot(0)
Arguments = tuple[Any, ...]


def inputs_of(strategy: Any, count: int) -> list[Arguments]:
    """Return inputs that a strategy draws, always the same ones."""
    drawn: list[Arguments] = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(arguments: Arguments) -> None:
        drawn.append(arguments)

    draw()
    return drawn


def fits(arguments: Arguments, config: Any) -> bool:
    """Return whether a heap has room for a routine's arguments."""
    rows: list[Row] = []
    for argument in arguments:
        stored(argument, rows)
    return len(rows) <= config.rows and all(len(row.cells) <= config.cells for row in rows)


def called(name: str, inputs: Sequence[Arguments], machine: Machine) -> Iterator[Any]:
    """Yield what a routine makes of each input: its value and the arguments after it, or the error and its message."""
    frames, heaps, programs = [], [], []
    for arguments in inputs:
        rows: list[Row] = []
        cells = [stored(argument, rows) for argument in arguments]
        frames.append([NOTHING, *cells, *[None] * (machine.model.config.slots - 1 - len(cells))])
        heaps.append(encode_heap(machine.model, rows))
        call = Call(RESULT, PRELUDE + name, tuple(Slot(index + 1) for index in range(len(cells))), (), 1)
        programs.append(Program("", (call,), (1,), 1, frozenset({0}), {}, {}, library=library))
    defined = [frozenset(map(Slot, range(machine.model.config.slots)))] * len(programs)
    runs = machine.run(
        programs, machine.encode(frames), heaps=heaps, defined=defined, step_budget=STEP_BUDGET, record=False
    )
    for arguments, run in zip(inputs, runs, strict=True):
        if run.error is not None:
            yield run.error.kind, run.error.message
            continue
        [state] = machine.decode(run.latents[None], [run.heap])
        values = [python_value(cell, state.rows) for cell in state.values[: len(arguments) + 1]]
        yield values[0], values[1:]


def routines(count: int, machine: Machine) -> Iterator[tuple[str, bool]]:
    """Yield each routine's name, and whether the model was right, for every input."""
    for name, function, strategy in track(CASES, "routines"):
        drawn = [each for each in inputs_of(strategy, count) if fits(each, machine.model.config)]
        for inputs in batches(drawn):
            for arguments, ours in zip(inputs, called(name, inputs, machine), strict=True):
                theirs = python_call(function, *map(copied, arguments))
                yield name, typed(ours) == typed(theirs)


def wide(generator: random.Random, symbols: Sequence[str]) -> str:
    """Draw a program on two integers of up to fifteen digits; the second is no zero."""
    first, second = (generator.randrange(1, 10 ** generator.randint(1, DIGITS)) for _ in range(2))
    signs = [generator.choice(("", "-")) for _ in range(2)]
    return f"a = {signs[0]}{first}\nb = {signs[1]}{second}\nc = a {generator.choice(symbols)} b"


def floats(generator: random.Random) -> str:
    """Draw a program on two decimals, and half the time on what a quotient by seven makes of one; neither is zero."""
    written = [f"{generator.uniform(0.01, 10 ** generator.randint(0, 4)):.{generator.randint(2, 4)}f}" for _ in "ab"]
    signs = [generator.choice(("", "-")) for _ in written]
    first, second = (sign + number for sign, number in zip(signs, written, strict=True))
    return f"a = {first}{generator.choice(('', ' / 7'))}\nb = {second}\nc = {generator.choice(OF_FLOATS)}"


def programs_of(family: str, count: int) -> list[Case]:
    """Return a family's programs, always the same ones."""
    generator = random.Random(family)
    draws = {
        "wide sums and products": lambda: wide(generator, ("+", "-", "*")),
        "wide quotients and comparisons": lambda: wide(generator, ("//", "%", "<", "<=", ">", ">=", "==", "!=")),
        "floats": lambda: floats(generator),
        "aliases": lambda: aliases(generator, 999),
    }
    return [Case(place, draws[family]()) for place in range(count)]


def main(
    model: Annotated[str, typer.Option(help="The checkpoint.")] = "base",
    mode: Annotated[str, typer.Option(help="latent or snap.")] = "snap",
    full: Annotated[bool, typer.Option("--full", help="200 inputs a routine, 13,500 programs.")] = False,
    family: Annotated[list[str] | None, typer.Option(help="Families; all if not given.")] = None,
    records: Annotated[Path | None, typer.Option(help="Keep the figures in a file.")] = None,
) -> None:
    """Count what is right of each family; tell the routines that are not."""
    chosen: Mode = "latent" if mode == "latent" else "snap"
    interpreter, counts = load(model), FULL if full else SAMPLE
    kept: dict[str, Any] = json.loads(records.read_text(encoding="utf-8")) if records and records.exists() else {}
    for name in family or counts:
        if name == "routines":
            tried = list(routines(counts[name], Machine(interpreter, chosen)))
            wrong = Counter(routine for routine, right in tried if not right)
            figures: dict[str, Any] = {"of": len(tried), "right": len(tried) - wrong.total(), "wrong": dict(wrong)}
        else:
            every = list(track(evaluate(programs_of(name, counts[name]), interpreter, chosen), name, counts[name]))
            ends = [record["exact"] for record in every if "exact" in record and "id" in record]
            figures = {"of": len(ends), "right": sum(ends)}
        kept[name] = {"mode": mode, **figures}
        print(f"{name}: {figures['right']} of {figures['of']} right {figures.get('wrong', '')}")
        if records:
            records.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
