"""A recipe: runs one after another, each from the weights that the one before it has come to.

    name = "base"      [[parts]] in their order, each a run's config but for what stands above --> runs/base/PART/
    kind = "recipe"    a part with `runs = 2`: two from the same weights, by seeds that follow; their mean goes on, and
                       with `beside = ["pairs"]` what that part has come to is in the mean as well
    [model]            what the last part comes to --> runs/base/checkpoint

A config of another kind is a recipe of one part.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from latent_repl.errors import UsageError
from training.config import AnyRun, Size, read, run_of
from training.stages import PositiveInt


class RecipeTable(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a recipe's file says; parts: their tables, each with a name, how many `runs` it has, and what `beside`."""

    name: Annotated[str, Meta(min_length=1)]
    kind: Literal["recipe"]
    seed: Annotated[int, Meta(ge=0)] = 0
    maximum: PositiveInt = 999
    model: dict[str, Size] = {}
    parts: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]


@dataclass(frozen=True, slots=True)
class RecipePart:
    """Runs from the same weights, and the folder that they come to; beside: checkpoints that are in their mean."""

    name: str
    folder: Path
    runs: tuple[AnyRun, ...]
    beside: tuple[Path, ...] = ()

    @property
    def checkpoint(self) -> Path:
        """What the part comes to."""
        return self.folder / "checkpoint"


@dataclass(frozen=True, slots=True)
class Recipe:
    """Parts in their order, and the folder of what the last one comes to."""

    folder: Path
    parts: tuple[RecipePart, ...]


def load(path: Path) -> Recipe:
    """Read a recipe, or a config of one run. Raises UsageError as `config.load` does."""
    raw = read(path)
    if raw.get("kind") != "recipe":
        run = run_of(raw, str(path))
        return Recipe(run.folder, (RecipePart(run.name, run.folder, (run,)),))
    try:
        table = msgspec.convert(raw, RecipeTable)
    except msgspec.ValidationError as error:
        raise UsageError(f"{path}: {error}; the keys are {', '.join(RecipeTable.__struct_fields__)}") from error
    folder = Path("runs") / table.name
    return Recipe(folder, tuple(_part(table, place, str(path)) for place in range(len(table.parts))))


def _part(table: RecipeTable, place: int, where: str) -> RecipePart:
    given = dict(table.parts[place])
    name, count = str(given.pop("name", place + 1)), given.pop("runs", 1)
    if not isinstance(count, int) or count < 1:
        raise UsageError(f"{where}, part {name}: runs: expected a number of runs, got {count!r}")
    earlier = [str(part.get("name", number)) for number, part in enumerate(table.parts[:place], 1)]
    beside = given.pop("beside", [])
    if not isinstance(beside, list) or any(each not in earlier for each in beside):
        raise UsageError(f"{where}, part {name}: beside: expected names of earlier parts, got {beside!r}")
    shared = {"seed": table.seed, "maximum": table.maximum, "model": table.model}
    runs = []
    for extra in range(count):
        ending = f"/{extra + 1}" if count > 1 or beside else ""
        keys = {**shared, **given, "name": f"{table.name}/{name}{ending}"}
        if extra:  # what is hard for the same weights has been found
            keys |= {"seed": keys["seed"] + extra, "mine": False}
        runs.append(run_of(keys, f"{where}, part {name}"))
    folder = Path("runs") / table.name
    return RecipePart(name, folder / name, tuple(runs), tuple(folder / each / "checkpoint" for each in beside))


def is_done(run: AnyRun) -> bool:
    """Return whether a run's checkpoint is that of its end; its state need not be there any more."""
    path = run.folder / "checkpoint" / "metrics.json"
    if not path.exists():
        return False
    lines: int = json.loads(path.read_text(encoding="utf-8"))["training"]["lines"]
    return lines >= run.lines


def publish(recipe: Recipe) -> None:
    """Copy what a recipe's last part has come to beside the parts, with what all of them cost."""
    last = recipe.parts[-1]
    if last.folder == recipe.folder:
        return
    parts = {part.name: _cost(part) for part in recipe.parts}
    whole = {key: round(sum(cost[key] for cost in parts.values()), 1) for key in ("lines", "minutes")}
    told = {"training": {"seed": last.runs[0].seed, **whole, "parts": parts}}
    out = recipe.folder / "checkpoint"
    shutil.copytree(last.checkpoint, out, dirs_exist_ok=True)
    (out / "metrics.json").write_text(json.dumps(told), encoding="utf-8")


def _cost(part: RecipePart) -> dict[str, float]:
    """Return the lines and the minutes of a part's runs."""
    files = [run.folder / "checkpoint" / "metrics.json" for run in part.runs]
    told = [json.loads(path.read_text(encoding="utf-8"))["training"] for path in files]
    return {key: sum(each[key] for each in told) for key in ("lines", "minutes")}
