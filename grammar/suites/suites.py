"""Named, seeded suites of programs that no training run draws from.

python -m grammar.suites.suites OUT.jsonl --count 100 --seed 0 --suite swaps-8
    {"id": "swaps-8/4f1c09a2b3d4", "program": "a = 5\\n..."}

`latent-repl eval OUT.jsonl` takes such a file, and `python -m training.evaluate` runs every suite.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from grammar.programs.corpus import CorpusEntry, text_hash, write_corpus
from grammar.programs.sample import ProgramLimits, ending
from grammar.suites.classics import CLASSICS, Classic
from grammar.suites.loops import EXHAUSTIVE
from grammar.suites.numbers import NUMBERS
from grammar.suites.published import learning_to_execute, repeats, several_variables, swaps
from grammar.suites.routines import LOOPS
from grammar.suites.rows import ROWS, beginners
from latent_repl.errors import UsageError
from latent_repl.exits import exit_code

Family = Callable[[random.Random, int], str]

SWAPS = (8, 16, 32, 64, 128)
# Chosen: source lines that a program of a suite may execute.
LINES = 2_000


def classic(algorithm: Classic) -> Family:
    """Return the family of an algorithm on random inputs."""

    def draw(generator: random.Random, maximum: int) -> str:
        return algorithm.text.strip().format(
            **{name: generator.randint(*ends) for name, ends in algorithm.inputs.items()}
        )

    return draw


DRAWN: dict[str, tuple[Family, ...]] = {
    "learning-to-execute": (learning_to_execute,),
    "repeats": (repeats,),
    "several-variables": (several_variables,),
    **{f"swaps-{count}": (swaps(count),) for count in SWAPS},
    "classics": tuple(classic(algorithm) for algorithm in CLASSICS.values()),
    **{name: tuple(routine.draw for routine in routines.values()) for name, routines in (LOOPS | NUMBERS).items()},
}
"""The families of each suite whose programs are drawn."""

WHOLE = {**EXHAUSTIVE, "beginners": beginners}
"""The suites that hold all programs of their kind."""

SUITES = (*DRAWN, *EXHAUSTIVE)
"""The name of every suite on numbers."""
ROW_SUITES = (*ROWS, "beginners")
"""The name of every suite for checkpoints that know rows: strings, lists, dicts, wide integers."""


def programs_of(name: str, *, count: int, seed: int = 0, maximum: int = 99) -> Iterator[CorpusEntry]:
    """Yield so many programs of a suite that is drawn, and all of one that is exhaustive, as draw_suite does."""
    return islice(draw_suite(name, seed=seed, maximum=maximum), None if name in WHOLE else count)


def draw_suite(name: str, *, seed: int = 0, maximum: int = 99) -> Iterator[CorpusEntry]:
    """Yield programs of a suite that run without error in [-maximum, maximum].

    A suite that is whole yields each of its programs once, by its number; another one its families in turn, without
    end. Programs on rows are made so that they run.

    Raises UsageError for a name that no suite has.
    """
    if name in WHOLE:
        for number, program in enumerate(WHOLE[name](maximum), start=1):
            yield CorpusEntry(f"{name}/{number}", program)
        return
    if name not in DRAWN and name not in ROWS:
        raise UsageError(f"no suite {name!r}; the suites are {', '.join((*SUITES, *ROW_SUITES))}")
    generator = random.Random(f"{name}/{seed}")
    limits = ProgramLimits(maximum=maximum, lines=LINES)
    while True:
        for family in (DRAWN | ROWS)[name]:
            program = family(generator, maximum)
            while name in DRAWN and ending(program, limits) is not None:
                program = family(generator, maximum)
            yield CorpusEntry(f"{name}/{text_hash(program)[:12]}", program)


def main(
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="The file to write.")],
    count: Annotated[int, typer.Option(min=1, help="Programs of each suite that is drawn.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of everything drawn.")] = 0,
    suite: Annotated[list[str] | None, typer.Option(help="A suite to write; all without this option.")] = None,
    maximum: Annotated[int, typer.Option(min=9, help="Literals and results lie in -maximum..maximum.")] = 99,
) -> None:
    """Write programs of the suites."""

    def write() -> int:
        names = suite or list(SUITES)
        write_corpus(
            out,
            (entry for name in names for entry in programs_of(name, count=count, seed=seed, maximum=maximum)),
        )
        return 0

    raise typer.Exit(exit_code(write))


if __name__ == "__main__":
    typer.run(main)
