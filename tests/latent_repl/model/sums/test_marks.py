"""What lies outside the box is a mark."""

from __future__ import annotations

import numpy as np
import torch

from latent_repl.model.sums.marks import EMPTY, inside


def test_the_box_and_a_step_over_its_wall_are_inside_and_a_mark_is_not() -> None:
    vectors = np.array([[0.0, 1.0], [-1.0, 0.0], [1.05, 0.0], [EMPTY, EMPTY]])
    assert inside(vectors).tolist() == inside(torch.from_numpy(vectors)).tolist() == [True, True, True, False]
