"""The console script `latent-repl`, and `python -m latent_repl`."""

from __future__ import annotations

from latent_repl.exits import end_process


def main() -> None:
    """Run the command line and end the process."""
    end_process(_run)


def _run() -> int:
    from latent_repl.cli.app import run  # imported when Ctrl-C is already answered

    return run()


if __name__ == "__main__":
    main()
