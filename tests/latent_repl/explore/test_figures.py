"""Pictures, and the commands that write them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from latent_repl.errors import UsageError
from latent_repl.explore.figures import check_picture, draw_landscape, draw_maps, draw_trajectory
from latent_repl.explore.landscape import survey
from latent_repl.explore.maps import trajectory
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
