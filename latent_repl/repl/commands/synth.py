"""The options of `:synth` and the search behind it."""

from __future__ import annotations

import importlib
import re
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

from latent_repl.errors import UsageError
from latent_repl.repl.context import Context
from latent_repl.synthesis.options import OPTIONS

if TYPE_CHECKING:
    from latent_repl.synthesis.result import Solution


def parse_synth(argument: str) -> tuple[bool, dict[str, object], str]:
    """Split `--apply --search gp a+? == 18` into whether to apply, the options, and the problem.

    Raises UsageError for an option that does not exist or whose value does not fit, and for an empty problem.
    """
    apply, options, rest = False, dict[str, object](), argument
    while rest.startswith("--"):
        option, _, rest = rest.partition(" ")
        if option == "--apply":
            apply = True
            continue
        name = option.removeprefix("--")
        value, _, rest = rest.lstrip().partition(" ")
        options[name] = _option_value(name, value)
        rest = rest.lstrip()
    if not rest.strip():
        raise UsageError("no problem given, write one such as :synth a=71; a+? == 18")
    return apply, options, rest.strip()


def _option_value(name: str, value: str) -> object:
    if name not in OPTIONS:
        known = ", ".join(f"--{option}" for option in ("apply", *OPTIONS))
        raise UsageError(f":synth has no option --{name}, there is {known}")
    try:
        converted = OPTIONS[name].type(value)
    except ValueError as error:
        raise UsageError(f"--{name} needs a number, got {value!r}") from error
    if not value or (not isinstance(converted, str) and not converted >= 0):
        raise UsageError(f"--{name} needs a value of at least 0, got {value!r}")
    return converted


def is_open(text: str) -> bool:
    """Return whether a `:synth` or `:time` command of several lines goes on: it ends with an empty line, as a block."""
    command = re.match(r"\s*:(?:sy|syn|synt|synth|t|ti|tim|time)\s(.*)", text, re.DOTALL)
    if command is None:
        return False
    lines = command[1].split("\n")
    return bool(lines[-1].strip()) and (len(lines) > 1 or lines[0].rstrip().endswith(":"))


def solve_in(context: Context, problem: str, options: dict[str, object], *, script: bool = False) -> Solution:
    """Search from the session's current latents, with progress on the screen; the session is left as it is.

    script: whether the problem is a whole script, whose `assert` lines are the constraints.
    """
    begin_import().join()
    named: dict[str, Any] = {OPTIONS[name].field: value for name, value in options.items()}
    with context.screen.progress() as report:
        settings = {"seed": context.seed, **named}
        return context.session.synth(problem, script=script, progress=report, **settings)


@cache
def begin_import() -> threading.Thread:
    """Import what a search needs in a thread of its own, and return the thread.

    So Ctrl-C leaves no half-imported libraries behind; and who types `:synth` finds them there at Enter, and Ctrl-C
    answered at once (while a large library is loaded, Python runs nothing else).
    """
    importing = threading.Thread(target=_import, daemon=True, name="search")
    importing.start()
    return importing


def settle(seconds: float) -> None:
    """Wait for an import that has begun, so long at most: Python must not stop amid one."""
    if begin_import.cache_info().currsize:
        begin_import().join(seconds)


def _import() -> None:
    for module in ("latent_repl.synthesis.bayesian.search", "botorch.models"):
        importlib.import_module(module)


def begins_search(text: str) -> bool:
    """Return whether what is being typed can only become `:synth`."""
    return text.lstrip().startswith(":sy")
