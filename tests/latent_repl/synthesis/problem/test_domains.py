"""What may fill a hole: each fill once, found by index, drawn as often as it is said to be, sayable or left out."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.vocabulary import LEFT, OPERATOR, RIGHT, Vocabulary
from latent_repl.synthesis.problem.domains import Assignment, Assignments, Atoms, Domain, Fill, Operators, names

VALUES = Atoms(("a",), (0, 1, -1, 2, -2))
LINES = Assignments(("a", "b"), ("a",), (0, 1, -1))
DOMAINS = [VALUES, Atoms((), (0,)), Operators(), LINES, Assignments(("b",), (), (0, 1))]
WHOLE = Vocabulary.fresh(slots=9, limit=99)
NUMBERS = [token for token in WHOLE.tokens if token not in (*WHOLE.addresses, "True", "False")]
SUMS = WHOLE.narrowed({OPERATOR: ("+", "copy", "del"), LEFT: (*WHOLE.addresses, *NUMBERS), RIGHT: NUMBERS})


def domain_of(domain: Domain) -> list[Fill]:
    return [domain[place] for place in range(len(domain))]


@pytest.mark.parametrize(
    "domain", [VALUES, Atoms((), (0,)), Operators(), LINES], ids=["values", "one", "operators", "lines"]
)
def test_fills_are_drawn_as_often_as_their_probability_says(domain: Domain) -> None:
    every = domain_of(domain)
    probabilities = np.exp([domain.log_probability(fill) for fill in every])
    generator = random.Random(0)
    drawn = Counter(domain.likely(generator) for _ in range(20_000))
    shares = np.array([drawn[fill] / 20_000 for fill in every])
    assert probabilities.sum() == pytest.approx(1)
    assert np.abs(shares - probabilities).max() < 0.02
    assert all(drawn[fill] > 0 for fill in every)


@pytest.mark.parametrize("domain", [VALUES, Operators()], ids=["values", "operators"])
def test_even_shares_reach_every_fill(domain: Domain) -> None:
    assert {domain.spread((place + 0.5) / len(domain)) for place in range(len(domain))} == set(domain_of(domain))
    assert [VALUES.spread(share) for share in (0.0, 0.2, 0.999)] == ["a", -2, 2]
    assert LINES.spread(0.3) == LINES.spread(0.3)


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_fill_is_there_once_and_nothing_beyond_the_last(domain: Domain) -> None:
    every = domain_of(domain)
    assert len(set(every)) == len(domain) and all(fill in domain for fill in every)
    assert len(set(map(str, every))) == len(domain)
    with pytest.raises(IndexError):
        domain[len(domain)]


@given(st.lists(st.sampled_from("abc"), unique=True), st.lists(st.integers(-9, 9), min_size=1, unique=True), st.data())
def test_a_line_that_is_drawn_is_one_of_the_lines(
    variables: list[str], literals: list[int], data: st.DataObject
) -> None:
    lines = Assignments(("x", "y"), variables, literals)
    drawn = lines.likely(random.Random(data.draw(st.integers(0, 99))))
    assert drawn in lines and lines.log_probability(drawn) <= 0
    assert drawn.target in ("x", "y") and {name for name in names(drawn)[1:] if name} <= {*variables}


@pytest.mark.parametrize(
    "fill",
    ["c", 7, "+", Assignment("a", "+", "a", 7), Assignment("c", "copy", "a"), Assignment("a", "nand", "a", 1), None],
)
def test_what_is_no_fill_is_in_no_domain_of_values_and_lines(fill: object) -> None:
    assert fill not in VALUES and fill not in LINES


@pytest.mark.parametrize(
    ("fill", "text", "named"),
    [
        (-5, "-5", (None,)),
        ("a", "a", ("a",)),
        (Assignment("b", "+", "a", -3), "b = a + -3", ("b", "a", None)),
        (Assignment("b", "max", 3, "a"), "b = max(3, a)", ("b", None, "a")),
        (Assignment("b", "not", "a"), "b = not a", ("b", "a", None)),
        (Assignment("b", "copy", 7), "b = 7", ("b", None, None)),
    ],
)
def test_a_fill_reads_as_program_text_and_tells_its_names(fill: Fill, text: str, named: tuple[str | None, ...]) -> None:
    assert (str(fill), names(fill)) == (text, named)


def test_a_checkpoint_without_words_leaves_fills_out() -> None:
    assert domain_of(VALUES.sayable(SUMS)) == [0, 1, -1, 2, -2]
    assert domain_of(Operators().sayable(SUMS)) == ["+"]
    texts = [str(line) for line in domain_of(LINES.sayable(SUMS)) if str(line).startswith("b")]
    assert texts == ["b = a", "b = 0", "b = 1", "b = -1", "b = a + 0", "b = a + 1", "b = a + -1"]


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_checkpoint_with_all_words_leaves_none_out(domain: Domain) -> None:
    assert domain_of(domain.sayable(WHOLE)) == domain_of(domain)
