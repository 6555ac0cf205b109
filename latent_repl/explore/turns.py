"""Turns at a model that several threads use: the results that it keeps are made for one at a time.

with turns:                      # waits until nobody else has the turn
    model.encode_code(...)
InTurn(model, turns)             # the same model, of which each call waits for its turn
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from latent_repl.model.interface import Interpreter


class Turns:
    """A lock that goes in the order of asking, and knows whether somebody waits: who has long work may end early.

    A plain lock may go to who has just let it go, again and again, while another one waits.
    """

    def __init__(self) -> None:
        self._changed, self._queue = threading.Condition(), deque[object]()

    def __enter__(self) -> None:
        own = object()
        with self._changed:
            self._queue.append(own)
            try:
                self._changed.wait_for(lambda: self._queue[0] is own)
            except BaseException:  # Ctrl-C in a notebook
                self._queue.remove(own)
                self._changed.notify_all()
                raise

    def __exit__(self, *raised: object) -> None:
        with self._changed:
            self._queue.popleft()
            self._changed.notify_all()

    @property
    def awaited(self) -> bool:
        """Whether somebody waits."""
        return len(self._queue) > 1


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
