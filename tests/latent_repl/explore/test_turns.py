"""Turns at a model: one thread at a time, and who has long work knows that another one waits."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from latent_repl.explore.turns import InTurn, Turns
from latent_repl.model.interface import Interpreter

NOTHING = np.zeros((1, 4), int)
"""A state of four slots without a value."""


def test_turns_go_in_the_order_of_asking_and_are_awaited_meanwhile() -> None:
    turns, order = Turns(), list[int]()

    def take(number: int) -> None:
        with turns:
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    with turns:
        assert not turns.awaited
        for count, thread in enumerate(threads, start=2):
            thread.start()
            while len(turns._queue) < count:
                time.sleep(0.001)
        assert turns.awaited
    take(5)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5] and not turns.awaited


def test_who_is_interrupted_while_waiting_leaves_the_queue() -> None:
    turns = Turns()

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    with turns, pytest.MonkeyPatch.context() as patch:
        patch.setattr(turns._changed, "wait_for", interrupted)
        with pytest.raises(KeyboardInterrupt):
            turns.__enter__()
        assert not turns.awaited
    with turns:
        assert not turns.awaited


def test_a_model_in_turn_answers_as_the_model_does(sums_model: Interpreter) -> None:
    model = InTurn(sums_model, Turns())
    assert model.config is sums_model.config
    assert np.array_equal(model.encode_states(NOTHING), sums_model.encode_states(NOTHING))
