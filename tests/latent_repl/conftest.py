"""A context on a session of the shipped checkpoint, for tests of what stands around a session."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latent_repl.display import Screen, View
from latent_repl.errors import SynthesisError
from latent_repl.language.values import Value
from latent_repl.language.vocabulary import OPERATOR
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.repl.commands import synth
from latent_repl.repl.context import Context
from latent_repl.session import Session
from latent_repl.synthesis.result import Solution


def solution_of(problem: str = "a=71; a+? == 18", *, solved: bool = True, **fields: Any) -> Solution:
    """What a search may have answered, but for the fields; `program` is the only one verified."""
    defaults: dict[str, Any] = {
        "program": "a = 71\nassert a + -53 == 18" if solved else None,
        "fills": ("-53",) if solved else (),
        "evaluations": 48,
        "refuted": 0,
        "oracle_runs": int(solved),
        "best": "a + -53",
        "loss": 0.003,
        "reason": None,
        "seconds": 0.41,
        "found_by": "gp" if solved else None,
        "search": "gp",
        "seed": 0,
    }
    named = defaults | fields
    programs = (named["program"],) if solved else ()
    return Solution(problem=problem, solved=solved, verified=solved, programs=programs, **named)


class Liar:
    """The model with a decoder that reads one value as another: every 71 as 70."""

    def __init__(self, model: Interpreter, *, value: Value = 71, says: Value = 70) -> None:
        self._model, self._value, self._says = model, value, says

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def decode_states(self, latents: Any) -> Any:
        ids, probability = self._model.decode_states(latents)
        true, false = (self._model.vocabulary.value_id(value) for value in (self._value, self._says))
        return np.where(ids == true, false, ids), probability


class Doubter:
    """The model with a decoder that is half sure of one value where the executor has made it.

    What it reads is all the model's. A value's own latent it reads as surely as ever.
    """

    def __init__(self, model: Interpreter, *, value: Value = 5) -> None:
        self._model, self._value = model, model.vocabulary.value_id(value)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def decode_states(self, latents: Any) -> Any:
        ids, probability = self._model.decode_states(latents)
        made = (latents != self._model.encode_states(ids)).any(-1)
        return ids, np.where(made & (ids == self._value), 0.5, probability)


class Mistaken:
    """The model with an executor that makes a number of one operator's step on what two slots hold, a wrong one."""

    def __init__(self, model: Interpreter, operator: str, operands: tuple[int, int], *, says: int) -> None:
        self._model, self._operator = model, model.vocabulary.ids[operator]
        self._asked, [self._says] = (
            model.encode_states(np.array([[model.vocabulary.value_id(value) for value in values]]))[0]
            for values in (operands, [says])
        )

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def execute_rows(self, states: Any, codes: Any, heaps: Any, **options: Any) -> Any:
        after, heaps = self._model.execute_rows(states, codes, heaps, **options)
        operators = self._model.code_logits(codes)[:, OPERATOR].argmax(-1)
        mistaken = (operators == self._operator) & (states[:, :2] == self._asked).all((1, 2))
        made = mistaken[:, None] & (after != states).any(-1)
        made[:, -1] = False
        return np.where(made[:, :, None], self._says, after), heaps


@pytest.fixture(scope="session")
def shipped_model() -> Interpreter:
    """The model of the shipped checkpoint."""
    return load("base")


@pytest.fixture
def live_session(shipped_model: Interpreter) -> Session:
    """A fresh session that checks and traces, as the REPL's does."""
    return Session(shipped_model, trace=True)


@pytest.fixture
def lying_session(shipped_model: Interpreter) -> Session:
    """A session whose decoder is wrong about 71."""
    return Session(Liar(shipped_model), trace=True)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let relative paths, such as that of `:save x`, lead into an empty folder."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every problem be refused: a search takes long."""

    def refuse(*_: Any, **__: Any) -> None:
        raise SynthesisError("no hole")

    monkeypatch.setattr(synth, "solve_in", refuse)


@pytest.fixture
def context(live_session: Session) -> Context:
    """A context on the session, with a screen that writes to memory."""
    return Context(lambda: live_session, Screen(io.StringIO()))


@pytest.fixture(scope="session")
def rendered() -> Callable[[list[View]], str]:
    """A function that returns views as the text that a plain terminal shows."""

    def render(views: list[View], width: int = 80) -> str:
        file = io.StringIO()
        screen = Screen(file, width=width)
        for view in views:
            screen.show(view)
        return file.getvalue()

    return render
