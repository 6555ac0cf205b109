"""The table agrees with the routines it names."""

from __future__ import annotations

from latent_repl.language import prelude
from latent_repl.language.prelude.table import BUILTINS, METHODS, SYNTAX, TRAPS, PreludeRoutine, routine_for


def test_the_table_knows_the_parameters_of_each_routine() -> None:
    tables = (*METHODS.values(), *BUILTINS.values(), *((row,) for row in (*TRAPS.values(), *SYNTAX.values())))
    for row in (row for rows in tables for row in rows):
        assert len(prelude.routine(row.name).args.args) == len(row.parameters), row.name


def test_a_name_stands_for_one_routine_for_each_number_of_arguments() -> None:
    assert [routine_for(METHODS["pop"], count) for count in (1, 2, 3, 4)] == [*METHODS["pop"], None]
    assert routine_for(BUILTINS["zip"], 7) == PreludeRoutine("zipped", ("rows",), packs=True)
    assert routine_for(BUILTINS["range"], 0) is None
