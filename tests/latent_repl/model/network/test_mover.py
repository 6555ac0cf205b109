"""The mover chooses a class for each field, the same in torch and in NumPy."""

from __future__ import annotations

import numpy as np
import torch

from latent_repl.model.network.backend import freeze
from latent_repl.model.network.interpreter import LatentInterpreter
from latent_repl.model.network.mover import SEEN


def test_torch_and_numpy_choose_alike(small_rows: LatentInterpreter) -> None:
    assert small_rows.mover is not None
    mine = freeze(small_rows).rows
    assert mine is not None
    seen = torch.rand(5, SEEN, small_rows.config.state_latent) * 2 - 1
    operators = torch.arange(5)
    with torch.no_grad():
        logits = small_rows.mover(operators, seen)
    chosen = torch.stack([each.argmax(-1) for each in logits.values()], 1)
    np.testing.assert_array_equal(mine.mover.choose(operators.numpy(), seen.numpy()), chosen)
    assert mine.mover.decide(operators.numpy(), seen.numpy())[0] == {
        name: int(each[0].argmax()) for name, each in logits.items()
    }


def test_every_field_has_a_logit_for_each_of_its_classes(small_rows: LatentInterpreter) -> None:
    assert small_rows.mover is not None
    logits = small_rows.mover(torch.zeros(2, dtype=torch.long), torch.zeros(2, SEEN, 48))
    assert {name: each.shape[1] for name, each in logits.items()} == small_rows.mover.sizes
