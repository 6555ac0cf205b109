"""Files are read and written whole, and what fails says why."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from latent_repl.errors import UsageError
from latent_repl.files import SCRIPT_BYTES, read_objects, read_text, write_whole


def test_a_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "p.lx"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_text(path) == "a = 1\n"


def test_text_that_is_not_utf_8_is_refused_with_the_byte(tmp_path: Path) -> None:
    (tmp_path / "p.lx").write_bytes(b"a = \xff")
    with pytest.raises(UsageError, match=r"p\.lx: not UTF-8 text \(byte 4\)"):
        read_text(tmp_path / "p.lx")


@pytest.mark.parametrize("name", ["missing", ".", "\0"])
def test_what_cannot_be_read_or_written_says_why(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_text(tmp_path / name)
    with pytest.raises(UsageError, match="cannot be written"):
        write_whole(tmp_path / name / "p.lx" if name == "missing" else tmp_path / name, "a = 1")


def test_objects_are_read_a_line_each_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text('{"problem": "p"}\n\n{"problem": "q", "id": 2}\n')
    assert read_objects(path, "problem") == [{"problem": "p"}, {"problem": "q", "id": 2}]
    path.write_text('{"problem": "a\u2028b\u0085c"}\r\n', encoding="utf-8")
    assert read_objects(path, "problem") == [{"problem": "a\u2028b\u0085c"}]
    path.write_text('{"problem": "p"}\n\n{"id": 2}\n')
    with pytest.raises(UsageError, match=r'tasks\.jsonl:3: expected an object with a text "problem"'):
        read_objects(path, "problem")


def test_a_pipe_is_no_file_to_write_and_a_link_stays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="a device or a pipe; nothing was changed"):
        write_whole(tmp_path / "pipe", "a = 1")
    assert (tmp_path / "pipe").is_fifo()
    (tmp_path / "link").symlink_to("saved.lx")
    write_whole(tmp_path / "link", "a = 1")
    assert (tmp_path / "link").is_symlink() and (tmp_path / "saved.lx").read_text() == "a = 1"


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "p.lx"
    path.touch(mode=0o600)
    write_whole(path, "a = 1")
    assert path.read_text() == "a = 1"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_device_without_an_end() -> None:
    with pytest.raises(UsageError, match=r"/dev/zero: more than 1,000,000 bytes, which is the limit"):
        read_text("/dev/zero")


def test_the_limit_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "long.lx").write_text("\ufeff" + "#" * (SCRIPT_BYTES - 3), encoding="utf-8")
    assert read_text(tmp_path / "long.lx") == "#" * (SCRIPT_BYTES - 3)


def test_line_endings_are_newlines(tmp_path: Path) -> None:
    (tmp_path / "old.lx").write_bytes(b"a = 1\r\nb = 2\r")
    assert read_text(tmp_path / "old.lx") == "a = 1\nb = 2\n"


def test_a_pipe_without_an_end() -> None:
    command = f"yes a=1 | {sys.executable} -m latent_repl"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith("standard input: more than 1,000,000 bytes")
