"""What the page asks, without a page: maps, points, ways, searches, states, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from latent_repl.explore.explorer import Explorer
from latent_repl.session import Session


def ask(explorer: Explorer, asked: str, **fields: Any) -> Any:
    """The answer to a message, as it travels."""
    return json.loads(json.dumps(explorer.answer({"ask": asked, **fields}), allow_nan=False))


def place(space: Any, fill: str) -> dict[str, float]:
    """Where a fill lies on the map."""
    x, y = space["points"][space["texts"].index(fill)]
    return {"x": x, "y": y}


def whole_layer(explorer: Explorer, size: int, **view: Any) -> dict[str, list[Any]]:
    """All parts of a layer together, its lines as texts."""
    texts: list[str] = []
    found: dict[str, list[Any]] = {"losses": [], "confidence": [], "agrees": [], "lines": []}
    while len(found["losses"]) < size * size:
        part = ask(explorer, "layer", size=size, first=len(found["losses"]), **view)
        texts[part["known"] :] = part["texts"]
        for name in ("losses", "confidence", "agrees"):
            found[name] += part[name]
        found["lines"] += [texts[line] for line in part["lines"]]
    return found


def test_two_dimensions_are_shown_as_the_box_itself(explorer: Explorer) -> None:
    space = ask(explorer, "open")
    assert (space["dimensions"], space["plane"], space["bounds"]) == (2, "the box itself", [-1, -1, 1, 1])
    assert space["model"] == "sums-2d"
    assert len(space["points"]) == len(space["texts"]) == space["fillings"] == 199
    vectors = explorer.space.latents[:, -2:]
    assert np.allclose(space["points"], vectors, atol=1e-4)


def test_a_layer_says_what_each_of_its_points_says_alone(explorer: Explorer) -> None:
    view = {"from": {"x": -1, "y": -1}, "to": {"x": 1, "y": 0.5}}
    layer = whole_layer(explorer, 9, **view)
    for number, (x, y) in {0: (-1, -1), 8: (1, -1), 80: (1, 0.5), 40: (0, -0.25)}.items():
        point = ask(explorer, "point", at={"x": x, "y": y})
        assert point["line"] == layer["lines"][number]
        assert point["loss"] == pytest.approx(layer["losses"][number], rel=1e-3)
        assert point["confidence"] == pytest.approx(layer["confidence"][number], abs=1e-3)
        assert point["agrees"] == layer["agrees"][number]


def test_known_lines_have_their_own_losses_and_the_solution_the_least(explorer: Explorer) -> None:
    space, losses = ask(explorer, "open"), list[float]()
    while len(losses) < len(space["texts"]):
        losses += ask(explorer, "known", first=len(losses))["losses"]
    assert space["texts"][int(np.argmin(losses))] == "-53"


def test_a_click_on_a_line_shows_it_and_its_neighbours_and_cpythons_verdict(explorer: Explorer) -> None:
    space = ask(explorer, "open")
    point = ask(explorer, "point", at=place(space, "-53"))
    assert (point["line"], point["value"], point["target"]) == ("a + -53", "18", "18")
    assert point["state"] == {"a": "71"}
    assert point["cpython"] is True
    distances = [near["distance"] for near in point["nearest"]]
    assert point["nearest"][0]["text"] == "a + -53" and distances == sorted(distances)
    assert ask(explorer, "point", at=place(space, "0"))["cpython"] is False


def test_the_way_between_two_clicks_begins_and_ends_there(explorer: Explorer) -> None:
    space = ask(explorer, "open")
    steps = ask(explorer, "way", **{"from": place(space, "-53"), "to": place(space, "0")})["steps"]
    assert [steps[0]["share"], steps[-1]["share"]] == [0, 1]
    assert [steps[0]["line"], steps[-1]["line"]] == ["a + -53", "a + 0"]
    assert [steps[0]["value"], steps[-1]["value"]] == ["18", "71"]


def test_a_search_is_told_round_by_round_and_its_solution_at_the_end(explorer: Explorer) -> None:
    ask(explorer, "search", search="ordered", seed=0)
    assert explorer.recording is not None
    explorer.recording.wait(60)
    told = ask(explorer, "rounds", since=0)
    assert told["ended"] and told["solution"]["solved"]
    assert told["solution"]["program"] == "a = 71\nassert a + -53 == 18"
    assert told["rounds"][0]["texts"][:3] == ["a + 0", "a + 1", "a + -1"]
    count = len(told["rounds"])
    assert sum(len(each["losses"]) for each in told["rounds"]) == told["solution"]["evaluations"]
    assert ask(explorer, "rounds", since=count)["rounds"] == []
    assert ask(explorer, "stop") == {}


def test_another_problem_takes_the_place_of_the_first_and_of_its_search(explorer: Explorer) -> None:
    ask(explorer, "search", search="random", seed=0)
    assert ask(explorer, "open", problem="a = 5; a + ? == 7")["problem"] == "a = 5; a + ? == 7"
    assert "no search has begun" in ask(explorer, "rounds", since=0)["error"]


def test_a_refused_problem_leaves_the_map_as_it_was(explorer: Explorer) -> None:
    assert "no hole" in ask(explorer, "open", problem="a = 1")["error"]
    assert ask(explorer, "open")["problem"] == "a=71; a+? == 18"


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"ask": "everything"}, "nothing answers 'everything'"),
        ({}, "ask has to be a text"),
        ("open", "a message is an object"),
        ({"ask": "point"}, "a message is an object"),
        ({"ask": "layer", "size": 5000, "first": 0}, "size has to be a whole number"),
        ({"ask": "search", "search": "luck", "seed": 0}, "no search 'luck'"),
        ({"ask": "search", "search": "ordered", "seed": -1}, "seed has to be"),
        ({"ask": "rounds", "since": 0}, "no search has begun"),
        ({"ask": "states", "run": "import os"}, "import"),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_words(message: Any, said: str, explorer: Explorer) -> None:
    assert said in explorer.answer(message)["error"]


def test_states_show_the_sessions_way_and_what_was_run(explorer: Explorer) -> None:
    assert ask(explorer, "states")["ways"] == {}
    states = ask(explorer, "states", run="a = 71")
    states = ask(explorer, "states", run="a = a + -53")
    assert states["ways"]["a"]["values"] == ["71", "18"]
    assert (states["state"], states["history"]) == ({"a": "18"}, ["a = 71", "a = a + -53"])
    assert states["ran"] == {"output": [], "failed": None, "cpython": True}
    assert len(states["points"]) == len(states["texts"]) == 199


def test_above_two_dimensions_the_plane_is_that_of_the_axes_or_of_three_lines(live_session: Session) -> None:
    explorer = Explorer(live_session, "a = 6; a * ? == 42")
    space = ask(explorer, "open")
    assert (space["dimensions"], space["plane"]) == (128, "principal axes")
    assert 0.1 < space["explained"] < 1
    laid = ask(explorer, "open", through="7, 0, 40")
    assert laid["plane"] == "through 7, 0, 40"
    for fill, text in (("7", "a * 7"), ("0", "a * 0"), ("40", "a * 40")):
        assert ask(explorer, "point", at=place(laid, fill))["line"] == text
    laid = ask(explorer, "open", through="40")
    assert laid["plane"] == "principal axes through 40"
    assert place(laid, "40") == {"x": 0, "y": 0}
    assert ask(explorer, "point", at={"x": 0, "y": 0})["line"] == "a * 40"
    assert "one fill or three" in ask(explorer, "open", through="7, 0")["error"]
    assert "one fill or three" in ask(explorer, "open", through="luck")["error"]
    assert "one straight line" in ask(explorer, "open", through="7, 7, 0")["error"]
    assert ask(explorer, "open", through="")["plane"] == "principal axes"


def test_fillings_of_several_holes_have_semicolons_between_them(explorer: Explorer) -> None:
    space = ask(explorer, "open", problem="a=71; ? + ? == 18")
    corners = "; ".join(space["texts"][:3])
    assert ask(explorer, "open", through=corners)["plane"] == f"through {corners.replace('; ', ', ')}"
