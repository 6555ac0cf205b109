"""How a step's output is fed to the next, and how many there may be; apart from the machine, so that `--help` need not
import it."""

from typing import Literal, get_args

from latent_repl.errors import UsageError

Mode = Literal["latent", "snap"]
"""latent: as it is; snap: decoded and encoded again."""

STEP_BUDGET = 100_000
"""Executor steps that one text may take, if nothing else is said. Chosen: loops of a hundred rounds fit on wide
numbers, of a thousand on small ones; that many steps take a minute or two."""


def check_mode(mode: str) -> None:
    """Raise UsageError for a mode that there is not."""
    if mode not in get_args(Mode):
        raise UsageError(f"no mode {mode!r}; the modes are {' and '.join(get_args(Mode))}")
