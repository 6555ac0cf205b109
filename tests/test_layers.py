"""Imports run one way: the contracts in pyproject.toml hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOMS = ("latent_repl", "grammar", "training", "tests/benchmarks")
EXECUTES = {
    "latent_repl/machine.py": "the one path of execution",
    "latent_repl/model": "the networks and their forms themselves",
    "latent_repl/language/oracle/core_lines.py": "exact execution, which calls its own method so",
    "latent_repl/synthesis/searches/gradient.py": "derivatives; test_gradient.py holds its states to the machine's",
    "training/losses.py": "derivatives: what training minimises",
    "training/sums/objective.py": "derivatives: what training minimises",
    "tests/benchmarks/training.py": "measures a training step, and the network alone beside it",
}
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


def test_nothing_but_the_machine_calls_an_executor(repository: Path) -> None:
    calling = {
        path.relative_to(repository).as_posix()
        for room in ROOMS
        for path in (repository / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("execute", "executor")
    }
    exception_of = {path: {place for place in EXECUTES if f"{path}/".startswith(f"{place}/")} for path in calling}
    assert [path for path, places in exception_of.items() if not places] == []
    assert set().union(*exception_of.values()) == EXECUTES.keys(), "an exception that is none any more"
