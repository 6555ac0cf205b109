"""The explorer in a real browser: load, click, keys, play, back, an error, two widths, a notebook; no other host."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from latent_repl.explore.explorer import Explorer
from latent_repl.explore.server import Server
from latent_repl.model.load import load
from latent_repl.session import Session
from tests.browser import CHROMIUM, chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian's package is chromium)"),
]
PROBLEM = "a=71; a+? == 18"
expect.set_options(timeout=60_000)  # the machine may be busy


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Explorer(Session(load("sums-2d")), PROBLEM), 0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.explorer.close()
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The page as it opens; nothing in it may fail, and nothing may be asked of another host."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page, hosts, failures = context.new_page(), set[str](), list[str]()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("pageerror", lambda error: failures.append(str(error)))
    page.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
    page.goto(server.url)
    expect(page.get_by_text("199 lines are dots")).to_be_visible()
    yield page
    context.close()
    assert hosts <= {f"127.0.0.1:{server.server_port}", ""}
    assert failures == []


def code_map(page: Page) -> Locator:
    """The canvas of the code space."""
    return page.get_by_role("application", name=re.compile("Map of code space"))


def click(page: Page, x: float, y: float) -> None:
    """Click at shares of the map's width and height."""
    box = code_map(page).bounding_box()
    assert box is not None
    code_map(page).click(position={"x": x * box["width"], "y": y * box["height"]})


def search(page: Page) -> None:
    page.get_by_label("search", exact=True).select_option("ordered")
    page.get_by_role("button", name="search for the fill").click()


