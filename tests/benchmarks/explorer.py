"""The explorer's page in a real browser: `OMP_NUM_THREADS=1 python -m tests.benchmarks.explorer`.

Wall clock, as the page itself tells it: from its load to the first paint, and to the map's first colours; from a click
to the answer shown, while the map is being computed and when it is finished; and of one frame, with 10,000 points.
"""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from playwright.sync_api import Page
from rich.console import Console
from rich.table import Table

from tests.benchmarks.records import Figure, put
from tests.browser import chromium

PROBLEM = "a=71; a+? == 18"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
POINTS = 10_000
FRAMES = 60
MANY = """async ([count, frames]) => {
    const { mount } = await import("./explorer.js");
    const points = Array.from({ length: count }, () => [2 * Math.random() - 1, 2 * Math.random() - 1]);
    const space = {
        problem: "", model: "", parameters: 0, dimensions: 2, plane: "", explained: 1, bounds: [-1, -1, 1, 1], points,
        texts: points.map((_, place) => String(place)), fillings: count, held: 2, searches: ["gp"], search: "gp",
    };
    const layer = (size) => ({
        losses: Array.from({ length: size * size }, Math.random), confidence: Array(size * size).fill(1),
        agrees: Array(size * size).fill(1), lines: Array(size * size).fill(0), known: 0, texts: ["a"], places: [0],
    });
    const answers = {
        open: () => space, known: () => ({ losses: points.map(Math.random) }), layer: ({ size }) => layer(size),
        states: () => ({ ...space, points: [[0, 0]], texts: ["0"], ways: {}, state: {}, history: [] }),
    };
    const root = document.getElementById("explorer");
    const explorer = mount(root, async (message) => answers[message.ask](message));
    while (root.dataset.size !== "101") await new Promise((resolve) => setTimeout(resolve, 20));
    const map = explorer.map;
    return Array.from({ length: frames }, () => {
        const begun = performance.now();
        map.x += 0.002;
        map.draw();
        map.pen.getImageData(0, 0, 1, 1); // which waits until it is drawn
        return performance.now() - begun;
    });
}"""


def main(model: str = "base", clicks: int = 31, records: Path | None = None) -> None:
    """Print the medians, and put them on record."""
    with serving(model) as url, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.wait_for_selector("#explorer[data-size='11']")
        coloured, painted = page.evaluate("performance.now()"), page.evaluate(PAINTED)
        busy = statistics.median(click(page, place) for place in range(clicks))
        page.wait_for_selector("#explorer[data-size='101']", timeout=600_000)
        idle = statistics.median(click(page, place) for place in range(clicks))
        page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        frame = statistics.median(page.evaluate(MANY, [POINTS, FRAMES]))
    figures = {
        "explorer, paint": Figure("the explorer's page, from its load to the first paint", painted / 1000, "s"),
        "explorer, colours": Figure("the same, to the map's first colours", coloured / 1000, "s"),
        "explorer, busy": Figure("a click's answer, while the map is being computed", busy, "ms"),
        "explorer, click": Figure("a click's answer, when the map is finished", idle, "ms"),
        "explorer, frame": Figure(f"a frame of the map with {POINTS:,} points", frame, "ms"),
    }
    table = Table("what", "figure")
    for figure in figures.values():
        table.add_row(figure.what, figure.shown)
    Console().print(table)
    put(records, figures)


@contextmanager
def serving(model: str) -> Iterator[str]:
    """Yield the address of an explorer in a process of its own."""
    command = (sys.executable, "-m", "latent_repl", "explore", PROBLEM, "--model", model, "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None, "it was asked for"
        yield next(found.group() for line in process.stdout if (found := re.search(r"http\S+", line)))
        process.kill()


def click(page: Page, seed: int) -> float:
    """Click somewhere; return the milliseconds until the answer stands on the page."""
    generator, canvas = random.Random(seed), page.locator(".code canvas")
    box = canvas.bounding_box()
    assert box is not None, "the map is seen"
    page.evaluate("delete document.getElementById('explorer').dataset.answered")
    canvas.click(
        position={"x": generator.uniform(0.1, 0.8) * box["width"], "y": generator.uniform(0.1, 0.9) * box["height"]}
    )
    page.wait_for_selector("#explorer[data-answered]")
    page.wait_for_timeout(100)  # for the way between this click and the one before
    return float(page.evaluate("document.getElementById('explorer').dataset.answered"))


if __name__ == "__main__":
    typer.run(main)
