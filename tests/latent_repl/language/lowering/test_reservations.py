"""Slots as variables hold them, one after another."""

from __future__ import annotations

from latent_repl.language.lowering.reservations import Reservations
from latent_repl.language.program import Slot

A, B = Slot(0), Slot(1)


def two_in_turn() -> Reservations:
    """`a` from before and to statement 1; `b` in its place from statement 3 on, read before it is assigned."""
    reservations = Reservations({"a": A})
    reservations.pass_statement()
    reservations.end(["a"], 1)
    reservations.pass_statement()
    reservations.pass_statement()
    reservations.begin("b", A, 3, assigned_first=False)
    reservations.pass_statement()
    return reservations


def test_what_is_held_is_known_after_each_statement() -> None:
    assert [two_in_turn().after(statement) for statement in range(-1, 4)] == [{"a": A}, {"a": A}, {}, {}, {"b": A}]


def test_the_statement_that_deletes_a_variable_still_finds_it() -> None:
    assert two_in_turn().at("a", 1) == A


def test_a_slot_is_free_where_no_variable_holds_it_any_more() -> None:
    reservations = Reservations({"a": A})
    reservations.end(["a"], 1)
    assert [reservations.is_free_from(A, statement, kept=set()) for statement in (0, 1, 2)] == [False, False, True]
    assert not reservations.is_free_from(A, 2, kept={"a"})


def test_a_slot_to_come_is_overwritten_only_if_it_is_assigned_before_it_can_be_read() -> None:
    assert not two_in_turn().is_overwritten(A, 2, kept=set())
    later = Reservations({})
    later.begin("b", B, 3, assigned_first=True)
    assert [later.is_overwritten(B, statement, kept=set()) for statement in (2, 3)] == [True, False]


def test_a_variable_keeps_the_slots_that_it_has_had_in_their_order() -> None:
    reservations = Reservations({"a": B})
    reservations.end(["a"], 0)
    reservations.begin("a", A, 1, assigned_first=True)
    assert [*reservations.slots_of("a")] == [B, A]
    assert reservations.names() == {A: "a", B: "a"}
