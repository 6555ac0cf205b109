"""Reads scripts and writes them whole; what fails says why in a UsageError."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from latent_repl.errors import UsageError

Record = dict[str, Any]
"""One JSON object of a file of such lines, read or written."""

STANDARD_INPUT = "-"
"""The path that means it."""

SCRIPT_BYTES = 1_000_000
"""The longest script that is read: more than the parser takes. Chosen."""
TABLE_BYTES = 1_000_000_000
"""The longest file of JSON lines that is read. Chosen."""


def read_text(path: Path | str, *, limit: int = SCRIPT_BYTES) -> str:
    """Return the text of a script, `-` being standard input; a byte order mark is dropped.

    No more than the limit is read, for a device or a pipe may have no end.

    Raises UsageError for what cannot be read: missing, a directory, too long, not UTF-8.
    """
    try:
        content = _read_bytes(path, limit)
        if len(content) > limit:
            name = "standard input" if str(path) == STANDARD_INPUT else path
            raise UsageError(f"{name}: more than {limit:,} bytes, which is the limit; split it into several files")
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read: {_reason(error)}") from error


def read_objects(path: Path, key: str) -> list[Record]:
    """Return the JSON objects of a file, one a line, each with a text under `key`; empty lines are skipped.

    Raises UsageError that names the line which is none.
    """
    lines = enumerate(read_text(path, limit=TABLE_BYTES).split("\n"), start=1)
    return [_read_object(line, key, f"{path}:{number}") for number, line in lines if line.strip()]


def write_whole(path: Path, text: str) -> None:
    """Write the file whole or not at all: a temporary file beside it takes its place at the end.

    Raises UsageError; what stood at the path before is then still there.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError("it is a directory")
        if path.exists() and not path.is_file():
            raise OSError("it is a device or a pipe")
        _replace(path.resolve(), text)  # a link stays, and what it names is written
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be written: {_reason(error)}; nothing was changed") from error


def _read_object(line: str, key: str, place: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{place}: not JSON: {error}") from error
    if not isinstance(record, dict) or not isinstance(record.get(key), str):
        raise UsageError(f'{place}: expected an object with a text "{key}", got {line[:60]}')
    return record


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_file_mask())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _file_mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _read_bytes(path: Path | str, limit: int) -> bytes:
    if str(path) == STANDARD_INPUT:
        return b"" if sys.stdin is None else sys.stdin.buffer.read(limit + 1)
    with Path(path).open("rb") as file:
        return file.read(limit + 1)
