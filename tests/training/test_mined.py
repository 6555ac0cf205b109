"""A file of mined rows grows, and what has been added is read while it does."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from latent_repl.errors import UsageError
from training.mined import MinedRows


def test_what_is_added_is_read_once_each_and_only_when_there_is_more(tmp_path: Path) -> None:
    path = tmp_path / "run" / "hard.npy"
    writer, reader = MinedRows(path, np.int16), MinedRows(path, np.int16)
    assert reader.read() is None
    writer.add(np.zeros((0, 2), np.int16))
    assert reader.read() is None
    writer.add(np.array([[3, 4], [1, 2]], np.int16))
    os.utime(path, (1, 1))  # the file is another one, however coarse the clock
    first = reader.read()
    assert first is not None and first.dtype == np.int16
    assert first.tolist() == [[1, 2], [3, 4]]
    assert reader.read() is first
    writer.add(np.array([[1, 2], [5, 6]], np.int16))
    second = reader.read()
    assert second is not None and second.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_a_file_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "hard.npy"
    np.save(path, np.zeros((1, 4), np.int64))
    mined = MinedRows(path, np.int16)
    with pytest.raises(UsageError, match=r"hard\.npy holds what is no longer mined; remove it and mine anew"):
        mined.read()
    with pytest.raises(UsageError):
        mined.add(np.zeros((1, 4), np.int16))
