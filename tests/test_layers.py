"""Imports run one way: the contracts in pyproject.toml hold."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
LEARNING_LIBRARIES = ("torch", "transformers", "botorch", "gpytorch", "linear_operator")
WITHOUT_THEM = f"""
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {LEARNING_LIBRARIES}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
from latent_repl.__main__ import main
main()
"""
"""The command line in a process where these libraries cannot be imported."""
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


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("run", "--check", "p.lx"), "[8, 2, 2]\n"),
        (("run", "--model", "sums-2d", "sum.lx"), "18\n"),
        (("synth", "--search", "inverse", "a=71; a+? == 18"), "a = 71\nassert a + -53 == 18\n"),
        (("eval", "p.jsonl"), "programs             1\nexact                1\n"),
        (("models",), "base "),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_nothing_but_searches_with_processes_needs_the_learning_libraries(
    words: tuple[str, ...], printed: str, repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "p.lx").write_text("def f(n):\n    return n * 2\n\nx = [2, 2]\nx.append(f(4))\nprint(x[::-1])\n")
    (tmp_path / "sum.lx").write_text("a = 71\na + -53\n")
    (tmp_path / "p.jsonl").write_text('{"id": 1, "program": "a = 6\\nb = a * 7"}\n')
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THEM, *words],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(printed)


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
