"""A name catches the kinds of errors that it catches in Python."""

from __future__ import annotations

import builtins

import pytest

from latent_repl.language.raised import CAUGHT, KINDS, ErrorHandler


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_catches_what_python_catches(kind: str) -> None:
    error = getattr(builtins, kind)("said")
    for name in KINDS:
        try:
            raise error
        except getattr(builtins, name):
            assert kind in CAUGHT[name]
        except Exception:
            assert kind not in CAUGHT[name]


def test_a_limit_is_no_kind_that_is_caught() -> None:
    assert {"MemoryError", "StepBudgetError"}.isdisjoint(CAUGHT["Exception"])


def test_a_handler_covers_its_instructions() -> None:
    handler = ErrorHandler(3, 5, frozenset({"KeyError"}), 9)
    assert [handler.catches(place, "KeyError") for place in range(2, 6)] == [False, True, True, False]
    assert not handler.catches(3, "ValueError")
