"""Instructions in the making: jumps to places yet to come, the lines they belong to, and how many may be."""

from __future__ import annotations

import ast

import pytest

from latent_repl.errors import CapacityError
from latent_repl.language.lowering.assembler import Assembler, Label
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.slots import Allocation
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Branch, CoreLine, Emit, Hole, Jump, Slot

A = Slot(0)


@pytest.fixture
def assembler() -> Assembler:
    """An assembler where one variable, a, is known."""
    return Assembler(Allocation(ast.parse("pass"), {"a": A}, 4, [{}]))


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


@pytest.mark.slow
def test_calls_that_multiply_are_refused() -> None:
    doubling = "".join(f"def f{n}(a):\n    return f{n - 1}(a) + f{n - 1}(a)\n" for n in range(1, 25))
    with pytest.raises(CapacityError, match="calls written out"):
        lower(parse(f"def f0(a):\n    return a\n{doubling}f24(1)"), slots=12)
