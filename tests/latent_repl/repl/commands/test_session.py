"""Saving, loading and leaving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latent_repl.errors import UsageError
from latent_repl.repl.commands import synth
from latent_repl.repl.context import Context
from latent_repl.session import Session
from tests.latent_repl.conftest import solution_of


def test_saved_statements_load_to_the_same_state(run: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "saved.lx"
    run("a = 71")
    run("b = a > 53")
    run(f":save {file}")
    assert file.read_text() == "a = 71\nb = a > 53\n"
    run(":reset")
    run(f":load {file}")
    assert run(":vars") == "  a = 71\n  b = True\n"


def test_a_saved_session_runs_to_the_same_state(
    run: Callable[[str], str], context: Context, tmp_path: Path, shipped_model: Any
) -> None:
    for line in ("a = 60", "def larger(x, y):\n    return x > y\n", "b = a // 0", "c = larger(a, 5)", "del a"):
        run(line)
    run(":save saved.lx")
    again = Session(shipped_model)
    again.run((tmp_path / "saved.lx").read_text())
    assert again.state == context.session.state
    assert list(again.state) == ["c"]


def test_a_failure_on_another_branch_is_not_taken_for_one_here(run: Callable[[str], str], tmp_path: Path) -> None:
    run(":branch other")
    run("a = 1 // 0")
    run(":branch main")
    run("a = 1")
    run(":save saved.lx")
    assert (tmp_path / "saved.lx").read_text() == "a = 1\n"


def test_what_failed_is_saved_as_a_comment(run: Callable[[str], str], tmp_path: Path) -> None:
    run("a = 71")
    run("b = a // 0")
    run("c = a")
    run(f":save {tmp_path / 'saved.lx'}")
    assert (tmp_path / "saved.lx").read_text() == "a = 71\n# b = a // 0\nc = a\n"


def test_saving_replaces_a_file_whole_and_leaves_nothing_beside_it(run: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "saved.lx"
    file.write_text("old")
    run("a = 1")
    run(f":save --overwrite {file}")
    assert [path.name for path in tmp_path.iterdir()] == ["saved.lx"]
    assert file.read_text() == "a = 1\n"


def test_only_what_this_session_saved_is_replaced_without_a_word(run: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "other.lx").write_text("precious")
    run("a = 1")
    with pytest.raises(UsageError, match=r"exists already; write :save --overwrite other\.lx"):
        run(":save other.lx")
    assert (tmp_path / "other.lx").read_text() == "precious"
    run(":save own.lx")
    run("b = 2")
    run(":save own.lx")
    assert (tmp_path / "own.lx").read_text() == "a = 1\nb = 2\n"


def test_loading_fills_holes(
    run: Callable[[str], str], tmp_path: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = solution_of("a = 71\nassert a + ? == 18\n", program="a = 71\nassert a + -53 == 18\n")
    monkeypatch.setattr(synth, "solve_in", lambda *_, **__: solved)
    (tmp_path / "holes.lx").write_text(solved.problem)
    assert "assert a + -53 == 18" in run(":load holes.lx")
    assert context.session.state == {"a": 71}


def test_a_full_disk_loses_nothing(run: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "saved.lx"
    file.write_text("old")

    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    run("a = 1")
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UsageError, match="No space left"):
        run(f":save --overwrite {file}")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["saved.lx"]


@pytest.mark.parametrize(
    "line", [":save {0}", ":save {0}/none/file.lx", ":load {0}", ":load {0}/none.lx", ":save", ":load"]
)
def test_files_that_do_not_serve(line: str, run: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(line.format(tmp_path))


def test_quit_finishes_the_session(run: Callable[[str], str], context: Context) -> None:
    run(":q")
    assert context.finished


def test_the_step_budget_is_set_and_shown(run: Callable[[str], str]) -> None:
    assert run(":budget 30") == run(":budget") == "a text may take 30 steps\n"
    assert "after 30 steps" in run("while True:\n    a = 1\n")
    for wrong in ("0", "-1", "many"):
        with pytest.raises(UsageError):
            run(f":budget {wrong}")


def test_a_value_is_put_in_and_the_history_says_so(run: Callable[[str], str]) -> None:
    run("a = 3")
    assert run(":set a = 7; b = 'cat'") == "  a = 7\n  b = 'cat'\nedited, not executed\n"
    assert "# edited, not executed" in run(":history")
    with pytest.raises(UsageError, match=":set a = 7"):
        run(":set")
