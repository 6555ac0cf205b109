"""The options that every subcommand takes after its name, declared once.

>>> @with_settings
... def models(*, settings: Settings) -> int: ...

A subcommand that searches asks for `search: Options` as well, and takes what `synthesis/options.py` declares.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from latent_repl.exits import exit_code
from latent_repl.modes import STEP_BUDGET, Mode
from latent_repl.synthesis.options import MAXIMUM_SEED, OPTIONS, Option, Options
from latent_repl.waiting import Waiting

if TYPE_CHECKING:
    from latent_repl.session import Session

SETTING_OPTIONS: dict[str, Any] = {
    "model": Annotated[
        str, typer.Option("--model", metavar="NAME|PATH|HUB_ID[@REVISION]", help="The checkpoint that interprets.")
    ],
    "mode": Annotated[
        Mode, typer.Option("--mode", help="Feed bare latents on, or decode and re-encode between steps.")
    ],
    "device": Annotated[str, typer.Option("--device", metavar="DEVICE", help="cpu, cuda, cuda:1, mps.")],
    "threads": Annotated[
        int, typer.Option("--threads", min=1, metavar="N", help="Processor threads; matrices so small gain from one.")
    ],
    "seed": Annotated[
        int, typer.Option("--seed", min=0, max=MAXIMUM_SEED, metavar="N", help="Seed of everything drawn at random.")
    ],
    "step_budget": Annotated[
        int, typer.Option("--step-budget", min=1, metavar="N", help="Executor steps that one text may take.")
    ],
    "memory": Annotated[
        bool, typer.Option("--memory/--no-memory", help="Keep what steps have computed, for equal ones.")
    ],
    "json": Annotated[bool, typer.Option("--json", help="Objects, one a line, on standard output.")],
}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the common options say; the defaults are the command line's."""

    model: str = "base"
    mode: Mode = "snap"
    device: str = "cpu"
    threads: int = 1
    seed: int = 0
    step_budget: int = STEP_BUDGET
    memory: bool = True
    json: bool = False

    @cached_property
    def waiting(self) -> Waiting:
        """What standard error says while work goes on."""
        return Waiting(sys.stderr)

    def show(self, text: str) -> None:
        """Write a piece of a program's output at once; with --json it stands in the objects instead."""
        if not self.json:
            self.waiting.pause()
            sys.stdout.write(text)
            sys.stdout.flush()

    @property
    def of_scripts(self) -> dict[str, Any]:
        """What running a text is told: where output goes, what counts the steps, the seed of a search, and whether
        each line is to be told as JSON."""
        return {"show": self.show, "watch": self.waiting, "seed": self.seed, "json": self.json}

    def open_session(self, *, check: bool, trace: bool = False) -> Session:
        """Load the checkpoint and return a fresh session; NumPy is imported here and not before.

        Raises CheckpointError, or UsageError for a device that this machine does not have.
        """
        # Read by NumPy and by torch when they are first imported.
        os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(self.threads)))
        from latent_repl.session import Session

        return Session(
            self.model,
            mode=self.mode,
            check=check,
            trace=trace,
            step_budget=self.step_budget,
            device=self.device,
            memory=self.memory,
        )


def as_json(record: object) -> str:
    """Return a record as one line of JSON."""
    import json  # `--help` needs none

    return json.dumps(record)


def with_settings(function: Callable[..., int]) -> Callable[..., None]:
    """Give the function the common options, which it receives as one keyword argument `settings`.

    One that asks for `search` is given the options of a search too, of which the seed is the common one.

    What it returns, or the error that it raises, becomes the exit code.
    """
    parameters = inspect.signature(function, eval_str=True).parameters
    own = [item for item in parameters.values() if item.name not in ("settings", "search")]
    of_search = [_parameter(option) for option in OPTIONS.values() if "search" in parameters and option.name != "seed"]
    common = [
        inspect.Parameter(item.name, inspect.Parameter.KEYWORD_ONLY, default=item.default, annotation=annotation)
        for item, annotation in zip(fields(Settings), SETTING_OPTIONS.values(), strict=True)
    ]

    @functools.wraps(function)
    def command(**arguments: Any) -> None:
        settings = Settings(**{item.name: arguments.pop(item.name) for item in common})
        if of_search:
            chosen = {item.name: arguments.pop(item.name) for item in of_search}
            arguments["search"] = Options(**chosen, seed=settings.seed)

        def work() -> int:
            try:
                return function(**arguments, settings=settings)
            finally:
                settings.waiting.clear()

        code = exit_code(work)
        if code:  # without one, a subcommand may follow
            raise typer.Exit(code)

    described = cast(Any, command)  # typer reads the signature and the annotations, which are ours, not the function's
    del described.__wrapped__
    described.__signature__ = inspect.Signature([*own, *of_search, *common])
    described.__annotations__ = {item.name: item.annotation for item in (*own, *of_search, *common)}
    return command


def _parameter(option: Option) -> inspect.Parameter:
    declared = typer.Option(f"--{option.name}", min=option.least, metavar=option.metavar, help=option.help)
    annotation: Any = Annotated[cast(Any, option.type), declared]
    return inspect.Parameter(
        option.field, inspect.Parameter.KEYWORD_ONLY, default=option.default, annotation=annotation
    )
