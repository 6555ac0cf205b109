"""Slots: a variable keeps its own, temporaries take what is free, and too few are refused in numbers."""

from __future__ import annotations

import re

import pytest

from latent_repl.errors import CapacityError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Slot
from tests.latent_repl.language.lowering.conftest import NAMES, A, B, C, lowered


def test_a_new_variable_takes_a_free_slot_and_keeps_it() -> None:
    first = lowered("x = 1", names={"b": Slot(1), "c": Slot(0)})
    assert first.names == {"b": Slot(1), "c": Slot(0), "x": Slot(2)}
    assert lowered("y = x\nx = 2", names=dict(first.names)).names == {**first.names, "y": Slot(3)}


def test_a_deleted_variable_frees_its_slot_for_the_next_program() -> None:
    first = lowered("del b")
    assert first.names == {"a": A, "c": C}
    assert lowered("x = 1", names=dict(first.names)).names["x"] == B


def test_deletion_makes_room_within_a_program() -> None:
    source = "\n".join(f"x{n} = {n}\ndel x{n}" for n in range(10)) + "\ny = 5"
    program = lowered(source, slots=2, names={})
    assert execute(program, (None, None)).values[program.names["y"].index] == 5


def test_a_variable_deleted_and_assigned_again_has_its_slot_again() -> None:
    assert lowered("del a\nx = b + c * b\na = 1").names == {**NAMES, "x": Slot(3)}


def test_a_deletion_in_a_block_keeps_the_reservation() -> None:
    assert lowered("if a: del b\nx = 1").names == {**NAMES, "x": Slot(3)}


def test_temporaries_are_named_and_lie_beside_variables() -> None:
    program = lowered("x = a + b * (c + 1)\ny = x", names=NAMES)
    assert program.slots == {A: "a", B: "b", C: "c", Slot(3): "x", Slot(4): "y", Slot(5): "%0"}


def test_a_temporary_never_shows_through_a_variable_that_was_not_assigned() -> None:
    source = "a = 1\nb = (a + 1) * (a + 2)\nif a == 2: x = 5\nprint(x)"
    execution = execute(lowered(source, slots=5, names={}), (None,) * 5)
    assert execution.error is not None
    assert execution.error.kind == "NameError"
    assert "'x'" in execution.error.message


def test_temporaries_may_use_the_slots_of_variables_still_to_come() -> None:
    program = lowered("a = (1 + 2) * (3 + 4)\nb = 5\nc = a", slots=3, names={})
    assert execute(program, (None,) * 3).values == (21, 5, 21)


def test_too_many_variables_are_refused_with_both_numbers() -> None:
    with pytest.raises(CapacityError, match=r"needs 5 slots .*the checkpoint has 4.*del"):
        lowered("x = y = z = w = v = 1", slots=4, names={})


def test_too_many_temporaries_are_refused_with_both_numbers() -> None:
    with pytest.raises(CapacityError, match=r"needs 5 slots \(3 variables, .*checkpoint has 4"):
        lowered("a = (a + b) * (b + c)", slots=4)


def test_a_function_has_all_slots_for_itself() -> None:
    source = "def f(a, b, c):\n    d = a + b\n    return d * c\nw = x = y = z = f(1, 2, 3)"
    assert lower(parse(source), slots=7).names["z"].index < 7
    with pytest.raises(CapacityError) as caught:
        lower(parse("def f(a, b, c):\n    d = e = a + b\n    return d * c * e\nx = f(1, 2, 3)"), slots=4)
    assert re.search(r"the function f needs \d slots.*has 4", str(caught.value))


def test_a_variable_that_a_function_reads_keeps_its_slot_when_it_is_deleted() -> None:
    function = "def f(): return k\n"
    program = lowered(f"{function}k = 1\nf()\ndel k\nx = 2\ny = x * (x + x)\nk = 3\nf()", names={})
    assert execute(program, (None,) * 12).output == ("1", "3")
    assert "k" not in lowered(f"{function}k = 1\nf()\ndel k", names={}).names


def test_a_function_names_its_slots_itself() -> None:
    [routine] = lowered("def f(d, e):\n    g = d * (e + a)\n    return g\nx = f(a, b)").routines
    assert routine.slots == {A: "d", B: "e", C: "g", Slot(3): "%0"}
    assert (routine.name, routine.parameters, routine.defaults) == ("f", ("d", "e"), frozenset())
