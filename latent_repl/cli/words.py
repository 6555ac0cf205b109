"""Which subcommand the words of the command line mean.

latent-repl script.lx                     latent-repl run script.lx
latent-repl --mode latent run script.lx   an error: write --mode latent after run
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from typer.core import TyperGroup

RUN = "run"


class Subcommands(TyperGroup):
    """The subcommands; where a script's name stands in the place of one, `run` is meant, as with `python script.py`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options before the subcommand; refuse those that belong behind it, with the words to write."""
        words = list(args)
        place = next((place for place, word in enumerate(words) if self._begins(words, place)), len(words))
        before, name, after = words[:place], words[place : place + 1], words[place + 1 :]
        if not name:
            return list(super().parse_args(ctx, args))
        if name[0] not in self.commands:
            return list(super().parse_args(ctx, [RUN, *words]))
        if before and not {"--help", "--version"}.intersection(before):
            import shlex

            right = shlex.join(["latent-repl", *name, *before, *after])
            ctx.fail(f"got {shlex.join(before)} before {name[0]}, write it after: {right}")
        return list(super().parse_args(ctx, args))

    def _begins(self, words: list[str], place: int) -> bool:
        """Return whether the word stands where a subcommand may: no option, nor the value of one."""
        word, before = words[place], words[place - 1] if place else ""
        if word.startswith("-") or (before in self._valued() and "=" not in before):
            return False
        return word in self.commands or is_script(word)

    def _valued(self) -> set[str]:
        """Return the options that take a value, of whichever subcommand."""
        options = [option for command in (self, *self.commands.values()) for option in command.params]
        return {name for option in options if not getattr(option, "is_flag", True) for name in option.opts}


def is_script(word: str) -> bool:
    """Return whether a word is the path of a file rather than the name of a subcommand.

    >>> is_script("gcd.lx"), is_script("./gcd"), is_script("synthesise")
    (True, True, False)
    """
    return word.endswith((".lx", ".py")) or os.sep in word or Path(word).is_file()
