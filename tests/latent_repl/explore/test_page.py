"""The page's files: one script for browser and notebook, all of the package's own."""

from __future__ import annotations

import re

from latent_repl.explore import page


def test_one_script_serves_the_browser_and_notebooks() -> None:
    script = page.script()
    assert "export function mount(" in script and "export default {" in script
    assert not re.search(r"^import ", script, re.MULTILINE)


def test_nothing_of_the_page_lies_elsewhere() -> None:
    for text in (page.script(), page.styles(), page.read("index.html"), page.read("start.js")):
        assert set(re.findall(r"https?://[^\s\"']+", text)) <= {"http://www.w3.org/2000/svg"}
        assert "@import" not in text and "url(" not in text


def test_no_text_of_the_model_can_become_markup() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", page.script())
