"""Figures are put on record by their keys and shown with their units."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.records import Figure, put, read


def test_a_new_figure_takes_the_place_of_the_old_one_alone(tmp_path: Path) -> None:
    path = tmp_path / "speed.json"
    put(path, {"line": Figure("a line", 1.7, "ms"), "prompt": Figure("the prompt", 0.3, "s")})
    put(path, {"line": Figure("a line", 0.84, "ms")})
    assert [figure.shown for figure in read(path).values()] == ["0.8 ms", "0.30 s"]


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    put(None, {"line": Figure("a line", 1.7, "ms")})
    assert not [*tmp_path.iterdir()] and read(tmp_path / "speed.json") == {}
