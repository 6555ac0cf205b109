"""A line at the prompt and what it shows, on the shipped checkpoint."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from latent_repl.display import Screen, View
from latent_repl.repl.commands import execute
from latent_repl.repl.context import Context

Render = Callable[[list[View]], str]


@pytest.fixture
def run(context: Context) -> Callable[[str], str]:
    """A function that runs a line, command or statement, and returns what it shows."""

    def run_line(line: str) -> str:
        file = io.StringIO()
        context.screen = Screen(file, width=80)
        for view in execute(context, line) if line.startswith(":") else context.run(line):
            context.screen.show(view)
        return file.getvalue()

    return run_line
