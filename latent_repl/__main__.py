"""`python -m latent_repl` is the console script `latent-repl`."""

from __future__ import annotations

from latent_repl.cli.app import main

if __name__ == "__main__":
    main()
