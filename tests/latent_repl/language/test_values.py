"""The table of kinds of values: one row is all that a kind needs."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.language.values import (
    BOOL,
    CHAR,
    CHARACTERS,
    EMPTY,
    INT,
    KIND,
    LITERAL_REMEDY,
    NONE_TYPE,
    NOTHING,
    REFERENCE,
    Reference,
    fits,
    is_value,
    kind_of,
    written,
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((3, INT), (True, BOOL), (None, EMPTY), (2.0, None)),
        *((NOTHING, NONE_TYPE), ("a", CHAR), (list, KIND), (type(None), KIND), (Reference(3), REFERENCE)),
    ],
)
def test_a_value_is_of_the_kind_that_has_exactly_its_type(value: Any, kind: Any) -> None:
    assert kind_of(value) is kind
    assert is_value(value) == (kind in (INT, BOOL))


@pytest.mark.parametrize("value", [0, -53, True, False, None, NOTHING, *CHARACTERS, int, type(None), Reference(3)])
def test_what_is_written_reads_as_the_same_value(value: Any) -> None:
    kind = kind_of(value)
    assert kind is not None
    assert written(value) in kind.tokens(99, rows=4)
    assert kind.value(written(value)) is value or kind.value(written(value)) == value


def test_none_is_false_and_itself_when_copied() -> None:
    assert not NOTHING and str(NOTHING) == written(NOTHING) == "None"
    assert copy.deepcopy(NOTHING) is NOTHING
    assert written(None) == "none"


def test_a_text_that_is_no_character_is_not_written_as_a_word() -> None:
    assert written("list") == "'list'" and written(list) == "list" and written("5") == "'5'"


def test_whole_numbers_are_ordered_by_magnitude_so_that_a_range_is_a_prefix() -> None:
    assert INT.tokens(2) == ("0", "1", "-1", "2", "-2") == INT.tokens(9)[:5]


def test_numbers_beyond_the_range_do_not_fit() -> None:
    assert fits(99, -99, 99)
    assert not fits(100, -99, 99)
    assert fits(None, -99, 99)


def test_the_remedy_names_every_kind() -> None:
    assert LITERAL_REMEDY == "write a whole number, True or False"


DOTS = 'Kind(name="dots", type=type(...), words={"...": ...}, described="three dots", weight=2.0)'

SCRIPT = """
import random
from grammar.programs.sample import ProgramLimits, sample_program
from latent_repl.errors import LxSyntaxError, UnsayableError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.parsing.parse import parse
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.model.features import feature_table
from latent_repl.session import Session
from training.anchors import anchors

tree = parse("a = ...\\nb = a == ...\\nprint(a, b)")
program = lower(tree, slots=2)
assert str(program.instructions[0]) == "s0 = ...", program.instructions[0]
assert execute(program, (None,) * 2).output == run_source(tree).output == ("Ellipsis True",)

wrong = parse("a = ...\\na + 1")
errors = [execute(lower(wrong, slots=2), (None,) * 2).error, run_source(wrong).error]
assert [(error.kind, error.line) for error in errors] == [("TypeError", 2)] * 2, errors

vocabulary = Vocabulary.fresh(slots=2, limit=9)
assert vocabulary.core_line(vocabulary.core_line_ids(program.instructions[0])) == program.instructions[0]
assert vocabulary.value(vocabulary.value_id(...)) is ...
assert vocabulary.integer_of(vocabulary.value_id(...)) is None
assert len(feature_table(vocabulary, number_features=True)) == len(anchors(vocabulary, 9)) == len(vocabulary)
assert any("..." in sample_program(random.Random(seed), ProgramLimits()).source for seed in range(100))
try:
    parse("a = 'b'")
except LxSyntaxError as error:
    assert error.remedy.startswith("write a whole number, True or False, three dots;")

session = Session("base")
session.run("a = 5")
try:
    session.run("a = ...")
except UnsayableError as error:
    assert str(error).startswith("<input>:1:5: the checkpoint knows no ..."), error
else:
    raise AssertionError("the line was not refused")
assert dict(session.state) == {"a": 5}
"""


def test_a_kind_needs_no_more_than_its_row(with_rows: Callable[..., None]) -> None:
    with_rows(SCRIPT, kind=DOTS)
