"""A model of more words keeps what the older one knew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from latent_repl.errors import UsageError
from latent_repl.language.program import CoreLine, Slot
from latent_repl.model.network.backend import save
from latent_repl.model.network.config import LatentConfig
from latent_repl.model.network.interpreter import LatentInterpreter
from training.config import RowsRun
from training.rows.growth import grow, new_symbols
from training.rows.objective import Rows

SIZES: dict[str, Any] = {
    **{"slots": 3, "limit": 130, "maximum": 130, "state_latent": 48, "code_latent": 16, "width": 32, "heads": 2},
    **{"feed_forward": 32, "executor_layers": 1, "trunk_width": 32, "trunk_layers": 1},
}


@pytest.fixture
def older(tmp_path: Path) -> LatentInterpreter:
    torch.manual_seed(1)
    model = LatentInterpreter(LatentConfig(**SIZES)).eval()
    model.load_state_dict({name: weight.half().float() for name, weight in model.state_dict().items()})
    save(model, tmp_path / "older")
    return model


def test_old_words_keep_latents_codes_and_steps(
    older: LatentInterpreter, tmp_path: Path, tiny_rows: Callable[..., RowsRun]
) -> None:
    model = Rows(tiny_rows(), torch.device("cpu")).model.eval()
    grow(model, str(tmp_path / "older"))
    line = CoreLine(Slot(1), "+", Slot(0), -7)
    with torch.no_grad():
        states, codes = [], []
        for one in (older, model):
            ids = torch.tensor([one.vocabulary.state_ids([5, True, None])])
            states.append(one.encode_states(ids))
            codes.append(one.encode_code(torch.tensor([one.vocabulary.core_line_ids(line)])))
        np.testing.assert_allclose(states[0], states[1], atol=1e-5)
        np.testing.assert_allclose(codes[0], codes[1], atol=1e-5)
        after = [one.execute(states[0], codes[0]) for one in (older, model)]
        np.testing.assert_allclose(after[0], after[1], atol=1e-5)
        shared = [model.vocabulary.ids[token] for token in older.vocabulary.tokens]
        np.testing.assert_allclose(older.state_logits(states[0]), model.state_logits(states[0])[..., shared], atol=1e-4)


def test_a_checkpoint_of_other_sizes_is_refused(older: LatentInterpreter, tmp_path: Path) -> None:
    model = LatentInterpreter(LatentConfig(**(SIZES | {"width": 64}), rows=3, cells=3))
    with pytest.raises((UsageError, RuntimeError, IndexError)):
        grow(model, str(tmp_path / "older"))


def test_old_words_have_no_gradients(tiny_rows: Callable[..., RowsRun]) -> None:
    objective = Rows(tiny_rows(), torch.device("cpu"))
    model = objective.model
    new = new_symbols(model)
    model.state_vae.latent_table().sum().backward()
    gradient = model.state_vae.tokens.inward.weight.grad
    assert gradient is not None
    assert gradient[:, new].abs().sum() > 0
    rest = torch.ones(gradient.shape[1], dtype=torch.bool)
    rest[new] = False
    assert gradient[:, rest].abs().sum() == 0
