"""A step moves the weights and their average; a state that was saved is gone on from to the bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from latent_repl.errors import UsageError
from training.config import LinesRun, SumsRun
from training.trainer import start

Make = Callable[..., LinesRun]


def test_the_average_follows_quickly_at_first_and_then_by_its_decay(tiny: Make) -> None:
    for done, share in ((0, 0.9), (1000, 0.1)):
        trainer = start(tiny(average=0.9))
        trainer.begin_stage()
        trainer.schedule.step = done
        list(trainer.steps())
        for average in trainer.averaged:
            average.zero_()
        trainer.schedule.step = done
        list(trainer.steps())
        pairs = zip(trainer.averaged, trainer.learning, strict=True)
        assert all(torch.allclose(average, share * weight, atol=1e-6) for average, weight in pairs)


def test_the_average_begins_with_the_weights_of_the_beginning(tiny: Make) -> None:
    trainer = start(tiny())
    name = "executor.status.weight"
    before = trainer.objective.model.state_dict()[name].clone()
    list(trainer.steps())
    after = trainer.objective.model.state_dict()[name]
    assert not torch.equal(before, after)
    assert torch.allclose(trainer.average.state_dict()[name], torch.lerp(before, after, 0.9))


@pytest.mark.parametrize("steps", [1, 3])
def test_a_restored_run_takes_the_same_next_step(tiny: Make, steps: int) -> None:
    trainer = start(tiny(stage={"steps": steps}))
    list(trainer.steps())
    trainer.save()
    list(trainer.steps())
    restored = start(tiny(stage={"steps": steps}))
    assert restored.schedule.step == steps
    list(restored.steps())
    for ours, theirs in ((restored.objective.model, trainer.objective.model), (restored.average, trainer.average)):
        mine = ours.state_dict()
        assert all(torch.equal(mine[name], value) for name, value in theirs.state_dict().items())
    assert restored.schedule.counters() == trainer.schedule.counters()


@pytest.mark.parametrize("by_itself", [False, True])
def test_products_are_taken_in_bf16_where_the_device_does_so_by_itself(
    tiny: Make, by_itself: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.trainer.multiplies_bfloat16", lambda: by_itself)
    trainer, taken = start(tiny()), []
    loss = trainer.objective.loss

    def watched(batch: Any) -> Any:
        taken.append(torch.is_autocast_enabled("cpu"))
        return loss(batch)

    monkeypatch.setattr(trainer.objective, "loss", watched)
    list(trainer.steps())
    assert taken == [by_itself]


def test_another_seed_trains_otherwise(tiny: Make) -> None:
    losses = []
    for seed in (1, 2):
        (terms,) = start(tiny(seed=seed)).steps()
        losses.append(float(terms["step"]))
    assert losses[0] != losses[1]


def test_a_checkpoint_of_another_kind_does_not_warm_a_run(tiny: Make) -> None:
    tiny()
    with pytest.raises(UsageError, match="base has other weights than the config asks for"):
        start(SumsRun(kind="sums", name="x"), "base")
