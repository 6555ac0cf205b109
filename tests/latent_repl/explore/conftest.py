"""A small space to look at: the sums of two dimensions, which answer at once."""

from __future__ import annotations

import pytest

from latent_repl.explore.code_space import CodeSpace
from latent_repl.explore.explorer import Explorer
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.session import Session


@pytest.fixture(scope="session")
def sums_model() -> Interpreter:
    """The sums model whose codes have two dimensions."""
    return load("sums-2d")


@pytest.fixture
def sums_session(sums_model: Interpreter) -> Session:
    """A fresh session on it."""
    return Session(sums_model)


@pytest.fixture
def space(sums_session: Session) -> CodeSpace:
    """The code space of the post's problem."""
    return CodeSpace(sums_session, "a=71; a+? == 18")


@pytest.fixture
def explorer(sums_session: Session) -> Explorer:
    """An explorer on the post's problem."""
    return Explorer(sums_session)
