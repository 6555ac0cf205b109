"""Going back is choosing another point, and what is kept there takes the place of what could be redone."""

from __future__ import annotations

import numpy as np
import pytest

from latent_repl.errors import UsageError
from latent_repl.language.program import Slot
from latent_repl.records import Decoded
from latent_repl.timeline import Snapshot, Timeline


def point(source: str) -> Snapshot:
    decoded = Decoded((7, 8), "ok", 0.5)
    return Snapshot(source, np.zeros((3, 2)), decoded, {"a": Slot(0), "b": Slot(1)}, frozenset({Slot(0)}), None, {})


def line(*sources: str) -> Timeline:
    timeline = Timeline((point(""),))
    for source in sources:
        timeline = timeline.keep(point(source))
    return timeline


def test_a_point_has_the_variables_that_are_defined_there() -> None:
    assert point("a = 7").state == {"a": 7}


def test_what_is_kept_after_going_back_takes_the_place_of_what_could_be_redone() -> None:
    timeline = line("a = 1", "b = 2", "b = 3")
    back = timeline.at(1).keep(point("c = 4"))
    assert [each.source for each in back.points] == ["", "a = 1", "c = 4"]
    assert back.now.source == "c = 4"
    assert len(timeline.points) == 4


def test_going_back_keeps_what_can_be_redone() -> None:
    back = line("a = 1", "b = 2").at(1)
    assert [each.source for each in back.passed] == ["", "a = 1"]
    assert back.at(2).now.source == "b = 2"


@pytest.mark.parametrize("number", [-1, 3])
def test_there_is_no_point_before_the_first_or_after_the_last(number: int) -> None:
    with pytest.raises(UsageError, match="this session has states 0 to 2"):
        line("a = 1", "b = 2").at(number)
