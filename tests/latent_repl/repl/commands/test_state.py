"""What there is to look at, and what is checked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from latent_repl.errors import UsageError
from latent_repl.model.interface import Interpreter
from latent_repl.repl.context import Context
from latent_repl.session import Session
from tests.latent_repl.conftest import Liar


def test_state_and_vars(run: Callable[[str], str]) -> None:
    run("a = 71")
    run("b = True")
    assert run(":vars") == "  a = 71\n  b = True\n"
    assert "s0" in run(":state") and "71" in run(":state")


def test_check_and_mode_are_set_and_shown(run: Callable[[str], str]) -> None:
    assert run(":check") == "check is on\n"
    assert run(":check off") == "check is off\n"
    assert "✓" not in run("a = 1")
    assert run(":mode snap") == "mode is snap\n"
    with pytest.raises(UsageError, match="latent or :mode snap"):
        run(":mode exact")


def test_steps_show_the_core_lines_of_the_last_statement(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match="no statement"):
        run(":steps")
    run("a = 1")
    assert "a = 1" in run(":steps")


def test_steps_of_the_prelude_are_folded_until_all_are_asked_for(run: Callable[[str], str]) -> None:
    run("a = 1\ns = 'hi'\nt = s.upper()\nb = a + 1")
    rows = run(":steps").splitlines()[1:]
    folded = [row for row in rows if re.search(r"upper: \d+ core lines", row)]
    assert len(folded) == 1 and "b = a + 1" in rows[-1]
    first, last = map(int, folded[0].split()[0].split("–"))
    every = run(":steps all")
    assert "upper: result = row str" in every
    numbers = [int(row.split()[0]) for row in every.splitlines()[1:] if row[:1].isdigit()]
    assert numbers == [*range(1, numbers[-1] + 1)]
    assert int(rows[-1].split()[0]) == numbers[-1] == last + 1 and first > 1
    with pytest.raises(UsageError, match="takes `all` or nothing"):
        run(":steps 3")


def test_time_runs_a_statement(run: Callable[[str], str]) -> None:
    assert re.fullmatch(
        r"  a = 1   [01]\.\d{4}  ✓\n  1 step, 0\.\d{3} s, \d of \d results recalled\n", run(":time a = 1")
    )


def test_functions_are_listed(run: Callable[[str], str]) -> None:
    assert run(":functions") == "  no functions\n"
    run("def larger(x, y):\n    return x > y\n")
    assert run(":functions") == "  def larger(x, y)\n"


def test_resync_takes_cpythons_values_over_and_undo_takes_it_back(
    run: Callable[[str], str], context: Context, shipped_model: Interpreter
) -> None:
    context.opened = Session(Liar(shipped_model), trace=True)
    run("a = 70")
    run("a = a + 1")
    assert "check is on\n" in run(":check")
    assert "CPython has a = 71 and not 70: :resync takes that over" in run(":check")
    assert run("b = 1").endswith("✓\n")
    context.opened.model = shipped_model  # from here on the decoder tells the truth
    context.opened._machine.model = context.opened._machine.reader.model = shipped_model
    assert "  a = 71\n" in run(":resync")
    assert "a = 71  # edited: CPython's values, not executed" in run(":history")
    assert "a = 71  # edited" in context.script()
    assert "CPython has" not in run(":check")
    assert "  a = 70\n" in run(":undo")


@pytest.mark.parametrize("statements", [[], ["a = 1"]])
def test_resync_says_where_there_is_nothing_to_take_over(run: Callable[[str], str], statements: list[str]) -> None:
    for statement in statements:
        run(statement)
    with pytest.raises(UsageError, match=r"nothing to take over|no statement has been compared"):
        run(":resync")
