"""Problems of every family: seeded, in range, solvable by the fills they name."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from grammar.suites.problems import FAMILIES, draw_problem
from latent_repl.synthesis.problem.specification import specify
from latent_repl.synthesis.problem.text import fill_texts

LIMITS: Any = SimpleNamespace(slots=12, minimum=-99, maximum=99)


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_the_named_fills_solve_the_problem(family: str) -> None:
    generator = random.Random(3)
    for _ in range(10):
        drawn = draw_problem(family, generator, 99)
        problem = specify(drawn.text, names={}, defined=frozenset(), limits=LIMITS)
        filling = tuple(
            next(fill for fill in map(domain.__getitem__, range(len(domain))) if fill_texts((fill,)) == (text,))
            for domain, text in zip(problem.space.domains, drawn.fills, strict=True)
        )
        exec(problem.source(filling), {})


@pytest.mark.parametrize("family", FAMILIES)
def test_draws_are_the_seeds_alone_and_differ(family: str) -> None:
    first, again = ([draw_problem(family, random.Random(seed), 99) for seed in range(12)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 6


@pytest.mark.slow
def test_a_family_that_cannot_keep_the_range_says_so() -> None:
    with pytest.raises(ValueError, match="polynomial"):
        draw_problem("polynomial, three holes", random.Random(0), 2)
