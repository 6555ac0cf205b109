"""A tiny run on all sums in [-3, 3]."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.train import main

TINY = """
kind = "sums"
name = "tiny"
steps = {steps}
batch = 64
rate = 1e-2
{extra}
[model]
limit = 3
maximum = 3
state_latent = 4
code_latent = 4
width = 16
feed_forward = 32
executor_layers = 1
"""


def config(folder: Path, steps: int, extra: str = "") -> Path:
    path = folder / "tiny.toml"
    path.write_text(TINY.format(steps=steps, extra=extra))
    return path


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checkpoint of a tiny run, by the command that trains every checkpoint."""
    folder = tmp_path_factory.mktemp("run")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        main(config(folder, 400, "average = 0.98"), threads=1, compiled=False)
    return folder / "runs" / "tiny" / "checkpoint"
