"""The wheel ships the package with its checkpoint, nothing else, and works without the clone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import latent_repl

pytestmark = pytest.mark.slow

CHECKPOINT_FILES = {"config.json", "model.safetensors", "tokenizer.json", "metrics.json", "README.md"}


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the clone as it is."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_its_top_level_is_the_package_alone(wheel: Path) -> None:
    top_level = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert top_level == {"latent_repl", f"latent_repl-{latent_repl.__version__}.dist-info"}


def test_the_checkpoint_is_inside_and_nothing_beside_it(wheel: Path) -> None:
    folder = "latent_repl/checkpoints/base/"
    names = {name.removeprefix(folder) for name in zipfile.ZipFile(wheel).namelist() if name.startswith(folder)}
    assert names == CHECKPOINT_FILES


def test_no_rubbish_is_inside(wheel: Path) -> None:
    suffixes = {Path(name).suffix for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    page = {".html", ".js", ".css"}
    assert suffixes <= {".py", ".typed", ".json", ".safetensors", ".md", ".lx"} | page


def test_it_runs_a_program_where_there_is_no_clone(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "site")}
    command = [sys.executable, "-P", "-m", "latent_repl", "-c", "a = 6\na * 7\n'ab'.find('b')"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "42\n1\n"), done.stderr


def test_the_changelog_opens_with_the_version(repository: Path) -> None:
    heading = re.search(r"^## (\S+)", (repository / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert heading is not None and heading[1] == latent_repl.__version__
