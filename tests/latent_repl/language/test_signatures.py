"""What programs call: each name is one of Python's, and something runs it."""

from __future__ import annotations

import builtins
import inspect

import pytest

from latent_repl.language.operators import FUNCTIONS, TABLE
from latent_repl.language.prelude import table
from latent_repl.language.signatures import (
    BUILTINS,
    CONSUMERS,
    CONSUMING_METHODS,
    GENERATOR_CONSUMERS,
    LAZY_BUILTINS,
    LAZY_METHODS,
    METHODS,
)

KINDS = (str, list, tuple, dict)


def test_every_name_is_one_of_python() -> None:
    assert all(callable(getattr(builtins, name)) for name in BUILTINS)
    assert all(any(hasattr(kind, name) for kind in KINDS) for name in METHODS)


def test_every_builtin_is_a_routine_or_an_operator() -> None:
    assert set(BUILTINS) <= {*table.BUILTINS, *TABLE}


def test_what_the_lists_of_names_name_is_in_the_table() -> None:
    assert {*FUNCTIONS, *LAZY_BUILTINS, *CONSUMERS, *GENERATOR_CONSUMERS} <= set(BUILTINS)
    assert {*LAZY_METHODS, *CONSUMING_METHODS} <= set(METHODS)


def test_the_number_of_arguments_is_that_of_all_routines_together() -> None:
    assert (METHODS["pop"].least, METHODS["pop"].most) == (0, 2)
    assert (BUILTINS["range"].least, BUILTINS["range"].most) == (1, 3)
    assert (BUILTINS["zip"].least, BUILTINS["zip"].most) == (0, None)


@pytest.mark.parametrize("name", [name for name, row in METHODS.items() if row.keywords])
def test_what_is_given_by_name_python_takes_by_name(name: str) -> None:
    [method] = [getattr(kind, name) for kind in KINDS if hasattr(kind, name)]
    taken = inspect.signature(method).parameters
    assert all(taken[keyword].kind is not inspect.Parameter.POSITIONAL_ONLY for keyword in METHODS[name].keywords or ())
