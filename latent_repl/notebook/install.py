"""Tells Jupyter of the kernel."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from latent_repl.errors import UsageError
from latent_repl.modes import Mode

NAME = "latent-repl"


def install(*, model: str = "base", mode: Mode = "snap", prefix: Path | None = None) -> Path:
    """Write the kernel's specification where Jupyter looks for it, and return its folder.

    prefix: of an environment, as sys.prefix; None for this user. Raises UsageError where ipykernel is not installed.
    """
    try:
        import ipykernel  # noqa: F401, the kernel will need it
        from jupyter_client.kernelspec import KernelSpecManager
    except ImportError as error:
        raise UsageError("the kernel needs ipykernel: pip install 'latent-repl[notebook]'") from error
    options = [f"--LxKernel.model={model}", f"--LxKernel.mode={mode}"]
    specification = {
        "argv": [sys.executable, "-m", "latent_repl.notebook", "-f", "{connection_file}", *options],
        "display_name": "Lx (latent-repl)",
        "language": "lx",
    }
    where = {"prefix": str(prefix)} if prefix else {"user": True}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "kernel.json").write_text(json.dumps(specification, indent=1), encoding="utf-8")
        return Path(KernelSpecManager().install_kernel_spec(folder, NAME, **where))
