"""Every command, its help and its errors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from latent_repl import commands
from latent_repl.commands import COMMANDS, execute, find
from latent_repl.context import Context
from latent_repl.display import Screen, View
from latent_repl.errors import LatentReplError, UsageError
from latent_repl.searching import parse_synth

Render = Callable[[list[View]], str]


@pytest.fixture
def run(context: Context, rendered: Render) -> Callable[[str], str]:
    """A function that runs a line, command or statement, and returns what it shows."""
    return lambda line: rendered(execute(context, line) if line.startswith(":") else context.run(line))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_is_explained(command: Any, run: Callable[[str], str]) -> None:
    assert command.usage.startswith(f":{command.name}")
    assert all(len(line) <= 80 for line in run(":help").splitlines())
    assert command.summary in run(":help")
    assert command.details in run(f":help {command.name}")


@pytest.mark.usefixtures("no_search")
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_answers_or_says_what_is_wrong(command: Any, context: Context) -> None:
    for argument in ("", " no such argument", " -1", " \x00"):
        try:
            execute(context, f":{command.name}{argument}")
        except LatentReplError as error:
            assert str(error)


def test_help_does_not_open_the_session(rendered: Render) -> None:
    def fail() -> Any:
        raise AssertionError("opened")

    assert ":synth" in rendered(execute(Context(fail, Screen()), ":help"))


@pytest.mark.parametrize(("prefix", "name"), [("q", "quit"), (":und", "undo"), ("t", "time"), ("STATE", "state")])
def test_a_prefix_will_do(prefix: str, name: str) -> None:
    assert find(prefix).name == name


def test_an_ambiguous_prefix_lists_its_candidates() -> None:
    with pytest.raises(UsageError, match=r"ambiguous command :s, .* :state, :steps, :synth, :save"):
        find("s")


def test_an_unknown_name_lists_what_is_near() -> None:
    with pytest.raises(UsageError, match=r"no command :resett, there is :reset"):
        find("resett")


def test_a_colon_alone_lists_all_commands() -> None:
    with pytest.raises(UsageError, match=r":help, .*:quit"):
        find("")


def test_state_and_vars(run: Callable[[str], str]) -> None:
    run("a = 71")
    run("b = True")
    assert run(":vars") == "  a = 71\n  b = True\n"
    assert "s0" in run(":state") and "71" in run(":state")


def test_undo_redo_and_goto(run: Callable[[str], str]) -> None:
    for value in (1, 2, 3):
        run(f"a = {value}")
    assert run(":undo") == "  a = 2\n"
    assert run(":undo 2") == "  no variables\n"
    assert run(":redo 2") == "  a = 2\n"
    assert run(":goto 3") == "  a = 3\n"


@pytest.mark.parametrize("line", [":undo", ":redo", ":goto 7", ":goto", ":undo two", ":undo -1"])
def test_there_is_nothing_beyond_the_history(line: str, run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError):
        run(line)


def test_reset(run: Callable[[str], str]) -> None:
    run("a = 1")
    run(":reset")
    assert run(":vars") == "  no variables\n"


def test_check_and_mode_are_set_and_shown(run: Callable[[str], str]) -> None:
    assert run(":check") == "check is on\n"
    assert run(":check off") == "check is off\n"
    assert "✓" not in run("a = 1")
    assert run(":mode snap") == "mode is snap\n"
    with pytest.raises(UsageError, match="latent or :mode snap"):
        run(":mode exact")


def test_steps_show_the_core_lines_of_the_last_statement(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match="no statement"):
        run(":steps")
    run("a = 1")
    assert "a = 1" in run(":steps")


def test_time_runs_a_statement(run: Callable[[str], str]) -> None:
    assert run(":time a = 1") == "  a = 1   0.9998  ✓\n  1 steps, 0.010 s\n"


def test_a_hole_in_a_statement_points_to_the_search(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match=":synth"):
        run("a = ?")


def test_saved_statements_load_to_the_same_state(run: Callable[[str], str], tmp_path: Path) -> None:
    file = tmp_path / "saved.lx"
    run("a = 71")
    run("b = a - 53")
    run(f":save {file}")
    assert file.read_text() == "a = 71\nb = a - 53\n"
    run(":reset")
    run(f":load {file}")
    assert run(":vars") == "  a = 71\n  b = 18\n"


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
    run(f":save {file}")
    assert [path.name for path in tmp_path.iterdir()] == ["saved.lx"]
    assert file.read_text() == "a = 1\n"


def test_a_full_disk_loses_nothing(run: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "saved.lx"
    file.write_text("old")

    def full(*_: Any, **__: Any) -> int:
        raise OSError(28, "No space left on device")

    run("a = 1")
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UsageError, match="No space left"):
        run(f":save {file}")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["saved.lx"]


@pytest.mark.parametrize(
    "line", [":save {0}", ":save {0}/none/file.lx", ":load {0}", ":load {0}/none.lx", ":save", ":load"]
)
def test_files_that_do_not_serve(line: str, run: Callable[[str], str], tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        run(line.format(tmp_path))


def test_quit(run: Callable[[str], str], context: Context) -> None:
    run(":q")
    assert context.finished


def test_synth_options_come_before_the_problem() -> None:
    parsed = parse_synth("--apply --search random --budget 16 --timeout 1.5  a + ? == 18")
    assert parsed == (True, {"search": "random", "budget": 16, "timeout": 1.5}, "a + ? == 18")


@pytest.mark.parametrize(
    "text", ["", "--apply", "--budget many a+? == 1", "--colour red a+? == 1", "--budget -1 a+?==1"]
)
def test_synth_options_that_do_not_fit(text: str) -> None:
    with pytest.raises(UsageError):
        parse_synth(text)


@pytest.mark.parametrize(("option", "state"), [("", "  a = 71\n"), ("--apply ", "  a = 71\n  b = 18\n")])
def test_synth_changes_the_state_only_when_applied(
    option: str, state: str, run: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = SimpleNamespace(
        problem="b = a + ?; b == 18",
        solved=True,
        verified=True,
        program="b = a + -53\nassert b == 18",
        fills=("-53",),
        evaluations=3,
        seconds=0.1,
        search="gp",
        programs=(),
    )
    monkeypatch.setattr(commands, "solve_in", lambda *_: solved)
    run("a = 71")
    assert "b = a + -53" in run(f":synth {option}b = a + ?; b == 18")
    assert run(":vars") == state
