"""Core lines and states survive the way to ids and back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from latent_repl.errors import CheckpointError, UnsayableError
from latent_repl.language.operators import BINARY_OPERATORS, COPY, DELETE, ROW_OPERATORS, UNARY_OPERATORS
from latent_repl.language.program import CoreLine, Slot
from latent_repl.language.values import NOTHING, Reference, Value
from latent_repl.language.vocabulary import LEFT, RIGHT, Vocabulary
from latent_repl.model.checkpoint import SHIPPED
from latent_repl.model.shape import read_shape

VOCABULARY = Vocabulary.fresh(slots=12, limit=999)
WITH_ROWS = Vocabulary.fresh(slots=12, limit=999, rows=4)

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


def test_the_vocabulary_of_a_saved_checkpoint_is_read_as_it_was_written(tmp_path: Path) -> None:
    VOCABULARY.save(tmp_path)
    assert Vocabulary.read(tmp_path, slots=12, limit=999).tokens == VOCABULARY.tokens


def test_a_vocabulary_with_rows_has_all_words_of_one_without() -> None:
    assert {*VOCABULARY.tokens} < {*WITH_ROWS.tokens}
    assert {*WITH_ROWS.operators} - {*VOCABULARY.operators} == {*ROW_OPERATORS}
    assert (VOCABULARY.knows_rows, VOCABULARY.rows, WITH_ROWS.knows_rows, WITH_ROWS.rows) == (False, 0, True, 4)


@pytest.mark.parametrize(
    "line",
    [
        CoreLine(Slot(1), "append", "'"),
        CoreLine(Slot(1), "row", type(None)),
        CoreLine(Slot(1), "==", Slot(0), NOTHING),
        CoreLine(Slot(1), "[]", "\n", False),
    ],
    ids=str,
)
def test_a_core_line_on_rows_survives_where_there_are_words_for_it(line: CoreLine) -> None:
    assert WITH_ROWS.core_line(WITH_ROWS.core_line_ids(line)) == line
    assert VOCABULARY.unsaid(line) is not None


def test_a_reference_is_the_value_of_a_slot_but_no_literal() -> None:
    state: list[Value | None] = [Reference(3), NOTHING, "a", list, None, 5]
    assert [WITH_ROWS.value(identifier) for identifier in WITH_ROWS.state_ids(state, "trap")[:-1]] == state
    assert WITH_ROWS.unsaid(CoreLine(Slot(0), COPY, Reference(3))) == LEFT


@pytest.mark.parametrize("name", ["base", "sums-2d", "sums-10d", "sums-100d"])
def test_the_vocabulary_of_a_shipped_checkpoint_is_that_of_a_fresh_model(name: str) -> None:
    shape = read_shape(SHIPPED / name)
    read = Vocabulary.read(SHIPPED / name, slots=shape.slots, limit=shape.limit, rows=shape.rows)
    assert read.tokens == Vocabulary.fresh(shape.slots, shape.limit, shape.rows).tokens


def test_a_vocabulary_that_lacks_words_is_read_and_says_what_it_cannot_say(tmp_path: Path) -> None:
    Vocabulary(token for token in VOCABULARY.tokens if token not in ("max", "True", "False")).save(tmp_path)
    fewer = Vocabulary.read(tmp_path, slots=12, limit=999)
    assert set(VOCABULARY.operators) - set(fewer.operators) == {"max"}
    assert fewer.unsaid(CoreLine(Slot(1), "min", Slot(0), 5)) is None
    with pytest.raises(UnsayableError, match=r"knows no 'max'; its operators are \+, .*--model"):
        fewer.core_line_ids(CoreLine(Slot(1), "max", Slot(0), 5))
    with pytest.raises(UnsayableError, match="knows no True; write a whole number"):
        fewer.core_line_ids(CoreLine(Slot(1), COPY, True))


def test_a_narrowed_vocabulary_keeps_its_ids_and_reads_no_variable_where_none_may_stand() -> None:
    numbers = [token for token in VOCABULARY.tokens if token not in VOCABULARY.addresses]
    narrow = VOCABULARY.narrowed({RIGHT: numbers})
    assert narrow.tokens == VOCABULARY.tokens
    assert narrow.can_say(Slot(0), LEFT)
    assert not narrow.can_say(Slot(0), RIGHT)
    with pytest.raises(UnsayableError, match="no variable on the right"):
        narrow.core_line_ids(CoreLine(Slot(1), "+", Slot(0), Slot(1)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda vocabulary: vocabulary | {"pow": len(vocabulary)}, "knows no pow"),
        (
            lambda vocabulary: {token: place for token, place in vocabulary.items() if token != "-999"},
            "numbers are not 0, 1, -1",
        ),
        (lambda vocabulary: {token: 2 * place for token, place in vocabulary.items()}, "not 0, 1, 2"),
        (lambda vocabulary: vocabulary | {"0": vocabulary["1"], "1": vocabulary["0"]}, "numbers are not 0, 1, -1"),
        (
            lambda vocabulary: vocabulary | {"s0": vocabulary["s1"], "s1": vocabulary["s0"]},
            "s0 to s11 are not in order",
        ),
        (lambda vocabulary: {}, "there is no none"),
        (lambda vocabulary: [], "not a tokenizer file"),
    ],
)
def test_a_foreign_vocabulary_is_refused(tmp_path: Path, change: Callable[[dict[str, int]], object], said: str) -> None:
    VOCABULARY.save(tmp_path)
    file = json.loads((tmp_path / "tokenizer.json").read_text())
    file["model"]["vocab"] = change(file["model"]["vocab"])
    (tmp_path / "tokenizer.json").write_text(json.dumps(file))
    with pytest.raises(CheckpointError, match=said):
        Vocabulary.read(tmp_path, slots=12, limit=999)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"model": 3}'])
def test_a_truncated_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "tokenizer.json").write_text(text)
    with pytest.raises(CheckpointError, match="not a tokenizer file"):
        Vocabulary.read(tmp_path, slots=12, limit=999)


def test_a_vocabulary_of_another_size_is_refused(tmp_path: Path) -> None:
    VOCABULARY.save(tmp_path)
    with pytest.raises(CheckpointError, match=r"12 slots and numbers to 999, 0 rows, config\.json for 12 and 99"):
        Vocabulary.read(tmp_path, slots=12, limit=99)
