"""Turns at a model that several threads use: the results that it keeps are made for one at a time.

with turns:                      # waits until nobody else has the turn
    model.encode_code(...)
InTurn(model, turns)             # the same model, of which each call waits for its turn
"""

from __future__ import annotations

import threading
from typing import Any

from latent_repl.model.interface import Interpreter


class Turns:
    """A lock that knows whether somebody waits for it, so that who has long work may end early."""

    def __init__(self) -> None:
        self._lock, self._queue = threading.Lock(), list[None]()

    def __enter__(self) -> None:
        self._queue.append(None)
        self._lock.acquire()
        self._queue.pop()

    def __exit__(self, *raised: object) -> None:
        self._lock.release()

    @property
    def awaited(self) -> bool:
        """Whether somebody waits."""
        return bool(self._queue)


class InTurn:
    """A model whose every call waits for its turn."""

    def __init__(self, model: Interpreter, turns: Turns) -> None:
        self._model, self._turns = model, turns

    def __getattr__(self, name: str) -> Any:
        """Return what the model has by that name; what can be called waits for its turn."""
        value = getattr(self._model, name)
        if not callable(value):
            return value

        def call(*given: Any, **named: Any) -> Any:
            with self._turns:
                return value(*given, **named)

        return call
