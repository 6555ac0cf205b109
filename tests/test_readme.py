"""The README's examples do what it says, and the files and commands it names exist.

A `console` block is run line by line (`...` stands for anything), a `pycon` block as a doctest,
and a REPL transcript (a `text` block with `>>>`) statement by statement; `sh` blocks are not run.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the README's code blocks in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Return each command of the `console` blocks with the output that the README shows for it."""
    return [
        (command, output)
        for block in blocks("console")
        for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


@pytest.mark.parametrize(("command", "output"), commands(), ids=[command for command, _ in commands()])
def test_commands_print_what_the_readme_shows(command: str, output: str, repository: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=repository,
        env=os.environ | {"PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert doctest.OutputChecker().check_output(output, done.stdout, doctest.ELLIPSIS), done.stdout


@pytest.mark.parametrize("block", blocks("pycon"))
def test_python_examples_do_what_they_show(block: str) -> None:
    test = doctest.DocTestParser().get_doctest(block, {}, "README.md", "README.md", 0)
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=failures.append)
    assert not failures, "".join(failures)


@pytest.mark.parametrize("block", [block for block in blocks("text") if ">>>" in block])
def test_transcripts_show_what_the_session_decodes(block: str) -> None:
    from latent_repl import Session

    session = Session()
    for statement, shown in re.findall(r"^>>> (.*\n(?:\.\.\.(?: .*)?\n)*)((?:(?!>>> ).*\n)*)", block, re.MULTILINE):
        result = session.run(re.sub(r"^\.\.\. ?", "", statement, flags=re.MULTILINE))
        changes = [f"  {change.name} = {change.after}" for change in result.changes if change.name != "_"]
        decoded = [re.sub(r"   [01]\.\d{4}  ✓$", "", line) for line in shown.splitlines()]
        assert [*result.output, *changes] == decoded
        assert result.match


def test_the_table_of_commands_is_that_of_the_help() -> None:
    from latent_repl.repl.commands import COMMANDS

    usages = [command.usage.replace("|", r"\|") for command in COMMANDS]
    rows = [f"| `{usage}` | {command.summary} |" for usage, command in zip(usages, COMMANDS, strict=True)]
    (table,) = re.findall(
        r"^<!-- commands: .*? -->\n(.*?)\n<!-- end of commands -->$", README, re.MULTILINE | re.DOTALL
    )
    assert table.splitlines()[2:] == rows


def test_the_tree_names_what_exists(repository: Path) -> None:
    (tree,) = (block for block in blocks("text") if block.startswith("latent_repl/"))
    folder = repository
    for line in tree.splitlines():
        name = line.split()[0]
        folder = repository if not line.startswith(" ") else folder
        assert (folder / name).exists(), name
        folder = folder / name if not line.startswith(" ") else folder


def test_every_make_target_it_names_exists(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake (?:-s )?(\w+)", "\n".join(blocks("sh"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
