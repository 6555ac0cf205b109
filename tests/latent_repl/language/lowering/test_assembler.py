"""Instructions in the making: jumps to places yet to come, and the lines they belong to."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.slots import ModuleAllocation
from latent_repl.language.program import Branch, Call, CoreLine, Emit, Given, Hole, Jump, Return, Slot

A = Slot(0)


@pytest.fixture
def assembler() -> Assembler:
    """An assembler where one variable, a, is known."""
    return Assembler(ModuleAllocation(ast.parse("pass"), {"a": A}, 4, [{}]))


def test_a_label_means_the_instruction_that_follows_its_place(assembler: Assembler) -> None:
    again, end = Label(), Label()
    assembler.place(again)
    assembler.branch(A, end)
    assembler.core(A, "-", A, 1)
    assembler.jump(again)
    assembler.place(end)
    assert assembler.instructions() == (Branch(A, 3), CoreLine(A, "-", A, 1), Jump(0))


def test_each_instruction_belongs_to_the_line_begun_last(assembler: Assembler) -> None:
    assembler.begin(2)
    assembler.core(A, "copy", 1)
    assembler.add(Emit((A,), "print"))
    assembler.begin(5)
    assembler.core(A, "copy", 2)
    assert (assembler.lines, assembler.starts) == ([2, 2, 5], {0, 2})


def test_lines_with_holes_alone_note_what_they_may_name(assembler: Assembler) -> None:
    assembler.core(A, "copy", 1)
    assembler.core(A, "+", A, Hole(0))
    assert assembler.visible == {1: {"a": A}}


def test_labels_and_starts_count_what_comes_before() -> None:
    behind, end = Assembler(ModuleAllocation(ast.parse("pass"), {"a": A}, 4, [{}]), first=7), Label()
    behind.begin(3)
    behind.call(A, "f", [A], [("b", A)], end)
    behind.given(A, end)
    behind.add(Return(A))
    behind.place(end)
    assert behind.instructions() == (Call(A, "f", (A,), (("b", A),), 10), Given(A, 10), Return(A))
    assert (behind.starts, behind.following) == ({7}, 10)


def test_what_is_read_before_an_instruction_is_needed_there_where_it_reads_something_else(assembler: Assembler) -> None:
    b = Slot(1)
    assembler.read(A)
    assembler.core(A, "+", A, 1)
    assembler.read(b)
    assembler.core(A, "+", A, 1)
    assert assembler.needed() == {1: (b,)}


def test_the_line_that_was_added_last_can_say_what_its_error_says(assembler: Assembler) -> None:
    assembler.core(A, "-", A, 1)
    assembler.core(A, "-", A, 2)
    assembler.say("-=")
    assert [line.says for line in assembler.instructions() if isinstance(line, CoreLine)] == ["", "-="]
