"""What mining has found hard: a file of it in a run's folder, which grows while the run draws from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from latent_repl.errors import UsageError


class MinedRows:
    """The rows of one file, which need not be there."""

    def __init__(self, path: Path, dtype: npt.DTypeLike) -> None:
        """dtype: of what is mined."""
        self._path, self._dtype = path, np.dtype(dtype)
        self._rows: np.ndarray | None = None
        self._read_at = 0.0

    def read(self) -> np.ndarray | None:
        """Return what has been found, read anew once there is more; None for nothing.

        Raises UsageError for a file that holds something else.
        """
        written = self._path.stat().st_mtime if self._path.exists() else 0.0
        if written != self._read_at:
            self._rows, self._read_at = self._load() if written else None, written
        return None if self._rows is None or not len(self._rows) else self._rows

    def add(self, rows: np.ndarray) -> None:
        """Add rows to those that lie there, each kept once; a reader finds the old ones or all.

        Raises UsageError for a file that holds something else.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        had = self._load() if self._path.exists() else rows[:0]
        scratch = self._path.with_suffix(".new.npy")
        np.save(scratch, np.unique(np.concatenate([had, rows]), axis=0 if rows.ndim > 1 else None))
        scratch.replace(self._path)

    def _load(self) -> np.ndarray:
        rows: np.ndarray[Any, Any] = np.load(self._path)
        if rows.dtype != self._dtype:
            raise UsageError(f"{self._path} holds what is no longer mined; remove it and mine anew")
        return rows


@runtime_checkable
class Miner(Protocol):
    """What looks for what a checkpoint is unsure of."""

    @property
    def operators(self) -> Sequence[str]:
        """The operators to look through."""

    def __call__(self, operator: str) -> np.ndarray:
        """Return the hard ones of an operator."""


def gather(miner: Miner, folder: Path, hard: MinedRows, tell: Callable[[str], None], late: Callable[[], bool]) -> bool:
    """Add what a miner finds, operator by operator; what lies in the folder is not looked for again.

    tell: is called with each operator that is done. late: is asked after each; if it says so before the last one, what
    was found is left for the next time, and False is returned.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = {operator: folder / f"{place:02}.npy" for place, operator in enumerate(miner.operators)}
    for operator, path in paths.items():
        if not path.exists():
            scratch = path.with_suffix(".new.npy")
            np.save(scratch, miner(operator))
            scratch.replace(path)
            if late() and operator != miner.operators[-1]:
                return False
        tell(operator)
    for path in paths.values():
        hard.add(np.load(path))
    return True
