"""The pages build without a warning, and the reference has every public name of the package."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest


def public_names(package: Path) -> Iterator[str]:
    """Yield the public modules of a package, and the public functions, classes and methods of each, dotted."""
    for path in sorted(package.rglob("*.py")):
        parts = [package.name, *path.relative_to(package).with_suffix("").parts]
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if any(part.startswith("_") for part in module.split(".")):
            continue
        yield module
        yield from _definitions(ast.parse(path.read_text(encoding="utf-8")), module)


def _definitions(node: ast.Module | ast.ClassDef, prefix: str) -> Iterator[str]:
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield f"{prefix}.{child.name}"
            if isinstance(child, ast.ClassDef):
                yield from _definitions(child, f"{prefix}.{child.name}")


@pytest.mark.slow
def test_every_public_name_has_its_place_in_the_reference(repository: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "mkdocs", "--quiet", "build", "--site-dir", str(tmp_path)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(words, cwd=repository, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    *_, packed = (tmp_path / "objects.inv").read_bytes().split(b"\n", 4)
    listed = {line.split()[0] for line in zlib.decompress(packed).decode().splitlines()}
    assert [name for name in public_names(repository / "latent_repl") if name not in listed] == []
