"""How a step's output is fed to the next; apart from the machine, so that `--help` need not import it."""

from typing import Literal

Mode = Literal["latent", "snap"]
"""latent: as it is; snap: decoded and encoded again."""
