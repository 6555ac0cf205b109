"""Which subcommand the words of the command line mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from latent_repl.cli.words import is_script


@pytest.mark.parametrize(
    ("word", "script"), [("gcd.lx", True), ("./gcd", True), ("here", True), ("run.py", True), ("synthesise", False)]
)
def test_what_looks_like_a_script(word: str, script: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").touch()
    assert is_script(word) is script
