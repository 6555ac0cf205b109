"""The kernel is known to Jupyter, and runs: the tutorial notebooks, an interrupt."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient

from latent_repl.notebook.install import NAME, install

SECONDS = 300


@pytest.fixture
def kernel_folder(tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = install(model="base", prefix=tmp_path)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share" / "jupyter"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(repository), os.environ.get("PYTHONPATH", "")]))
    yield folder


def test_the_specification_starts_this_python_with_the_model(kernel_folder: Path) -> None:
    specification = json.loads((kernel_folder / "kernel.json").read_text(encoding="utf-8"))
    assert specification["argv"][:3] == [sys.executable, "-m", "latent_repl.notebook"]
    assert "--LxKernel.model=base" in specification["argv"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestWarning")
@pytest.mark.parametrize("name", ["lx", "python"])
def test_the_tutorial_notebooks_run(name: str, repository: Path, kernel_folder: Path) -> None:
    notebook = nbformat.read(repository / "docs" / "notebooks" / f"{name}.ipynb", as_version=4)
    NotebookClient(notebook, timeout=SECONDS).execute()
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert cells and all(cell.outputs for cell in cells)
    assert "✗" not in str(notebook)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning", "ignore::pytest.PytestWarning")
def test_an_interrupt_ends_the_cell_and_nothing_else(kernel_folder: Path) -> None:
    manager, client = start_new_kernel(kernel_name=NAME, startup_timeout=SECONDS)
    try:
        assert client.execute_interactive("a = 6", timeout=SECONDS)["content"]["status"] == "ok"
        client.execute(":budget 1000000\nprint(1)\nwhile True:\n    pass", stop_on_error=False)
        while (message := client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "stream":
            assert message["msg_type"] != "error"
        manager.interrupt_kernel()
        while (message := client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "error":
            pass
        assert message["content"]["ename"] == "KeyboardInterrupt"
        reply = client.execute_interactive("assert a == 6", timeout=SECONDS)
        assert reply["content"]["status"] == "ok"
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
