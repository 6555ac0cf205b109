"""Turns at a model: one thread at a time, and who has long work knows that another one waits."""

from __future__ import annotations

import threading
import time

import numpy as np

from latent_repl.explore.turns import InTurn, Turns
from latent_repl.model.interface import Interpreter

NOTHING = np.zeros((1, 4), int)
"""A state of four slots without a value."""


def test_a_turn_waits_for_the_one_before_and_is_awaited_meanwhile() -> None:
    turns, order = Turns(), list[str]()

    def second() -> None:
        with turns:
            order.append("second")

    thread = threading.Thread(target=second)
    with turns:
        assert not turns.awaited
        thread.start()
        while not turns.awaited:
            time.sleep(0.001)
        order.append("first")
    thread.join()
    assert order == ["first", "second"] and not turns.awaited


def test_a_model_in_turn_answers_as_the_model_does(sums_model: Interpreter) -> None:
    model = InTurn(sums_model, Turns())
    assert model.config is sums_model.config
    assert np.array_equal(model.encode_states(NOTHING), sums_model.encode_states(NOTHING))
