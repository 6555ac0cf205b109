"""What undoes an operator, by the shipped executor's own judgement."""

from __future__ import annotations

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from grammar.core_lines.pairs import sample_pairs
from grammar.core_lines.sample import Mixture
from latent_repl.language.operators import OPERATORS, STATUS_OK
from latent_repl.language.program import CoreLine
from latent_repl.model.load import load
from latent_repl.synthesis.inversion.inverses import INVERSE_SEMANTICS
from training.inverses import FIRST, SECOND, found, main, table_row


@pytest.mark.slow
@pytest.mark.parametrize(
    ("operator", "hidden", "share"),
    [
        *[("+", 0, 0.98), ("+", 1, 0.98), ("-", 0, 0.98), ("-", 1, 0.98), ("%", 0, 0.95)],
        *[("*", 0, 0.75), ("*", 1, 0.75), ("//", 0, 0.85), ("//", 1, 0.4)],
    ],
)
def test_what_the_search_undoes_an_operator_by_finds_an_operand(operator: str, hidden: int, share: float) -> None:
    """Of 300 pairs; where no operand leads to the result with another operator, as with overflows, none is found."""
    model = load("base")
    mixture = Mixture(maximum=999, live=(1, 3), weights=tuple(float(each == operator) for each in OPERATORS))
    pairs = sample_pairs(np.random.default_rng(1), mixture, model.vocabulary, 300)
    rows = np.flatnonzero(pairs.results[:, 1] == model.vocabulary.status_id(STATUS_OK))
    undo = INVERSE_SEMANTICS[operator][hidden]
    operands = (FIRST, SECOND) if undo.result_first else (SECOND, FIRST)
    known, result = pairs.operands[rows, 1 - hidden], pairs.results[rows, 0]
    there = found(model, operator, hidden, CoreLine(FIRST, undo.operator, *operands), known, result)
    assert there.mean() >= share


def test_a_row_names_the_best_first() -> None:
    model = load("base")
    pairs = sample_pairs(np.random.default_rng(0), Mixture(maximum=999, live=(1, 3)), model.vocabulary, 500)
    assert table_row(model, pairs, "+", 0).startswith("| `+` | left | `s0 = s0 - s1` ")


@pytest.mark.slow
def test_the_checkpoint_is_an_argument_of_the_command() -> None:
    command = typer.Typer()
    command.command()(main)
    ended = CliRunner().invoke(command, ["base", "--count", "300"])
    assert ended.exit_code == 0
    assert "| `+` | left | `s0 = s0 - s1` " in ended.output
