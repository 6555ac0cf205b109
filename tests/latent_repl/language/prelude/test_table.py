"""The table agrees with the routines it names."""

from __future__ import annotations

import itertools

from latent_repl.language import prelude
from latent_repl.language.movement import describe
from latent_repl.language.operators import TRAP
from latent_repl.language.prelude.table import BUILTINS, DOUBTS, METHODS, SYNTAX, TRAPS, PreludeRoutine, routine_for
from latent_repl.language.rules import RULES, Operands
from latent_repl.language.values import NOTHING, Reference, Row

KINDS = ("str", "list", "tuple", "dict", "int")
ROWS = tuple(Row(kind, (1,) * size) for kind in KINDS for size in (0, 1, 4))
CELLS = [describe(cell, ROWS) for cell in (None, 2, True, "a", NOTHING, int, *map(Reference, range(len(ROWS))))]


def test_the_table_knows_the_parameters_of_each_routine() -> None:
    tables = (
        *METHODS.values(),
        *BUILTINS.values(),
        *((row,) for row in (*TRAPS.values(), *DOUBTS.values(), *SYNTAX.values())),
    )
    for row in (row for rows in tables for row in rows):
        assert len(prelude.routine(row.name).args.args) == len(row.parameters), row.name


def test_a_name_stands_for_one_routine_for_each_number_of_arguments() -> None:
    assert [routine_for(METHODS["pop"], count) for count in (1, 2, 3, 4)] == [*METHODS["pop"], None]
    assert routine_for(BUILTINS["zip"], 7) == PreludeRoutine("zipped", ("rows",), packs=True)
    assert routine_for(BUILTINS["range"], 0) is None


def test_a_routine_has_the_parameters_that_are_given_by_name() -> None:
    chosen = [routine_for(METHODS["split"], 2, named) for named in ((), ("sep",), ("maxsplit",), ("other",))]
    assert [row and row.name for row in chosen] == ["split", "split", "split_up_to", None]


def test_an_operator_that_one_step_cannot_finish_has_a_routine() -> None:
    trapping = set()
    for operator, rule in RULES.items():
        moves = (rule(Operands(own, left, right, 64)) for own, left, right in itertools.product(CELLS, repeat=3))
        if any(move is not None and move.status == TRAP for move in moves):
            trapping.add(operator)
    assert {"==", "[]", "take", "drop", "put"} <= trapping <= set(TRAPS)
