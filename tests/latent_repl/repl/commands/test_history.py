"""Going back and to other branches."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from latent_repl.errors import UsageError


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


def test_reset_empties_the_state(run: Callable[[str], str]) -> None:
    run("a = 1")
    run(":reset")
    assert run(":vars") == "  no variables\n"


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


def test_undo_that_is_too_far_goes_nowhere(run: Callable[[str], str]) -> None:
    run("a = 1")
    run("a = 2")
    with pytest.raises(UsageError, match="too far"):
        run(":undo 3")
    assert run(":vars") == "  a = 2\n"


def test_what_followed_runs_again_and_what_came_out_otherwise_is_shown(run: Callable[[str], str]) -> None:
    for line in ("a = 3", "b = a * 2", "c = 1"):
        run(line)
    run(":goto 1")
    assert run(":pin start") == "pinned start, after statement 1\n"
    run(":goto 3")
    shown = run(":resume start a = 9")
    assert shown.startswith("on branch resumed1: 2 statements run again; before, and now:\n")
    rows = [line.split()[:3] for line in shown.splitlines()[2:]]
    assert rows == [["a", "3", "9"], ["b", "6", "18"]]
    assert run(":pin").splitlines()[-1].split() == ["start", "1", "a", "=", "3"]
    run(":branch main")
    assert run(":goto start") == "  a = 3\n"
    for wrong in (":resume", ":pin main", ":pin two words", ":goto nowhere"):
        with pytest.raises(UsageError):
            run(wrong)
