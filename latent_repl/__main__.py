"""The console script `latent-repl`, and `python -m latent_repl`."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # typeshed has no stub of it
import os


def main() -> None:
    """Run the command line and end the process."""
    # By the built-in part of `signal`: whatever is imported from here on, Ctrl-C is already answered.
    _signal.signal(_signal.SIGINT, _leave)
    from latent_repl.exits import end_process

    end_process(_run)


def _leave(*signal: object) -> None:
    os.write(2, b"interrupted\n")
    os._exit(130)


def _run() -> int:
    from latent_repl.cli.app import run

    return run()


if __name__ == "__main__":
    main()
