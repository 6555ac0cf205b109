"""Routines of the prelude are lowered once, outside programs, and fit the smallest frames that rows come with."""

from __future__ import annotations

import pytest

from latent_repl.language import prelude
from latent_repl.language.lowering.routines import library
from latent_repl.language.program import CoreLine, Fail, Return, Slot

SLOTS = 12


def test_a_routine_is_lowered_once() -> None:
    assert library("upper") is library("upper")
    with pytest.raises(KeyError):
        library("nothing of the kind")


def test_every_routine_fits_a_frame() -> None:
    needed = {name: max((slot.index + 1 for slot in library(name).slots), default=0) for name in prelude.names()}
    assert {name: count for name, count in needed.items() if count > SLOTS} == {}


def test_what_routines_alone_can_name_becomes_core_lines() -> None:
    code = library("copy").code
    assert code is not None
    lines = [str(each) for each in code.instructions if isinstance(each, CoreLine)]
    assert lines[:2] == ["s1 = kind s0", "s2 = s1 == list"]
    assert "s2 = s0 as s1" in lines
    [fail] = [each for each in code.instructions if isinstance(each, Fail)]
    assert fail == Fail("AttributeError", "", ("'", Slot(2), "' object has no attribute 'copy'"))


def test_a_loop_of_a_routine_tests_its_counter_itself() -> None:
    code = library("isspace").code
    assert code is not None
    assert [str(each) for each in code.instructions if isinstance(each, CoreLine)].count("s3 = s1") == 0
    assert isinstance(code.instructions[-1], Return)
