"""Seeded sampling of whole programs that the oracle has run: within the range, the slots and the lines allowed.

sample_program(random.Random(0), ProgramLimits()).source    "c = 6\nb = c - 4\nprint(b)"

A program grows by one top-level statement at a time; a statement after which it would not run is drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from grammar.programs.derive import SMALL, Writer
from grammar.programs.rules import Production
from latent_repl.errors import CapacityError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.operators import STATUSES
from latent_repl.language.oracle.core_lines import run_source
from latent_repl.language.parsing.parse import parse

# Chosen: statements that the oracle tries before a program is begun anew; one without lines left takes none.
ATTEMPTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramLimits:
    """What a program may be.

    statements: most statements at top level. size: most operators, branches and loops in one of these.
    maximum: literals and results lie in [-maximum, maximum], maximum >= 9. slots: variables and temporaries at once.
    lines: most executed source lines. errors: share of programs that end in ZeroDivisionError or OverflowError; the
    others end without an error.
    """

    statements: int = 8
    size: int = 6
    maximum: int = 99
    slots: int = 12
    lines: int = 60
    errors: float = 0.0

    def __post_init__(self) -> None:
        """Raise ValueError for limits that no program can keep."""
        if self.maximum < SMALL or self.statements < 1 or self.lines < 1 or not 0 <= self.errors <= 1:
            raise ValueError(f"no program keeps {self}: statements and lines from 1, maximum from {SMALL}, errors 0..1")


@dataclass(frozen=True, slots=True)
class Sampled:
    """A program, the variables that certainly hold a value after it, and the productions that made it."""

    source: str = ""
    defined: frozenset[str] = frozenset()
    productions: frozenset[Production] = frozenset()


def sample_program(
    generator: random.Random, limits: ProgramLimits, *, wanted: Callable[[str], bool] = lambda source: True
) -> Sampled:
    """Draw a program whose text is wanted, as one split of a corpus is.

    wanted is asked about the last statement's draws alone, before the oracle, so that a rare one costs little.
    """
    endings = STATUSES[1:] if generator.random() < limits.errors else (None,)
    while True:
        program: Sampled | None = Sampled()
        for _ in range(generator.randrange(limits.statements)):
            program = program and _grow(generator, limits, program, (None,), lambda source: True)
        program = program and _grow(generator, limits, program, endings, wanted)
        if program:
            return program


def ending(source: str, limits: ProgramLimits) -> str | None:
    """Return the name of the error that a program ends in, CapacityError for want of slots; None without an error."""
    tree = parse(source, minimum=-limits.maximum, maximum=limits.maximum)
    try:
        lower(tree, slots=limits.slots, minimum=-limits.maximum, maximum=limits.maximum)
    except CapacityError:
        return CapacityError.__name__
    run = run_source(tree, minimum=-limits.maximum, maximum=limits.maximum, step_limit=limits.lines)
    return None if run.error is None else run.error.kind


def _grow(
    generator: random.Random,
    limits: ProgramLimits,
    program: Sampled,
    endings: Iterable[str | None],
    wanted: Callable[[str], bool],
) -> Sampled | None:
    """Return the program with one more statement, or None where no draw will do."""
    for source, writer in islice(_extensions(generator, limits, program, wanted), ATTEMPTS):
        if ending(source, limits) in endings:
            return Sampled(source, frozenset(writer.defined), program.productions | writer.productions)
    return None


def _extensions(
    generator: random.Random, limits: ProgramLimits, program: Sampled, wanted: Callable[[str], bool]
) -> Iterator[tuple[str, Writer]]:
    """Yield wanted texts that go on from the program, each with the writer of its last statement, without end."""
    while True:
        size = generator.randint(0, limits.size)
        writer = Writer(generator, maximum=limits.maximum, size=size, defined=program.defined)
        source = f"{program.source}\n{writer.statement()}".lstrip()
        if wanted(source):
            yield source, writer