def test_the_map_is_painted_in_many_colours(page: Page) -> None:
    page.wait_for_selector("#explorer[data-size='26']")
    count = """canvas => new Set(new Uint32Array(
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    assert code_map(page).evaluate(count) > 50


def test_a_click_shows_the_decoded_line_and_two_the_way_between(page: Page) -> None:
    chosen = page.get_by_role("region", name="The chosen point")
    click(page, 0.3, 0.4)
    expect(chosen.get_by_text("the code decoder reads")).to_be_visible()
    expect(chosen.locator(".line")).to_have_text(re.compile(r"^a \+ (a|-?\d+)$"))
    expect(chosen.locator(".cpython")).to_contain_text("CPython")
    click(page, 0.7, 0.6)
    rows = chosen.get_by_role("row")
    expect(rows).to_have_count(12)
    expect(rows.last).to_contain_text(chosen.locator(".line").inner_text())


def test_a_nearest_line_can_be_gone_to(page: Page) -> None:
    chosen = page.get_by_role("region", name="The chosen point")
    click(page, 0.5, 0.5)
    near = chosen.locator(".nearest button").first
    text = near.inner_text()
    near.click()
    expect(chosen.locator(".line")).to_have_text(text)


def test_all_of_it_can_be_reached_by_keys(page: Page) -> None:
    page.get_by_label("problem", exact=True).focus()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.value"))
    assert {"search", "seed", "search for the fill", "zoom in", "show all", "a line of Lx to run"} <= reached
    code_map(page).focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "+", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("region", name="The chosen point").locator(".line")).to_contain_text("a + ")


def test_a_search_plays_pauses_goes_back_and_ends_verified(page: Page) -> None:
    bar = page.get_by_role("region", name="The search")
    search(page)
    expect(bar.get_by_text(re.compile(r"Round \d+ of"))).to_be_visible()
    bar.get_by_role("button", name="pause").click()
    expect(bar.get_by_role("button", name="play")).to_be_visible()
    expect(bar.locator(".result .cpython")).to_have_count(0)
    rounds = bar.get_by_label("round", exact=True)
    expect(rounds).to_have_attribute("max", "14")  # it goes on while it is not looked at, and ends
    rounds.focus()
    page.keyboard.press("End")
    expect(bar.locator(".result")).to_contain_text("assert a + -53 == 18")
    expect(bar.locator(".result .cpython")).to_contain_text("the problem is solved")
    last = bar.get_by_text(re.compile(r"Round \d+ of")).inner_text()
    bar.get_by_role("button", name="one round back").click()
    expect(bar.get_by_text(re.compile(r"Round \d+ of"))).not_to_have_text(last)
    expect(bar.locator(".result .cpython")).to_have_count(0)
    bar.get_by_role("button", name="back to the first round").click()
    expect(bar.get_by_text("Round 1 of")).to_be_visible()


def picture(page: Page) -> str:
    """What is drawn on the map, once it is drawn."""
    return page.evaluate("""() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
        () => done(document.querySelector(".code canvas").toDataURL()))))""")


def test_a_search_of_the_box_shows_what_it_held_of_the_plane_round_by_round(page: Page) -> None:
    bar, measures = page.get_by_role("region", name="The search"), page.get_by_role("group", name="coloured by")
    page.get_by_label("problem", exact=True).fill("a=2; b = a+?; b == 7; b == 9")  # what has no answer has rounds
    page.keyboard.press("Enter")
    expect(page.locator(".code .caption")).to_contain_text("199 lines")
    page.get_by_label("search", exact=True).select_option("box")
    page.get_by_role("button", name="search for the fill").click()
    expect(bar.get_by_text(re.compile(r"Round \d+ of ([3-9]|\d\d)"))).to_be_visible()
    mean = measures.get_by_role("radio", name="mean")
    for _ in range(60):  # a round that comes in the same moment may move on
        bar.get_by_label("round", exact=True).focus()
        page.keyboard.press("Home")
        page.wait_for_timeout(500)
        if mean.count() == 0:
            break
    expect(mean).to_have_count(0)  # nothing is known before anything was tried
    page.keyboard.press("ArrowRight")
    seen = set()
    for measure in ("mean", "spread", "acquisition"):
        measures.get_by_role("radio", name=measure).check(force=True)
        seen.add(picture(page))
    bar.get_by_role("button", name="one round on").click()
    seen.add(picture(page))
    assert len(seen) == 4


def slow_answers(page: Page, kind: str) -> None:
    """Let the first answer to a kind of question come half a second late."""
    page.evaluate(
        """kind => {
        const quick = window.fetch;
        let late = 500;
        window.fetch = async (url, asked) => {
            const reply = await quick(url, asked);
            if (kind in JSON.parse(asked.body)) {
                const wait = late;
                late = 0;
                await new Promise(done => setTimeout(done, wait));
            }
            return reply;
        };
    }""",
        kind,
    )


def test_lines_typed_before_an_answer_run_in_their_order(page: Page) -> None:
    slow_answers(page, "run")
    states = page.get_by_role("region", name="The map of the states")
    for text in ("a = 71", "a = a + -53", "a = a + 1"):
        states.get_by_label("a line of Lx to run").fill(text)
        page.keyboard.press("Enter")
    expect(states).to_contain_text("a: 71 → 18 → 19")
    expect(states).to_have_attribute("data-lines", "3")


def test_a_search_begun_before_the_problem_is_shown_searches_that_problem(page: Page) -> None:
    slow_answers(page, "problem")
    page.get_by_label("problem", exact=True).fill("a = 5; a + ? == 7")
    page.keyboard.press("Enter")
    search(page)
    expect(page.get_by_role("region", name="The search").locator(".result")).to_contain_text("assert a + 2 == 7")


def test_a_problem_that_cannot_be_posed_is_said_and_the_map_stays(page: Page) -> None:
    page.get_by_label("problem", exact=True).fill("a = 71")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("the problem has no hole")
    expect(page.get_by_text("199 lines are dots")).to_be_visible()
    page.get_by_label("problem", exact=True).fill("a = 5; a + ? == 7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_be_hidden()


def test_a_problem_of_several_lines_stays_as_it_was_written(page: Page) -> None:
    problem = page.get_by_label("problem", exact=True)
    problem.fill("def f(x):")
    page.keyboard.press("Shift+Enter")
    problem.press_sequentially("    return x + ?")
    page.keyboard.press("Shift+Enter")
    problem.press_sequentially("f(3) == 10")
    page.keyboard.press("Enter")
    expect(problem).to_have_attribute("rows", "3")
    expect(problem).to_have_value("def f(x):\n    return x + ?\nf(3) == 10")
    expect(page.locator(".code .caption")).to_contain_text("199 lines")


def test_lines_of_lx_move_the_session_and_others_are_refused(page: Page) -> None:
    states = page.get_by_role("region", name="The map of the states")
    for text in ("a = 71", "a = a + -53"):
        states.get_by_label("a line of Lx to run").fill(text)
        page.keyboard.press("Enter")
    expect(states).to_contain_text("a: 71 → 18")
    expect(states.locator(".cpython")).to_contain_text("agrees")
    states.get_by_label("a line of Lx to run").fill("import os")
    page.keyboard.press("Enter")
    expect(states.get_by_role("alert")).to_contain_text("import")


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_is_wider_than_the_page(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    click(page, 0.3, 0.4)
    click(page, 0.6, 0.6)
    expect(page.get_by_role("row")).to_have_count(12)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = "[...document.querySelectorAll('#explorer *')].map(each => parseFloat(getComputedStyle(each).fontSize))"
    assert min(page.evaluate(sizes)) >= 11


def test_dark_and_light_follow_the_browser(page: Page) -> None:
    seen = set()
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        seen.add(page.evaluate("getComputedStyle(document.getElementById('explorer')).backgroundColor"))
    assert len(seen) == 2


def test_a_notebooks_widget_shows_the_same_by_messages(page: Page) -> None:
    page.evaluate("""async () => {
        const { default: widget } = await import("./explorer.js");
        const heard = [];
        const model = {
            on: (name, hear) => heard.push(hear),
            send: async ({ id, message }) => {
                const reply = await fetch("ask", {
                    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(message),
                });
                const answer = await reply.json();
                for (const hear of heard) hear({ id, answer });
            },
        };
        document.body.innerHTML = "<div id='cell'></div>";
        widget.render({ model, el: document.getElementById("cell") });
    }""")
    expect(page.locator("#cell").get_by_text("199 lines are dots")).to_be_visible()
    click(page, 0.3, 0.4)
    expect(page.locator("#cell .line")).to_contain_text("a + ")
