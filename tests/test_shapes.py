"""The shapes in signatures are what is passed: quick tests run once more, in a process that checks every call.

Not all tests do, for a check costs more than most functions that it guards.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Where signatures have shapes; elsewhere tests use doubles that are no such types.
CHECKED = ("latent_repl.model", "latent_repl.machine", "latent_repl.records", "latent_repl.synthesis", "training")
TESTS = ("model", "synthesis/bayesian", "synthesis/test_solve.py", "test_machine.py", "../training/test_trainer.py")
WRONG = """
from jaxtyping import install_import_hook
install_import_hook({checked!r}, "beartype.beartype")
import numpy as np
from latent_repl.model.load import load
model = load("base")
model.decode_states(np.zeros({shape}, np.float32))
"""


def python(*arguments: str, repository: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=repository, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_quick_tests_pass_nothing_of_another_shape(repository: Path) -> None:
    hook = "--jaxtyping-packages=" + ",".join([*CHECKED, "beartype.beartype"])
    tests = [str(repository / "tests/latent_repl" / name) for name in TESTS]
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", hook, *tests, repository=repository)
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.parametrize(("shape", "message"), [((1, 13, 76), ""), ((13, 76), "TypeCheckError")])
def test_another_shape_is_refused(shape: tuple[int, ...], message: str, repository: Path) -> None:
    done = python("-c", WRONG.format(checked=list(CHECKED), shape=shape), repository=repository)
    assert (done.returncode == 0) == (not message) and message in done.stderr, done.stderr[-2000:]
