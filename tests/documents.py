"""The pages and what their code blocks print: `python -m tests.documents` writes into them what is printed today.

A `console` block holds commands, each after `$` (and `>` where it goes on), and what they print; a page's commands run
in one folder, which holds its titled blocks as files. A `text` block with `>>>` is a session: one that opens with
`$ latent-repl` begins anew, any other goes on with the one before it. The `pycon` blocks of a page are one doctest.
Blocks of `sh` are not run.
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from latent_repl import Session, __version__
from latent_repl.display import Screen, prose_view
from latent_repl.repl.context import Context
from latent_repl.repl.loop import GREETING, evaluate, show

ROOT = Path(__file__).parent.parent
PAGES = (Path("README.md"), Path("CONTRIBUTING.md"), *sorted(path.relative_to(ROOT) for path in ROOT.glob("docs/*.md")))
BLOCK = re.compile(r'^```(\w+)(?: title="([^"\n]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", re.MULTILINE)
STATEMENT = re.compile(r"^>>> (.*\n(?:\.\.\.(?: .*)?\n)*)((?:(?!>>> |\$ ).*\n)*)", re.MULTILINE)
MEASURED, CONFIDENCE = re.compile(r"\b\d+(\.\d+)? s\b|\b\d[\d.e-]* nats\b"), re.compile(r"\b[01]\.\d{4}\b")
# What the last digits of a confidence may differ by from one processor to another. Chosen.
NEAR = 0.02
# Columns of the terminal that the pages show.
WIDTH = 80


class Block(NamedTuple):
    """A code block of a page: its language, the name of the file that it is, if any, and its text."""

    language: str
    title: str
    body: str


def blocks(page: Path, language: str = "") -> list[Block]:
    """Return a page's code blocks, of one language or all, in order."""
    found = [Block(*match) for match in BLOCK.findall((ROOT / page).read_text(encoding="utf-8"))]
    return [block for block in found if language in ("", block.language)]


def commands(page: Path) -> list[tuple[str, str]]:
    """Return each command of a page's `console` blocks as it is written, and the output that the page shows for it."""
    return [pair for block in blocks(page, "console") for pair in COMMAND.findall(block.body)]


def transcripts(page: Path) -> list[str]:
    """Return a page's blocks that show a session."""
    return [block.body for block in blocks(page, "text") if ">>> " in block.body]


def same(shown: str, printed: str) -> bool:
    """Return whether a page shows what was printed, apart from seconds, nats and the last digits of confidence."""
    one_text, other_text = (CONFIDENCE.sub("0.0", MEASURED.sub("...", text)) for text in (shown, printed))
    pairs = zip(*([float(each) for each in CONFIDENCE.findall(text)] for text in (shown, printed)), strict=False)
    alike = doctest.OutputChecker().check_output(one_text, other_text, doctest.ELLIPSIS)
    return alike and all(abs(one - other) <= NEAR for one, other in pairs)


@contextlib.contextmanager
def folder_of(page: Path) -> Iterator[Path]:
    """Yield a fresh folder that holds a page's titled blocks as files."""
    with tempfile.TemporaryDirectory() as name:
        for block in blocks(page):
            if block.title:
                (Path(name) / block.title).write_text(block.body, encoding="utf-8")
        yield Path(name)


def printed_by(command: str, folder: Path) -> str:
    """Run a command of a page in the page's folder and return its standard output; it must succeed."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command.replace("\n> ", "\n")],
        cwd=folder,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def _session(model: str, mode: str) -> Session:
    return Session(model, mode=mode, trace=True)  # type: ignore[arg-type]


def _opened(command: str) -> Context:
    """Return what `latent-repl` with these options works on, as at its start."""
    parser = argparse.ArgumentParser(exit_on_error=False)
    parser.add_argument("program")
    parser.add_argument("--model", default="base")
    parser.add_argument("--mode", default="snap")
    options = parser.parse_args(shlex.split(command))
    session = _session(options.model, options.mode)
    session.reset()
    return Context(lambda: session, Screen(io.StringIO(), width=WIDTH))


def replayed(page: Path) -> Iterator[tuple[str, str]]:
    """Yield each session block of a page, and the same with what the REPL prints today."""
    context = _opened("latent-repl")
    for body in transcripts(page):
        lines = []
        if body.startswith("$ "):
            command = body.splitlines()[0]
            context = _opened(command[2:])
            show(context, [prose_view(GREETING.format(version=__version__))])
            lines += [command + "\n", _written(context)]
        for typed, _ in STATEMENT.findall(body):
            show(context, evaluate(context, re.sub(r"^\.\.\. ?", "", typed, flags=re.MULTILINE)))
            lines += [">>> " + typed, _written(context)]
        yield body, "".join(lines)


def _written(context: Context) -> str:
    """Return what the screen has got since the last call."""
    stream = context.screen._console.file
    assert isinstance(stream, io.StringIO)
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


def rewritten(page: Path) -> str:
    """Return a page's text with what its commands and sessions print today, where that is not what it shows."""
    text = (ROOT / page).read_text(encoding="utf-8")
    with folder_of(page) as folder, contextlib.chdir(folder):
        for shown, printed in replayed(page):
            text = text if same(shown, printed) else text.replace(shown, printed)
        for command, shown in commands(page):
            printed = printed_by(command, folder)
            if not same(shown, printed):
                text = text.replace(f"$ {command}{shown}", f"$ {command}{printed}")
    return text


if __name__ == "__main__":
    for each in map(Path, sys.argv[1:]) if sys.argv[1:] else PAGES:
        (ROOT / each).write_text(rewritten(each), encoding="utf-8")
