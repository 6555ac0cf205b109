"""Draws the documentation's pictures of the explorer in a real browser: python -m tests.explorer_pictures [FOLDER]

What they show is what the shipped checkpoints answered: `sums-2d` at both widths in dark and in light, and `base`.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from latent_repl.explore.explorer import Explorer
from latent_repl.explore.server import Server
from latent_repl.model.load import load
from latent_repl.session import Session
from tests.browser import chromium

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PROBLEM = "a=71; a+? == 18"
WAIT = 300_000
"""Milliseconds at most for a map or a search."""
CLICKS = ((0.25, 0.35), (0.6, 0.6))
"""Where the map is clicked, as shares of its width and height."""


def prepare(page: Page, url: str, *, clicked: bool = True) -> None:
    """Open the page, have the whole map read, run lines, click twice, and search."""
    page.goto(url)
    states = page.get_by_label("a line of Lx to run")
    for text in ("a = 71", "a = a + -53", "b = a + 7", "b = b + a"):
        states.fill(text)
        states.press("Enter")
        page.locator(".states .cpython").wait_for(timeout=WAIT)
    page.wait_for_selector("#explorer[data-size='101']", timeout=WAIT)
    canvas = page.locator(".code canvas")
    box = canvas.bounding_box()
    assert box is not None
    for x, y in CLICKS if clicked else ():
        canvas.click(position={"x": x * box["width"], "y": y * box["height"]})
        page.locator(".inspector .line").wait_for(timeout=WAIT)
    if clicked:
        page.locator(".inspector tbody tr").last.wait_for(timeout=WAIT)
    page.get_by_role("button", name="search for the fill").click()
    page.locator(".result *").first.wait_for(timeout=WAIT)


def draw(browser: Browser, model: str, path: Path, *, width: int, scheme: Literal["dark", "light"]) -> None:
    """Write a picture of the whole page, and one coloured by acquisition beside it where a search has it."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    with Server(Explorer(Session(load(model)), PROBLEM), 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        prepare(page, server.url)
        page.mouse.move(0, 0)
        page.screenshot(path=path, full_page=True)
        if page.get_by_role("radio", name="acquisition").count():
            page.get_by_role("radio", name="acquisition").check(force=True)
            page.get_by_role("region", name="The map of code space").screenshot(
                path=path.with_stem(f"{path.stem}-acquisition")
            )
        server.shutdown()
        thread.join()
    context.close()


def main(folder: Path) -> None:
    """Draw all of them into a folder."""
    schemes: tuple[Literal["dark", "light"], ...] = ("dark", "light")
    with chromium() as browser:
        for scheme in schemes:
            for width in (1280, 400):
                draw(browser, "sums-2d", folder / f"explorer-{width}-{scheme}.png", width=width, scheme=scheme)
        draw(browser, "base", folder / "explorer-base-dark.png", width=1280, scheme="dark")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
