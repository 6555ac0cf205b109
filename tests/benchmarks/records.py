"""Figures on record, one a key: `put(path, {"prompt": Figure("from start to prompt", 0.31, "s")})`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

SHOWN = {"s": "{:.2f} s", "ms": "{:.1f} ms", "a second": "{:,.0f} a second"}
"""How a value of each unit is shown."""


class Figure(NamedTuple):
    """What was measured, how much of it, and in which unit of SHOWN."""

    what: str
    value: float
    unit: str

    @property
    def shown(self) -> str:
        """The value with its unit."""
        return SHOWN[self.unit].format(self.value)


def read(path: Path) -> dict[str, Figure]:
    """Return the figures on record by their keys, none if there is no file."""
    if not path.exists():
        return {}
    return {key: Figure(**row) for key, row in json.loads(path.read_text(encoding="utf-8")).items()}


def put(path: Path | None, figures: Mapping[str, Figure]) -> None:
    """Put figures on record, in the place of earlier ones of the same keys; nothing is written if there is no path."""
    if path is None:
        return
    rows = {key: figure._asdict() for key, figure in {**read(path), **figures}.items()}
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
