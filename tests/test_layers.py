"""Imports run one way: the contracts in pyproject.toml hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FORBIDDEN_AT_START = ("torch", "transformers", "botorch", "numpy", "rich", "prompt_toolkit")


def test_the_import_contracts_hold(repository: Path) -> None:
    lint = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    done = subprocess.run(lint, cwd=repository, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_importing_the_package_imports_nothing_heavy(repository: Path) -> None:
    code = f"import sys, latent_repl; print([name for name in {FORBIDDEN_AT_START} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_session_is_found_on_first_use_and_other_names_are_refused(repository: Path) -> None:
    code = "import latent_repl; print(latent_repl.Session.__module__); latent_repl.nothing"
    done = subprocess.run([sys.executable, "-c", code], cwd=repository, capture_output=True, text=True, check=False)
    assert done.stdout == "latent_repl.session\n"
    assert done.stderr.splitlines()[-1] == "AttributeError: module 'latent_repl' has no attribute 'nothing'"
