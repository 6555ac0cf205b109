"""Each classic algorithm has room for its inputs, and nothing else."""

from __future__ import annotations

from string import Formatter

import pytest

from grammar.suites.classics import CLASSICS


@pytest.mark.parametrize("name", CLASSICS)
def test_every_input_has_its_place_and_its_range(name: str) -> None:
    classic = CLASSICS[name]
    places = {field for _, field, _, _ in Formatter().parse(classic.text) if field}
    assert places == classic.inputs.keys()
    assert all(-99 <= low <= high <= 99 for low, high in classic.inputs.values())
