"""The tree of errors: what stands in it, and what its messages look like."""

from __future__ import annotations

import inspect
import re

import pytest

from latent_repl import errors
from latent_repl.errors import LatentReplError, LxSyntaxError, ProgramError, UnsayableError

CLASSES = [each for _, each in inspect.getmembers(errors, inspect.isclass) if issubclass(each, LatentReplError)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_stands_in_the_tree_that_opens_the_module(error: type[LatentReplError]) -> None:
    assert re.search(rf"\b{error.__name__}\b", errors.__doc__ or "")


def test_a_syntax_error_shows_place_caret_and_remedy() -> None:
    error = LxSyntaxError("no floats", remedy="write 1", file="p.lx", line=3, column=5, text="a = 1.5")
    assert str(error) == "p.lx:3:5: no floats\n    a = 1.5\n        ^\nwrite 1"


def test_a_core_line_that_cannot_be_said_has_no_place() -> None:
    assert str(UnsayableError("no word for gcd", remedy="write a loop")) == "no word for gcd; write a loop"
    assert str(UnsayableError("no word for gcd", text="gcd(1, 2)")).startswith("<input>:1:1: no word for gcd\n")


def test_an_error_of_the_program_ends_with_1_and_one_of_its_text_with_2() -> None:
    error = ProgramError("ZeroDivisionError", "division by zero", 4)
    assert str(error) == "ZeroDivisionError: division by zero (line 4)"
    assert (error.exit_code, LxSyntaxError("no floats").exit_code) == (1, 2)
