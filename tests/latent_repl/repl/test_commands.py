"""Every command, its help and its errors, on the shipped checkpoint."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from latent_repl.display import Screen, View
from latent_repl.errors import LatentReplError, UsageError
from latent_repl.model.interface import Interpreter
from latent_repl.repl.commands import COMMANDS, execute, find, synth
from latent_repl.repl.commands.synth import parse_synth
from latent_repl.repl.context import Context
from latent_repl.session import Session
from tests.latent_repl.conftest import Liar, solution_of

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


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_command_is_explained(command: Any, run: Callable[[str], str]) -> None:
    assert command.usage.startswith(f":{command.name}")
    assert all(len(line) <= 80 for line in run(":help").splitlines())
    assert command.summary in run(":help")
    explained = run(f":help {command.name}")
    assert all(len(line) <= 80 for line in explained.splitlines())
    assert " ".join(command.details.split()) in " ".join(explained.split())


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
    assert re.fullmatch(r"  a = 1   [01]\.\d{4}  ✓\n  1 steps, 0\.\d{3} s\n", run(":time a = 1"))


def test_a_hole_in_a_statement_points_to_the_search(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match=":synth"):
        run("a = ?")


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


def test_branches_have_their_own_statements(run: Callable[[str], str]) -> None:
    run("a = 1")
    assert run(":branch other") == "on branch other\n  a = 1\n"
    run("a = 2")
    assert run(":branch main") == "on branch main\n  a = 1\n"
    assert run(":branch other").endswith("  a = 2\n")
    assert [line.split()[:2] for line in run(":branch").splitlines()[1:]] == [["main", "1"], ["*", "other"]]
    assert run(":undo") == "  a = 1\n"
    with pytest.raises(UsageError, match="write a name of letters"):
        run(":branch two words")


def test_diff_shows_what_differs_and_how_far(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match="no statement has been run"):
        run(":diff")
    for line in ("a = 1", "b = 2", "b = 3"):
        run(line)
    assert re.search(r"^b +2 +3 +\d\.\d{4} *$", run(":diff"), re.MULTILINE)
    assert re.search(r"^a +absent +1 ", run(":diff 0"), re.MULTILINE)
    assert run(":diff 3") == "the same state, exactly\n"
    run(":branch other")
    assert run(":diff main") == "the same state, exactly\n"
    with pytest.raises(UsageError, match="no branch 'nowhere', there is main, other"):
        run(":diff nowhere")


def test_nearest_begins_with_the_line_itself(run: Callable[[str], str]) -> None:
    run("a = 1")
    rows = run(":nearest b = a + 2").splitlines()
    assert rows[1].split() == ["b", "=", "a", "+", "2", "0.0000"]
    distances = [float(row.split()[-1]) for row in rows[1:]]
    assert distances == sorted(distances) and len(distances) == 8
    with pytest.raises(UsageError, match="is 2 core lines"):
        run(":nearest b = a + 2 * a")


def test_nearest_state_is_the_decoded_one(run: Callable[[str], str]) -> None:
    run("a = 17")
    assert run(":nearest").splitlines()[1].startswith("a = 17 ")


def test_lerp_between_lines_and_between_states(run: Callable[[str], str]) -> None:
    run("a = 1")
    run("a = 9")
    lines = run(":lerp b = a + 2 -> b = a * 9").splitlines()[1:]
    assert "b = a + 2" in lines[0] and "b = a * 9" in lines[-1] and len(lines) == 9
    states = run(":lerp 1 -> main").splitlines()[1:]
    assert "a = 1 " in states[0] and "a = 9 " in states[-1]
    for wrong in (":lerp", ":lerp a = 1", ":lerp -> a = 1", ":lerp 0 -> 77"):
        with pytest.raises(UsageError):
            run(wrong)


def test_map_shows_each_variables_way(run: Callable[[str], str], tmp_path: Path) -> None:
    run("a = 1")
    run("a = 9")
    drawn = run(":map")
    assert drawn.endswith("a  1 → 9\n")
    assert max(map(len, drawn.splitlines())) <= 80
    assert sum(line.count("a") for line in drawn.splitlines()[:-1]) == 2
    assert run(":map way.svg") == "written to way.svg\n"
    assert "<svg" in (tmp_path / "way.svg").read_text()
    with pytest.raises(UsageError, match=r"ends in \.png"):
        run(":map way.txt")


def test_undo_that_is_too_far_goes_nowhere(run: Callable[[str], str]) -> None:
    run("a = 1")
    run("a = 2")
    with pytest.raises(UsageError, match="too far"):
        run(":undo 3")
    assert run(":vars") == "  a = 2\n"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_tables_fit_narrow_terminals(width: int, context: Context, rendered: Callable[..., str]) -> None:
    context.run("a = 1")
    for line in (":help", ":state", ":steps", ":nearest", ":branch", ":map", ":model"):
        shown = rendered(execute(context, line), width)
        assert "a" in shown
        assert line == ":help" or max(map(len, shown.splitlines())) <= max(width, 45)


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


@pytest.mark.parametrize("written", ["'two words.lx'", '"two words.lx"', r"two\ words.lx", "two words.lx"])
def test_paths_with_spaces(written: str, run: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "two words.lx").write_text("a = 7\n")
    assert "a = 7" in run(f":load {written}")


def test_loading_fills_holes(
    run: Callable[[str], str], tmp_path: Path, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    solved = solution_of("a = 71\nassert a + ? == 18\n", program="a = 71\nassert a + -53 == 18\n")
    monkeypatch.setattr(synth, "solve_in", lambda *_, **__: solved)
    (tmp_path / "holes.lx").write_text(solved.problem)
    assert "assert a + -53 == 18" in run(":load holes.lx")
    assert context.session.state == {"a": 71}


def test_functions_are_listed(run: Callable[[str], str]) -> None:
    assert run(":functions") == "  no functions\n"
    run("def larger(x, y):\n    return x > y\n")
    assert run(":functions") == "  def larger(x, y)\n"


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
    solved = solution_of("b = a + ?; b == 18", program="b = a + -53\nassert b == 18")
    monkeypatch.setattr(synth, "solve_in", lambda *_: solved)
    run("a = 71")
    assert "b = a + -53" in run(f":synth {option}b = a + ?; b == 18")
    assert run(":vars") == state


def test_resync_takes_cpythons_values_over_and_undo_takes_it_back(
    run: Callable[[str], str], context: Context, shipped_model: Interpreter
) -> None:
    context.opened = Session(Liar(shipped_model), trace=True)
    run("a = 70")
    run("a = a + 1")
    assert "check is on\n" in run(":check")
    assert "CPython has a = 71 and not 70: :resync takes that over" in run(":check")
    assert run("b = 1").endswith("✓\n")
    context.opened.model = shipped_model  # from here on the decoder tells the truth
    context.opened._machine.model = shipped_model
    assert "  a = 71\n" in run(":resync")
    assert "a = 71  # edited: CPython's values, not executed" in run(":history")
    assert "a = 71  # edited" in context.script()
    assert "CPython has" not in run(":check")
    assert "  a = 70\n" in run(":undo")


@pytest.mark.parametrize("statements", [[], ["a = 1"]])
def test_resync_says_where_there_is_nothing_to_take_over(run: Callable[[str], str], statements: list[str]) -> None:
    for statement in statements:
        run(statement)
    with pytest.raises(UsageError, match=r"nothing to take over|no statement has been compared"):
        run(":resync")
