"""What every test shares: one thread, no network, no one's home folder, plain text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Set before torch and rich are imported, and inherited by the commands that tests start.
os.environ.update(OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", NO_COLOR="1")
for forcing in ("FORCE_COLOR", "CLICOLOR_FORCE"):
    os.environ.pop(forcing, None)

# A model's step takes as long as the machine is busy: a deadline would fail at random.
settings.register_profile("default", deadline=None, derandomize=True)
settings.load_profile("default")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the clone."""
    return Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home folder, so that none reads or writes a user's history."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    return home
