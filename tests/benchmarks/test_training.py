"""The benchmark of training: what it times is in the recipe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from latent_repl.model.inference.interpreter import NumpyInterpreter
from tests.benchmarks.training import PARTS, in_inference, parts_of

RECIPE = Path("training/configs/base.toml")


def test_parts_that_are_timed_are_in_the_recipe(repository: Path) -> None:
    assert [*parts_of(repository / RECIPE, PARTS)] == [*PARTS]
    with pytest.raises(KeyError):
        parts_of(repository / RECIPE, ["no such part"])


def test_each_timed_step_has_a_model_that_has_computed_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    used = list[NumpyInterpreter]()
    execute = NumpyInterpreter.execute

    def noted(self: NumpyInterpreter, *given: Any) -> Any:
        used.append(self)
        return execute(self, *given)

    monkeypatch.setattr(NumpyInterpreter, "execute", noted)
    operations, seconds, lines = in_inference(4, 3)
    assert lines == 4 and operations > 0 and seconds > 0
    assert len({id(each) for each in used}) == len(used) == 3
