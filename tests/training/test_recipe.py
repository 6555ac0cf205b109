"""A recipe is read as parts, each of which is a run or several, and comes to one checkpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from latent_repl.errors import UsageError
from training.config import LinesRun, RowsRun
from training.recipe import Recipe, is_done, load, publish

TEXT = """
name = "whole"
kind = "recipe"
seed = 5
maximum = 130
{extra}

[model]
rows = 3

[[parts]]
name = "words"
kind = "rows"
lines = 64
stages = [{{ until = 1.0, batch = 32, moves = false }}]

[[parts]]
name = "last"
lines = 64
mine = true
runs = {runs}
stages = [{{ until = 1.0, batch = 32, steps = 1, live = [1, 2] }}]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def recipe(folder: Path, runs: str = "2", extra: str = "") -> Recipe:
    path = folder / "whole.toml"
    path.write_text(TEXT.format(runs=runs, extra=extra))
    return load(path)


def end(folder: Path, lines: int, minutes: float) -> None:
    """Leave what a run leaves behind."""
    (folder / "checkpoint").mkdir(parents=True)
    told = {"training": {"seed": 5, "lines": lines, "minutes": minutes}}
    (folder / "checkpoint" / "metrics.json").write_text(json.dumps(told))


def test_parts_are_runs_of_the_same_sizes_and_several_differ_by_their_seeds(folder: Path) -> None:
    words, last = recipe(folder).parts
    assert [type(run) for part in (words, last) for run in part.runs] == [RowsRun, LinesRun, LinesRun]
    assert [run.name for run in last.runs] == ["whole/last/1", "whole/last/2"]
    assert [run.seed for run in (*words.runs, *last.runs)] == [5, 5, 6]
    assert {run.model["rows"] for run in (*words.runs, *last.runs)} == {3}
    assert [run.mine for run in last.runs if isinstance(run, LinesRun)] == [True, False]
    assert (words.runs[0].folder, last.folder) == (words.folder, Path("runs/whole/last"))
    assert recipe(folder, '2\nbeside = ["words"]').parts[1].beside == (words.checkpoint,)


@pytest.mark.parametrize(
    ("runs", "extra", "message"),
    [
        ("0", "", "part last: runs: expected a number of runs, got 0"),
        ("2", "lines = 3", "unknown field `lines`.*the keys are name, kind, seed, maximum, model, parts"),
        ('2\nbeside = ["last"]', "", "part last: beside: expected names of earlier parts, got .'last'."),
        ("2\nlinse = 3", "", "part last: unknown key `linse`; the keys are name, seed"),
    ],
)
def test_what_is_wrong_is_told_with_its_part(folder: Path, runs: str, extra: str, message: str) -> None:
    with pytest.raises(UsageError, match=f"(?s)whole.toml.*{message}"):
        recipe(folder, runs, extra)


def test_a_run_is_done_when_its_checkpoint_is_that_of_all_lines(folder: Path) -> None:
    run = recipe(folder).parts[0].runs[0]
    assert not is_done(run)
    end(run.folder, 64, 1.0)
    assert is_done(run)
    assert not is_done(recipe(folder, extra="# longer").parts[1].runs[0])


def test_what_the_last_part_comes_to_is_the_recipes_with_what_all_parts_cost(folder: Path) -> None:
    whole = recipe(folder, runs="1")
    for part, minutes in zip(whole.parts, (1.5, 2.0), strict=True):
        end(part.folder, 64, minutes)
    (whole.parts[-1].checkpoint / "model.safetensors").write_text("weights")
    publish(whole)
    assert (whole.folder / "checkpoint" / "model.safetensors").read_text() == "weights"
    told = json.loads((whole.folder / "checkpoint" / "metrics.json").read_text())["training"]
    assert (told["lines"], told["minutes"]) == (128, 3.5)
    assert told["parts"] == {"words": {"lines": 64, "minutes": 1.5}, "last": {"lines": 64, "minutes": 2.0}}
