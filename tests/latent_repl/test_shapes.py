"""Shapes in signatures cost nothing where nobody checks them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PLAIN = """
import sys
import numpy as np
from latent_repl.session import Session
from latent_repl.shapes import Float
assert Float[np.ndarray, "B S"] is np.ndarray
print([name for name in ("jaxtyping", "unittest.mock", "pydantic") if name in sys.modules])
"""
CHECKED = """
import jaxtyping, numpy as np
from latent_repl.shapes import Float
print(isinstance(np.zeros((2, 3)), Float[np.ndarray, "B S"]), isinstance(np.zeros(2), Float[np.ndarray, "B S"]))
"""


def printed(code: str, repository: Path) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout


def test_a_session_loads_nothing_that_checks_shapes(repository: Path) -> None:
    assert printed(PLAIN, repository) == "[]\n"


def test_where_jaxtyping_is_loaded_shapes_are_its_own(repository: Path) -> None:
    assert printed(CHECKED, repository) == "True False\n"
