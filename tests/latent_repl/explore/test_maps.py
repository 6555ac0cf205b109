"""Planes of latent space, on made-up points and on the shipped checkpoint."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from latent_repl.errors import UsageError
from latent_repl.explore.maps import code_map, draw_in_characters, principal, state_map, trajectory, value_latents
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session


def test_two_dimensions_stay_as_they_are() -> None:
    points = np.array([[0.5, -0.5], [0.1, 0.9]])
    assert np.array_equal(principal(points)(points), points)


def test_the_plane_holds_the_largest_directions() -> None:
    generator = np.random.default_rng(0)
    flat = generator.normal(size=(100, 2)) @ generator.normal(size=(2, 8))
    plane = principal(flat)
    assert plane.explained == pytest.approx(1.0)
    points = plane(flat)
    assert np.linalg.norm(points[0] - points[1]) == pytest.approx(np.linalg.norm(flat[0] - flat[1]))


def test_every_number_of_the_range_is_on_the_maps(shipped_model: Interpreter) -> None:
    count = 2 * shipped_model.config.maximum + 1
    assert state_map(shipped_model).points.shape == (count, 2)
    maps = code_map(shipped_model, ("+", "*"))
    assert list(maps) == ["+", "*"]
    assert all(part.points.shape == (count, 2) for part in maps.values())


def test_near_numbers_of_one_parity_lie_nearer_than_far_ones(shipped_model: Interpreter) -> None:
    points = dict(zip(state_map(shipped_model).numbers, state_map(shipped_model).points, strict=True))
    near = np.mean([np.linalg.norm(points[number] - points[number + 2]) for number in range(100, 800)])
    far = np.mean([np.linalg.norm(points[number] - points[900 - number]) for number in range(100, 800)])
    assert near < far / 2


def test_a_trajectory_follows_the_sessions_own_latents(live_session: Session) -> None:
    for line in ("a = 1", "b = 50", "a = 60"):
        live_session.run(line)
    path = trajectory(live_session)
    assert {name: values for name, (values, _) in path.ways.items()} == {"a": (1, 1, 60), "b": (50, 50)}
    assert np.allclose(path.ways["a"][1][0], path.ways["a"][1][1], atol=0.5)
    drawn = draw_in_characters(path, width=30, height=8).splitlines()
    assert max(map(len, drawn[:8])) <= 30
    assert drawn[8:] == ["a  1 → 1 → 60", "b  50 → 50"]


@pytest.mark.slow
def test_t_sne_keeps_neighbours_together(shipped_model: Interpreter) -> None:
    values = state_map(shipped_model, "tsne")
    assert values.plane == "t-SNE"
    assert values.points.shape == (len(values.numbers), 2) and np.isfinite(values.points).all()
    latents = value_latents(shipped_model, values.numbers)
    closest = [np.linalg.norm(latents - latent, axis=1).argsort()[1] for latent in latents]
    apart = np.linalg.norm(values.points - values.points[closest], axis=1).mean()
    assert apart < np.linalg.norm(values.points - values.points[::-1], axis=1).mean() / 2


def test_t_sne_is_refused_where_it_is_not_installed(
    shipped_model: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openTSNE", None)
    with pytest.raises(UsageError, match=r"pip install 'latent-repl\[figures\]'"):
        state_map(shipped_model, "tsne")
