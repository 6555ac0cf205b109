"""Pictures, and the commands that write them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

from latent_repl.errors import UsageError
from latent_repl.explore import figures
from latent_repl.explore.figures import check_picture, draw_landscape, draw_maps, draw_trajectory
from latent_repl.explore.landscape import Landscape, survey
from latent_repl.explore.maps import Map, trajectory
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session


@pytest.mark.slow
def test_maps_are_written_as_pictures(shipped_model: Interpreter, tmp_path: Path) -> None:
    assert draw_maps(shipped_model, tmp_path / "map.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_landscape_names_its_fillings(live_session: Session, tmp_path: Path) -> None:
    landscape = survey(live_session, "a=6; a+? == 42", size=5)
    drawn = draw_landscape(landscape, tmp_path / "landscape.svg").read_text()
    assert "<svg" in drawn and "best known: 36" in drawn and "a=6; a+? == 42" in drawn


def test_a_landscape_labels_what_has_the_colour_of_its_place_and_says_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels: list[str] = []
    monkeypatch.setattr(figures, "_label", lambda _, points, texts, order: labels.extend(texts[each] for each in order))
    places = np.linspace(0, 1, 21)
    loss = np.where(places < 0.5, 1e-3, 10.0) * np.ones((21, 1))
    points = np.array([(0.2, 0.5), (0.2, 0.8), (0.8, 0.2), (0.49, 0.3)])
    texts, known = ("best", "far off", "dear", "at the edge"), np.array([1e-3, 10.0, 10.0, 1e-3])
    shown = Landscape("p", places, places, loss, points, texts, known, 0.3)
    drawn = draw_landscape(shown, tmp_path / "p.svg").read_text()
    assert labels == ["best", "dear"]
    assert "a slice through it, 30% of the variance" in drawn and "labels are projections" in drawn


def test_no_operator_of_the_map_hides_the_others() -> None:
    panel = Figure().subplots()
    same = Map(np.random.default_rng(0).normal(size=(500, 2)), ("1",) * 500, (1,) * 500, "as it is")
    figures._by_operator(panel, {"+": same, "-": same, "*": same})
    on_top = np.asarray(panel.collections[0].get_facecolor())[-500:]
    assert all(100 < np.equal(on_top, to_rgba(f"C{number}")).all(1).sum() < 250 for number in range(3))


def test_a_trajectory_names_its_variables(live_session: Session, tmp_path: Path) -> None:
    live_session.run("speed = 9")
    assert "speed: 9" in draw_trajectory(trajectory(live_session), tmp_path / "way.svg").read_text()


@pytest.mark.slow
def test_other_names_and_folders_are_refused(shipped_model: Interpreter, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"ends in \.png, \.svg"):
        draw_maps(shipped_model, tmp_path / "map.txt")
    with pytest.raises(UsageError, match="cannot be written"):
        draw_maps(shipped_model, tmp_path / "nowhere" / "map.png")


def test_without_matplotlib_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UsageError, match=r"pip install 'latent-repl\[figures\]'"):
        check_picture(Path("map.png"))
