"""Draws the documentation's pictures of the explorer in a real browser: python -m tests.explorer_pictures [FOLDER]

What they show is what the shipped checkpoint of two dimensions answered; both widths, in dark and in light.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from latent_repl.explore.explorer import Explorer
from latent_repl.explore.server import Server
from latent_repl.session import Session
from tests.browser import chromium

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
PROBLEM = "a=71; a+? == 18"
LINES = ("a = 71", "a = a + -53", "b = a + 7", "b = b + 40")
CLICKS = ((0.25, 0.35), (0.6, 0.6))
"""Where the map is clicked, as shares of its width and height."""
SIZE = 51
"""Rows and columns of the map from which on it is fine enough for a picture. Chosen."""
WAIT = 300_000
"""Milliseconds at most for a map or a search."""
SCHEMES: tuple[Literal["dark", "light"], ...] = ("dark", "light")


def play(page: Page) -> None:
    """Run lines, have the map read, click twice, and search to the end."""
    states = page.get_by_label("a line of Lx to run")
    for count, text in enumerate(LINES, start=1):
        states.fill(text)
        states.press("Enter")
        page.locator(f".states[data-lines='{count}']").wait_for(timeout=WAIT)
    page.wait_for_selector(f"#explorer[data-size='{SIZE}']", timeout=WAIT)
    canvas = page.locator(".code canvas")
    box = canvas.bounding_box()
    assert box is not None
    for x, y in CLICKS:
        canvas.click(position={"x": x * box["width"], "y": y * box["height"]})
        page.locator(".inspector .line").wait_for(timeout=WAIT)
    page.locator(".inspector tbody tr").last.wait_for(timeout=WAIT)
    search(page, "gp")
    page.mouse.move(0, 0)


def search(page: Page, name: str) -> None:
    """Search to the end by the search of a name."""
    page.get_by_label("search", exact=True).select_option(name)
    page.get_by_role("button", name="search for the fill").click()
    page.locator(".result *").first.wait_for(timeout=WAIT)


def draw(page: Page, folder: Path) -> None:
    """Write the pictures of a page that was played with."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1_000)  # until the canvases are drawn anew
        page.screenshot(path=folder / f"explorer-1280-{scheme}.png", full_page=True)
    held(page, folder, "acquisition")
    search(page, "box")
    held(page, folder, "mean")


def held(page: Page, folder: Path, measure: str) -> None:
    """Write the pictures of what the search held."""
    page.get_by_role("radio", name=measure).check(force=True)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(1_000)  # until the map is drawn anew
        page.locator(".code").screenshot(path=folder / f"explorer-{measure}-{scheme}.png")


def main(folder: Path) -> None:
    """Draw all of them into a folder."""
    with Server(Explorer(Session("sums-2d"), PROBLEM), 0) as server, chromium() as browser:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="dark")
        page.goto(server.url)
        play(page)
        draw(page, folder)
        server.shutdown()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
