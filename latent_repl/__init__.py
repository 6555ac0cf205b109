"""A Python REPL in which a neural network is the interpreter.

>>> from latent_repl import Session
>>> session = Session()
>>> session.run("a = 6").state
{'a': 6}
"""

from __future__ import annotations

# Not by `typing`, whose import takes longer than all that comes before Ctrl-C is answered. Type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from latent_repl.session import Session

__all__ = ["Session", "__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import `Session` on first use: the command line must answer `--help` without loading torch."""
    if name == "Session":
        from importlib import import_module

        return import_module("latent_repl.session").Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """Answer `%load_ext latent_repl` in IPython: from then on `%%lx` runs cells of Lx."""
    from importlib import import_module

    import_module("latent_repl.notebook.magic").load(shell)
