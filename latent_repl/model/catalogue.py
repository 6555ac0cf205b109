"""What checkpoints there are on this machine: those that ship with the package, and those of the hub's cache."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latent_repl.errors import CheckpointError
from latent_repl.model.checkpoint import FILES, METRICS, SHIPPED, names
from latent_repl.model.hub import cached
from latent_repl.model.shape import read_shape


@dataclass(frozen=True, slots=True)
class Entry:
    """One checkpoint: what --model takes, where it is, and how right its own metrics say it is.

    source: "shipped" or "cached". size: bytes. exact: the share of states exact after one line, None if not told.
    """

    name: str
    source: str
    folder: Path
    size: int
    values: str
    exact: float | None

    @property
    def record(self) -> dict[str, Any]:
        """The entry as JSON has it."""
        return {
            "name": self.name,
            "source": self.source,
            "folder": str(self.folder),
            "bytes": self.size,
            "values": self.values,
            "exact": self.exact,
        }

    @property
    def row(self) -> tuple[str, ...]:
        """The entry as a row of a table."""
        exact = "" if self.exact is None else f"{100 * self.exact:.2f} % exact"
        return self.name, self.source, f"{self.size / 1e6:.1f} MB", self.values, exact


def catalogue(cache_dir: str | Path | None = None) -> list[Entry]:
    """Return the shipped checkpoints and then the cached ones; models of other kinds in the cache are left out."""
    shipped = [_entry(name, "shipped", SHIPPED / name) for name in names()]
    downloaded = (
        _entry(f"{each.hub_id}@{each.names[0] if each.names else each.commit}", "cached", each.folder)
        for each in cached(cache_dir)
        if all((each.folder / file).is_file() for file in FILES)
    )
    return [entry for entry in (*shipped, *downloaded) if entry is not None]


def aligned(entries: Sequence[Entry]) -> list[str]:
    """Return one line an entry, in columns."""
    widths = [max(map(len, column)) for column in zip(*(entry.row for entry in entries), strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(entry.row, widths, strict=True)).rstrip()
        for entry in entries
    ]


def _entry(name: str, source: str, folder: Path) -> Entry | None:
    try:
        shape = read_shape(folder)
    except CheckpointError:
        return None
    rows = f", {shape.rows} rows of {shape.cells} cells" if shape.rows else ""
    values = f"{shape.minimum} to {shape.maximum}{rows}"
    size = sum((folder / file).stat().st_size for file in FILES)
    return Entry(name, source, folder, size, values, _exact(folder / METRICS))


def _exact(path: Path) -> float | None:
    """Return what the metrics of either kind of model say of one line."""
    with suppress(OSError, ValueError):
        metrics = json.loads(path.read_text(encoding="utf-8"))
        of_lines = metrics.get("line", metrics) if isinstance(metrics, Mapping) else {}
        exact = of_lines.get("exact") if isinstance(of_lines, Mapping) else None
        return exact if isinstance(exact, float) else None
    return None
