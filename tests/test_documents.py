"""The pages do what they say: commands, sessions and examples print what is shown, and what they name exists.

Each command runs for itself; the sessions and examples of a page run in this process, one after the other.
"""

from __future__ import annotations

import contextlib
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cogapp import Cog

from tests import documents
from tests.documents import PAGES

COMMANDS = [(page, *pair) for page in PAGES for pair in documents.commands(page)]
README_LINES = 150


def text_of(page: Path) -> str:
    """Return a page's text."""
    return (documents.ROOT / page).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folders() -> Iterator[dict[Path, Path]]:
    """The folder of each page that has commands."""
    with contextlib.ExitStack() as stack:
        pages = {page for page, *_ in COMMANDS}
        yield {page: stack.enter_context(documents.folder_of(page)) for page in sorted(pages)}


@pytest.mark.slow
@pytest.mark.parametrize(("page", "command", "shown"), COMMANDS, ids=[f"{page}: {line}" for page, line, _ in COMMANDS])
def test_commands_print_what_the_page_shows(page: Path, command: str, shown: str, folders: dict[Path, Path]) -> None:
    printed = documents.printed_by(command, folders[page])
    assert documents.same(shown, printed), printed


@pytest.mark.parametrize("page", [page for page in PAGES if documents.transcripts(page)], ids=str)
def test_sessions_print_what_the_page_shows(page: Path) -> None:
    with documents.folder_of(page) as folder, contextlib.chdir(folder):
        for shown, printed in documents.replayed(page):
            assert documents.same(shown, printed), printed


@pytest.mark.parametrize("page", [page for page in PAGES if documents.blocks(page, "pycon")], ids=str)
def test_python_examples_do_what_they_show(page: Path) -> None:
    examples = "".join(block.body for block in documents.blocks(page, "pycon"))
    test = doctest.DocTestParser().get_doctest(examples, {}, str(page), str(page), 0)
    failures: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=failures.append)
    assert not failures, "".join(failures)


def test_a_page_that_shows_another_answer_is_found_out() -> None:
    assert documents.same("18   0.9996  ✓ (0.41 s)\n", "18   0.9991  ✓ (13.9 s)\n")
    assert not documents.same("18   0.9996  ✓\n", "19   0.9996  ✓\n")
    assert not documents.same("18   0.9996  ✓\n", "18   0.9996  ✗\n")
    assert not documents.same("18   0.9996  ✓\n", "18   0.6996  ✓\n")


def test_tables_are_those_of_the_figures_on_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(documents.ROOT)
    assert Cog().main(["cog", "-I", ".", "--check", *map(str, PAGES)]) == 0, "run `make figures`"


def test_the_table_of_commands_is_that_of_the_help() -> None:
    from latent_repl.repl.commands import COMMANDS

    page = text_of(Path("docs/repl.md"))
    for command in COMMANDS:
        bar = "&#124;"
        usage = f"<code>{command.usage.replace('|', bar)}</code>" if "|" in command.usage else f"`{command.usage}`"
        assert f"| {usage} | {command.summary} |\n" in page


def test_the_tree_names_what_exists(repository: Path) -> None:
    bodies = [block.body for block in documents.blocks(Path("docs/how-it-works.md"), "text")]
    (tree,) = (body for body in bodies if body.startswith("latent_repl/"))
    folder = repository
    for line in tree.splitlines():
        name = line.split()[0]
        folder = repository if not line.startswith(" ") else folder
        assert (folder / name).exists(), name
        folder = folder / name if not line.startswith(" ") else folder


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_make_target_it_names_exists(page: Path, repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake (?:-s )?(\w+)", "".join(block.body for block in documents.blocks(page, "sh"))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_module_that_commands_name_exists(page: Path, repository: Path) -> None:
    for module in re.findall(r"python -m ([\w.]+\w)", text_of(page)):
        path = repository / module.replace(".", "/")
        assert module == "pytest" or path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


def test_every_link_of_the_readme_leads_somewhere(repository: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text_of(Path("README.md"))):
        assert (repository / target).exists(), target


def test_the_readme_is_short() -> None:
    assert text_of(Path("README.md")).count("\n") <= README_LINES
