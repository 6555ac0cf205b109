"""The pictures of the sums models show every sum in range and the loss of one equation."""

from __future__ import annotations

from pathlib import Path

import pytest

from latent_repl.model.sums.inference import NumpySums
from training.sums import figures
from training.sums.evaluate import load_sums


@pytest.fixture(scope="module")
def plane() -> NumpySums:
    return load_sums("sums-2d")


def test_every_sum_in_range_has_its_state(plane: NumpySums) -> None:
    assert figures.executed_states(plane).shape == (29_701, 2)


def test_the_loss_is_less_at_the_solution_than_at_what_is_far_from_it(plane: NumpySums) -> None:
    codes, maximum = plane.code_vae.table, plane.config.maximum
    solution, far = (codes[[summand + maximum]] for summand in (-53, 20))
    assert figures.losses_at(plane, solution)[0] < figures.losses_at(plane, far)[0]


def test_positions_are_drawn_to_a_file(plane: NumpySums, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    figures.draw_positions({"sums-2d": plane}, tmp_path / "positions.png")
    assert (tmp_path / "positions.png").stat().st_size > 10_000
    assert capsys.readouterr().out.strip().endswith("positions.png")
