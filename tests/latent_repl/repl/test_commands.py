"""Every command, its help and its errors, on the shipped checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from latent_repl.display import Screen, View
from latent_repl.errors import LatentReplError, UsageError
from latent_repl.repl.commands import COMMANDS, execute, find, synth
from latent_repl.repl.commands.synth import parse_synth
from latent_repl.repl.context import Context
from tests.latent_repl.conftest import solution_of

Render = Callable[[list[View]], str]


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
    with pytest.raises(UsageError, match=r"ambiguous command :s, .* :state, :steps, :synth, :set, :save"):
        find("s")


def test_an_unknown_name_lists_what_is_near() -> None:
    with pytest.raises(UsageError, match=r"no command :resett, there is :reset"):
        find("resett")


def test_a_colon_alone_lists_all_commands() -> None:
    with pytest.raises(UsageError, match=r":help, .*:quit"):
        find("")


def test_a_hole_in_a_statement_points_to_the_search(run: Callable[[str], str]) -> None:
    with pytest.raises(UsageError, match=":synth"):
        run("a = ?")


@pytest.mark.parametrize("width", [20, 40, 80])
def test_tables_fit_narrow_terminals(width: int, context: Context, rendered: Callable[..., str]) -> None:
    context.run("a = 1")
    for line in (":help", ":state", ":steps", ":nearest", ":branch", ":map", ":model"):
        shown = rendered(execute(context, line), width)
        assert "a" in shown
        assert line == ":help" or max(map(len, shown.splitlines())) <= max(width, 45)


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
