"""A model that executes exactly, so that these tests judge the search and not a training run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from jaxtyping import Float, Int

from latent_repl.language.oracle.core_lines import step
from latent_repl.language.program import CoreLine
from latent_repl.language.values import Value, number_of
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.machine import Machine
from latent_repl.model.features import feature_table
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.memory import Memory
from latent_repl.model.shape import Shape
from latent_repl.session import Session
from latent_repl.synthesis.objective import Objective
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.space import Space
from latent_repl.synthesis.searches.base import Setting

# How sure the double's decoder is: nats between a number and one unlike it. Chosen.
SHARPNESS = 6.0
SIZES: dict[str, Any] = dict.fromkeys([field.name for field in fields(Shape) if field.type == "int"], 1) | {
    "slots": 6,
    "limit": 999,
    "maximum": 99,
    "code_latent": 64,
    "rows": 0,
    "cells": 0,
    "number_features": True,
}


class PerfectInterpreter(NumpyInterpreter):
    """A test double: state latents are token features, code latents mix them, and the oracle takes each step.

    lies: a core line whose result it gets wrong, to see whether the search believes its model or its oracle.
    """

    def __init__(self, lies: Callable[[CoreLine, Value], Value] = lambda core_line, result: result) -> None:
        self.config, self.parameters = Shape(**SIZES), 0
        self.memory, self._tokens = Memory[Any, Any](0), Memory[bytes, tuple[int, float]](0)
        self.vocabulary = Vocabulary.fresh(self.config.slots, self.config.limit)
        active = self.vocabulary.active(self.config.maximum)
        self.features = feature_table(self.vocabulary, number_features=True)[:active]
        self.mixing = np.random.default_rng(0).normal(size=(4 * self.features.shape[1], 64)) / 10
        self.lines: dict[tuple[float, ...], CoreLine] = {}
        self.ids: dict[tuple[float, ...], list[int]] = {}
        self.lies, self.executed = lies, 0

    def encode_states(self, ids: Int[np.ndarray, "B S"]) -> Float[np.ndarray, "B S D"]:
        return self.features[ids]

    def state_logits(self, latents: Float[np.ndarray, "*N D"]) -> Float[np.ndarray, "*N A"]:
        return -SHARPNESS * np.square(latents[..., None, :] - self.features).sum(-1)

    def encode_code(self, ids: Int[np.ndarray, "B T"]) -> Float[np.ndarray, "B C"]:
        latents = np.tanh(self.features[ids].reshape(len(ids), -1) @ self.mixing)
        for latent, row in zip(latents.tolist(), ids.tolist(), strict=True):
            core_line = self.vocabulary.core_line(row)
            assert core_line is not None
            self.lines[tuple(latent)], self.ids[tuple(latent)] = core_line, row
        return latents

    def code_logits(self, latents: Float[np.ndarray, "B C"]) -> Float[np.ndarray, "B T A"]:
        mixed = np.arctanh(np.clip(latents, -0.999999, 0.999999)) @ np.linalg.pinv(self.mixing)
        features = mixed.reshape(len(latents), 4, -1)
        for row, latent in enumerate(map(tuple, latents.tolist())):
            if latent in self.ids:  # what was encoded decodes to itself, and everything else to what it is mixed of
                features[row] = self.features[self.ids[latent]]
        return -np.square(features[:, :, None, :] - self.features).sum(-1)

    def execute(
        self, states: Float[np.ndarray, "B S D"], codes: Float[np.ndarray, "B C"]
    ) -> Float[np.ndarray, "B S D"]:
        self.executed += len(states)
        rows = zip(self.decode_states(states)[0].tolist(), codes.tolist(), strict=True)
        return self.encode_states(np.array([self._after(ids, self.lines[tuple(code)]) for ids, code in rows]))

    def _after(self, ids: list[int], core_line: CoreLine) -> list[int]:
        values = [self.vocabulary.value(token) for token in ids[:-1]]
        after, status = step(core_line, values, self.config.minimum, self.config.maximum)
        result = after[core_line.target.index]
        if status == "ok" and result is not None:
            index = core_line.target.index
            after = (*after[:index], self.lies(core_line, result), *after[index + 1 :])
        return self.vocabulary.state_ids(after, status)


def setting_of(space: Space, model: NumpyInterpreter | None = None, seed: int = 0) -> Setting:
    """Return the setting of a search over a space that belongs to no program."""
    problem = Problem("", (), (), (), (), (), space)
    return Setting(problem, Objective(problem, Machine(model or PerfectInterpreter()), []), seed)


@pytest.fixture
def perfect() -> PerfectInterpreter:
    """A model that is never wrong."""
    return PerfectInterpreter()


@pytest.fixture
def liar() -> PerfectInterpreter:
    """A model that holds every even sum to be 18."""
    return PerfectInterpreter(
        lambda line, result: 18 if line.operator == "+" and number_of(result) % 2 == 0 else result
    )


@pytest.fixture
def session_of() -> Callable[..., Session]:
    """Make a session that has run some assignments: `session_of(model, a=71)`."""

    def make(model: NumpyInterpreter, **state: Value) -> Session:
        session = Session(model, check=False)
        for name, value in state.items():
            session.run(f"{name} = {value}")
        return session

    return make
