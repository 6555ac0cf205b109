"""Core lines and states survive the way to ids and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from latent_repl.language.operators import BINARY_OPERATORS, COPY, DELETE, UNARY_OPERATORS
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.vocabulary import Vocabulary

VOCABULARY = Vocabulary.fresh(slots=12, limit=999)

slots = st.integers(0, 11).map(Slot)
values = st.integers(-999, 999) | st.booleans()
operands = slots | values
core_lines = st.one_of(
    st.builds(CoreLine, slots, st.sampled_from(BINARY_OPERATORS), operands, operands),
    st.builds(CoreLine, slots, st.sampled_from([*UNARY_OPERATORS, COPY]), operands),
    st.builds(CoreLine, slots, st.just(DELETE)),
)


@given(core_lines)
def test_a_core_line_survives(line: CoreLine) -> None:
    assert repr(VOCABULARY.core_line(VOCABULARY.core_line_ids(line))) == repr(line)


@given(st.lists(values | st.none(), min_size=12, max_size=12), st.sampled_from(["ok", "OverflowError"]))
def test_a_state_survives(state: list[int | bool | None], status: str) -> None:
    *ids, last = VOCABULARY.state_ids(state, status)
    assert repr([VOCABULARY.value(identifier) for identifier in ids]) == repr(state)
    assert VOCABULARY.status(last) == status


def test_ids_that_spell_no_core_line_are_no_core_line() -> None:
    assert VOCABULARY.core_line([VOCABULARY.ids[token] for token in ("5", "+", "s0", "s1")]) is None


def test_a_declared_range_is_a_prefix_of_the_vocabulary() -> None:
    active = VOCABULARY.active(99)
    assert {VOCABULARY.value(identifier) for identifier in range(active)} >= set(range(-99, 100))
    assert all(abs(int(token)) > 99 for token in VOCABULARY.tokens[active:])
