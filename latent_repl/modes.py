"""How a step's output is fed to the next; apart from the machine, so that `--help` need not import it."""

from typing import Literal, get_args

from latent_repl.errors import UsageError

Mode = Literal["latent", "snap"]
"""latent: as it is; snap: decoded and encoded again."""


def check_mode(mode: str) -> None:
    """Raise UsageError for a mode that there is not."""
    if mode not in get_args(Mode):
        raise UsageError(f"no mode {mode!r}; the modes are {' and '.join(get_args(Mode))}")
