"""A step's output is fed on in either mode."""

from __future__ import annotations

from typing import get_args

import pytest

from latent_repl.modes import Mode
from latent_repl.session import Session


@pytest.mark.parametrize("mode", get_args(Mode))
def test_a_session_runs_in_every_mode(mode: Mode, live_session: Session) -> None:
    live_session.mode = mode
    assert live_session.run("a = 7\nb = a + 1").state == {"a": 7, "b": 8}
