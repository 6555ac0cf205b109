"""A run goes through its stages; the learning rate warms up in each and falls over all of them."""

from __future__ import annotations

import pytest

from training.config import LinesRun
from training.schedule import Schedule
from training.stages import LinesStage

STAGES = tuple(LinesStage(until=until, batch=10, steps=1, live=(1, 1)) for until in (0.5, 1.0))
RUN = LinesRun(name="x", lines=400, warm_up=4, rate=1.0, stages=STAGES)


def test_a_stage_ends_when_its_share_of_lines_is_done() -> None:
    schedule, stages = Schedule(RUN), []
    while not schedule.finished:
        stages.append(schedule.stage_index)
        schedule.advance()
        schedule.turn()
    assert stages == [0] * 20 + [1] * 20
    assert (schedule.step, schedule.lines, schedule.share) == (40, 400, 1)


def test_the_rate_warms_up_at_every_stage_and_falls_to_a_hundredth() -> None:
    first = [Schedule(RUN, stage_step=step).rate() for step in range(5)]
    assert first == pytest.approx([0.25, 0.5, 0.75, 1, 1])
    assert Schedule(RUN, stage_step=9, lines=200).rate() == pytest.approx(0.505)
    assert Schedule(RUN, stage_step=9, lines=400).rate() == pytest.approx(0.01)


def test_counters_are_where_a_run_stands() -> None:
    schedule = Schedule(RUN, step=7, lines=70, stage_index=1, stage_step=2)
    assert Schedule(RUN, **schedule.counters()) == schedule
