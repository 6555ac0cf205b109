"""Sampled programs run, within their limits, on core lines as from source; seeds hold."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from grammar.programs.rules import PRODUCTIONS
from grammar.programs.sample import ProgramLimits, Sampled, ending, sample_program
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program, Slot
from latent_repl.language.values import Value

LIMITS = ProgramLimits(errors=0.1)


def draw(count: int, seed: int = 0, limits: ProgramLimits = LIMITS) -> list[Sampled]:
    generator = random.Random(seed)
    return [sample_program(generator, limits) for _ in range(count)]


@pytest.fixture(scope="module")
def programs() -> list[Sampled]:
    return draw(300)


def variables(program: Program, values: tuple[Value | None, ...], names: Mapping[str, Slot]) -> dict[str, str]:
    """Return what the variables hold, as text: True is not 1."""
    return {name: repr(values[slot.index]) for name, slot in names.items() if values[slot.index] is not None}


@pytest.mark.slow
def test_core_lines_and_source_run_alike(programs: list[Sampled]) -> None:
    for sampled in programs:
        tree = parse(sampled.source, minimum=-99, maximum=99)
        program = lower(tree, slots=12, minimum=-99, maximum=99)
        core = execute(program, (None,) * 12, minimum=-99, maximum=99)
        checked = run_source(tree, minimum=-99, maximum=99)
        assert (core.error and core.error.kind) == (checked.error and checked.error.kind)
        assert core.output == checked.output
        assert len(core.events) == len(checked.events) <= LIMITS.lines
        for exact, expected in zip(core.events, checked.events, strict=True):
            held = variables(program, exact.values, program.names_at(exact.line))
            assert held == {name: repr(value) for name, value in expected.variables.items()}, sampled.source


@pytest.mark.slow
def test_every_production_is_taken(programs: list[Sampled]) -> None:
    taken = set().union(*(sampled.productions for sampled in programs))
    assert set(PRODUCTIONS) - taken == set()


def test_errors_have_their_share(programs: list[Sampled]) -> None:
    endings = [ending(sampled.source, LIMITS) for sampled in programs]
    assert {*endings} == {None, "ZeroDivisionError", "OverflowError"}
    assert 0.05 < sum(end is not None for end in endings) / len(endings) < 0.15


def test_what_is_said_to_hold_a_value_does() -> None:
    for sampled in draw(40, limits=ProgramLimits()):
        assert sampled.defined <= set(run_source(parse(sampled.source)).variables)


def test_the_same_seed_gives_the_same_programs() -> None:
    first, again, other = draw(5, 3), draw(5, 3), draw(5, 4)
    assert first == again
    assert first != other


def test_small_limits_are_kept() -> None:
    limits = ProgramLimits(statements=2, size=2, maximum=9, slots=4, lines=5)
    for sampled in draw(20, limits=limits):
        tree = parse(sampled.source, minimum=-9, maximum=9)
        lower(tree, slots=4, minimum=-9, maximum=9)
        run = run_source(tree, minimum=-9, maximum=9)
        assert run.error is None
        assert len(run.events) <= 5
        assert len(tree.module.body) <= 4  # a loop that sets its counter first is two statements


def test_only_wanted_texts_come() -> None:
    generator = random.Random(0)
    for _ in range(5):
        assert len(sample_program(generator, ProgramLimits(), wanted=lambda text: len(text) % 10 == 0).source) % 10 == 0


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1\na + 2", None),
        ("a = 99 + 1", "OverflowError"),
        ("a = 1 // 0", "ZeroDivisionError"),
        ("assert 1 == 2", "AssertionError"),
        ("a = 1\nwhile a: pass", "StepBudgetError"),
        ("\n".join(f"v{number} = 1" for number in range(13)), "CapacityError"),
    ],
)
def test_how_a_program_ends_is_told(source: str, expected: str | None) -> None:
    assert ending(source, ProgramLimits()) == expected


@pytest.mark.parametrize("wrong", [{"maximum": 5}, {"statements": 0}, {"errors": 1.5}, {"lines": 0}])
def test_limits_that_nothing_keeps_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="no program keeps"):
        ProgramLimits(**wrong)
