"""What is looked into: a session, as far as looking asks for it."""

from __future__ import annotations

from typing import Protocol

from latent_repl.language.parsing.parse import Tree
from latent_repl.language.program import Program
from latent_repl.model.interface import Interpreter
from latent_repl.modes import Mode
from latent_repl.results import Result
from latent_repl.timeline import Timeline


class Explored(Protocol):
    """A model, where the texts run so far have led on it, and how to run another."""

    model: Interpreter

    @property
    def mode(self) -> Mode:
        """How a step's output is fed to the next."""

    @property
    def timeline(self) -> Timeline:
        """The states passed; the last one is the current one."""

    @property
    def history(self) -> list[str]:
        """The texts run so far."""

    def lower(self, text: str) -> tuple[Tree, Program]:
        """Return a text's tree and its core lines as they would run now."""

    def run(self, text: str) -> Result:
        """Run a text from the current state, keep the state it leads to, and return what happened."""
