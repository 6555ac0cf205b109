"""What the tests of the tables share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import latent_repl

ROOT = Path(latent_repl.__file__).parent.parent
LANGUAGE = ROOT / "latent_repl" / "language"
# Where a row is added in each table.
FIRST_UNARY = "    _prefix(NEGATE,"
LAST_KIND = "(INT, BOOL, EMPTY)"
TAKES_THEIR_PLACE = """
import importlib.util, sys
for table in ("values", "operators"):
    name = f"latent_repl.language.{table}"
    spec = importlib.util.spec_from_file_location(name, f"{sys.argv[1]}/{table}.py")
    sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
"""


@pytest.fixture
def with_rows(tmp_path: Path) -> Callable[..., None]:
    """Return what runs a script in a process of its own, whose tables have a row more than the package's."""

    def run(script: str, *, operator: str = "", kind: str = "") -> None:
        tables = {name: (LANGUAGE / f"{name}.py").read_text(encoding="utf-8") for name in ("operators", "values")}
        assert tables["operators"].count(FIRST_UNARY) == tables["values"].count(LAST_KIND) == 1
        added = {
            "operators": tables["operators"].replace(FIRST_UNARY, f"    {operator}\n{FIRST_UNARY}"),
            "values": tables["values"].replace(LAST_KIND, f"(INT, BOOL, EMPTY, {kind})"),
        }
        for name, text in added.items():
            (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", TAKES_THEIR_PLACE + script, str(tmp_path)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert done.returncode == 0, done.stderr

    return run
