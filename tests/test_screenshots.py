"""The pages' pictures exist, stand alone, and are of sessions that still run."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests import screenshots

PAGES = "".join(
    path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent.parent / "docs").glob("*.md"))
)


def test_typed_text_is_shown_whole() -> None:
    assert screenshots.highlighted("while b < 9:\n    b = ?").plain == ">>> while b < 9:\n...     b = ?"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"pictures/[\w/-]+\.(?:svg|png)", PAGES))))
def test_every_picture_of_the_pages_exists_and_loads_nothing(path: str, repository: Path) -> None:
    content = (repository / "docs" / path).read_bytes()
    assert b"<svg" in content or content.startswith(b"\x89PNG")
    assert b"@font-face" not in content


def test_pictures_show_the_lines_that_were_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screenshots, "FOLDER", tmp_path)
    screenshots.draw("one", ("a = 6", ":vars"))
    for theme in screenshots.THEMES:
        drawn = (tmp_path / f"one-{theme}.svg").read_text()
        shown = " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", drawn, flags=re.DOTALL)).split())
        assert re.search(r">>> a = 6 a = 6 [01]\.\d{4} ✓ >>> :vars a = 6$", shown)
