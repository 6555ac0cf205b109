"""What the views show, as text."""

from __future__ import annotations

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from rich.console import Console

from latent_repl import display, verdicts
from latent_repl.display import View
from latent_repl.errors import ProgramError
from latent_repl.language.program import NEGATIVE_EXPONENT
from latent_repl.language.python_values import ABSENT
from latent_repl.results import Change, Difference, Divergence
from latent_repl.verdicts import Mark
from tests.latent_repl.conftest import solution_of

Render = Callable[[list[View]], str]


def result(**fields: Any) -> Any:
    """A result of a statement that changed nothing, but for the fields."""
    defaults = {
        "output": (),
        "changes": (),
        "confidence": 0.9998,
        "match": True,
        "error": None,
        "expected": {},
        "state": {},
        "divergence": None,
        "executed": (),
        "wrong": (),
    }
    return SimpleNamespace(**defaults | fields)


def change(name: str, after: int | None) -> Any:
    """A change of one variable from nothing."""
    return Change(name, ABSENT, ABSENT if after is None else after)


def on_screen(result: Any) -> str:
    """What a plain terminal shows of a statement, what it printed included."""
    file = io.StringIO()
    screen = display.Screen(file, width=80)
    for line in result.output:
        screen.print_piece(f"{line}\n")
    for view in display.statement_view(result):
        screen.show(view)
    return file.getvalue()


def test_a_change_stands_with_confidence_and_agreement(rendered: Render) -> None:
    view = display.statement_view(result(changes=(change("a", 71),)))
    assert rendered(view) == "  a = 71   0.9998  ✓\n"


@pytest.mark.parametrize(
    ("confidence", "style"), [(0.9998, "dim"), (0.999, "dim"), (0.9989, "yellow"), (0.5, "yellow")]
)
def test_a_doubtful_line_stands_out(confidence: float, style: str) -> None:
    [view] = display.statement_view(result(match=None, confidence=confidence))
    assert isinstance(view, Mark)
    line, shown = view.before, f"{confidence:.4f}"
    assert [span.style for span in line.spans if shown in line.plain[span.start : span.end]] == [style]


def test_only_the_last_row_carries_the_confidence() -> None:
    assert on_screen(result(output=("1",), changes=(change("a", 1), change("b", 2)))) == (
        "1\n  a = 1\n  b = 2   0.9998  ✓\n"
    )


def test_a_line_of_output_is_open_until_a_piece_ends_it() -> None:
    file = io.StringIO()
    screen = display.Screen(file, width=80)
    for piece in ("1 ", "2\n", "a\tb\n", "3 "):
        screen.print_piece(piece)
    for view in display.statement_view(result(output=("1 2", "a\tb", "3 "))):
        screen.show(view)
    assert file.getvalue() == "1 2\na       b\n3    0.9998  ✓\n"


def test_a_bare_value_is_shown_once() -> None:
    assert on_screen(result(output=("18",), changes=(change("_", 18),))) == "18   0.9998  ✓\n"


def test_no_mark_without_a_check(rendered: Render) -> None:
    assert rendered(display.statement_view(result(match=None))) == "  nothing changed   0.9998\n"


def test_a_deleted_variable(rendered: Render) -> None:
    assert "del a" in rendered(display.statement_view(result(changes=(change("a", None),))))


def test_a_disagreement_is_loud_and_shows_both(rendered: Render) -> None:
    view = display.statement_view(
        result(changes=(change("a", 70),), match=False, state={"a": 70, "b": 1}, expected={"a": 71, "b": 1})
    )
    assert "✗" in rendered(view)
    assert "CPython disagrees: a = 71, the model says 70\n" in rendered(view)


def test_where_a_text_of_several_lines_diverged_is_said_once(rendered: Render) -> None:
    divergence = Divergence(3, 72, Difference("n = 72", "n = 71"))
    apart = {"match": False, "state": {"n": 74}, "expected": {"n": 75}, "divergence": divergence}
    view = rendered(display.statement_view(result(**apart, executed=(None,) * 151, wrong=(None,))))
    assert view.endswith(
        "  CPython disagrees: n = 75, the model says 74\n"
        "  diverged at line 3, iteration 72: CPython has n = 72, the model n = 71\n"
        "  wrong by themselves: 1 of 151 executed lines\n"
    )
    assert "diverged" not in rendered(display.statement_view(result(**apart, executed=(None,), wrong=(None,))))


def test_kinds_of_values_are_apart() -> None:
    assert display.apart({"a": True, "b": 1, "c": 2}, {"a": 1, "b": 1}) == [("a", "True", "1"), ("c", "2", "absent")]


def test_an_error_shows_what_happened_before_it() -> None:
    error = ProgramError("NameError", "no such thing", 1)
    assert on_screen(result(output=("1",), error=error)) == "1\nNameError: no such thing (line 1)  ✓\n"


@pytest.mark.parametrize("kind", verdicts.OWN_LIMITS)
def test_where_lx_differs_by_design_there_is_no_tick(kind: str) -> None:
    shown = on_screen(result(error=ProgramError(kind, NEGATIVE_EXPONENT, 1)))
    assert f"◇ {verdicts.OWN_LIMITS[kind]}" in " ".join(shown.split()) and "✓" not in shown
    assert "◇" not in on_screen(result(error=ProgramError(kind, NEGATIVE_EXPONENT, 1), match=None))


def test_the_words_of_a_failure_stay_whole(rendered: Callable[..., str]) -> None:
    error = ProgramError("OverflowError", "the result is outside the range of this checkpoint", 1)
    shown = rendered(display.statement_view(result(error=error)), 60)
    assert "checkpoint" in shown and max(map(len, shown.splitlines())) <= 60


def test_a_different_output_is_named(rendered: Render) -> None:
    divergence = Divergence(1, None, Difference("output 71", "output 70"))
    view = display.statement_view(result(output=("70",), match=False, divergence=divergence, executed=(None,)))
    assert "CPython disagrees: output 71, the model says output 70\n" in rendered(view)


def test_marks_are_words_where_there_is_ascii_alone() -> None:
    file = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Console(file=file).print(*display.statement_view(result()))
    file.seek(0)
    assert file.read().endswith("  ok\n")


def test_the_fill_is_highlighted_and_nothing_else() -> None:
    view: Any = display.solution_view(solution_of())
    spans = [view.plain[span.start : span.end] for span in view.spans if span.style == "bold magenta"]
    assert spans == ["-53"]


@pytest.mark.parametrize(
    ("problem", "program", "fills", "starts"),
    [
        ("a = 5; a + ? == 10", "a = 5\nassert a + 5 == 10", ("5",), [17]),
        ("a = ?; b = ?; a + b == 4", "a = 2\nb = 2\nassert a + b == 4", ("2", "2"), [4, 10]),
        ("a = 3; b = ? + a; b == 6", "a = 3\nb = a + a\nassert b == 6", ("a",), [10]),
    ],
)
def test_equal_words_are_told_apart(problem: str, program: str, fills: tuple[str, ...], starts: list[int]) -> None:
    view: Any = display.solution_view(solution_of(problem=problem, program=program, fills=fills))
    assert [span.start for span in view.spans if span.style == "bold magenta"] == starts


def test_the_cost_and_the_verdict(rendered: Render) -> None:
    after = "verified by CPython, found by the Gaussian process after 48 evaluations (0.41 s, search gp)"
    assert after in rendered([display.solution_view(solution_of())]).replace("\n", " ")
    at_once = solution_of(evaluations=1, found_by="inverse", search="auto")
    fewer = solution_of(reason="every fill was tried")
    assert "not as many as were asked for: every fill was tried" in rendered([display.solution_view(fewer)])
    shown = rendered([display.solution_view(at_once)])
    assert "verified by CPython, found by running backwards, 1 evaluation (0.41 s, search auto)" in shown


def test_an_unsolved_problem_is_not_shown_as_solved(rendered: Render) -> None:
    view = display.solution_view(solution_of(solved=False, reason="budget spent"))
    assert rendered([view]) == (
        "not solved: budget spent; best a + -53 at 0.003 nats\n(48 evaluations, 0.41 s, search gp)\n"
    )


def test_what_the_oracle_refuted_and_how_the_loss_fell_is_shown_of_an_unsolved_problem(rendered: Render) -> None:
    unsolved = solution_of(solved=False, reason="time", refuted=2, curve=(8.0, 4.0))
    shown = rendered([display.solution_view(unsolved)])
    assert "(48 evaluations, 0.41 s, 2 refuted by CPython, search gp)\nbest loss 8 █▄ 4 nats" in shown


def test_control_characters_do_not_reach_the_terminal(rendered: Render) -> None:
    assert rendered([display.error_view("a\x1b[2J\x07")]) == "a\\x1b[2J\\x07\n"


def test_long_lines_are_not_broken_above_a_caret(rendered: Render) -> None:
    message = "x" * 300 + "\n" + " " * 250 + "^"
    assert rendered([display.error_view(message)]) == message + "\n"


def test_prose_is_broken_between_words() -> None:
    file = io.StringIO()
    display.Screen(file, width=20).show(display.prose_view("a sentence longer than the line\n\nand another"))
    assert file.getvalue() == "a sentence longer\nthan the line\n\nand another\n"


def test_no_colours_where_they_are_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    file = io.StringIO()
    Console(file=file, force_terminal=True, highlight=False).print(display.error_view("wrong"))
    assert "\x1b[31m" not in file.getvalue()


@pytest.mark.parametrize(("value", "coloured"), [("1", True), ("", False)])
def test_colours_can_be_forced_and_an_empty_wish_is_none(
    monkeypatch: pytest.MonkeyPatch, value: str, coloured: bool
) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", value)
    file = io.StringIO()
    display.Screen(file).show(display.error_view("wrong"))
    assert ("\x1b[" in file.getvalue()) == coloured


def test_the_best_loss_is_drawn_as_falling_bars() -> None:
    assert display.loss_plot([8.0, 4.0, 4.0, 0.0]) == "best loss 8 █▄▄▁ 0 nats"
    long = display.loss_plot([float(100 - step) for step in range(100)])
    assert long.startswith("best loss 100 █") and long.endswith(" 1 nats")
    assert sum(character in display.BARS for character in long) == display.PLOT_WIDTH


def test_words_are_not_broken_in_the_middle(rendered: Callable[..., str]) -> None:
    message = "<input>:1:1: lists are not in Lx\n    a = [1, 2, 3, 4, 5, 6, 7, 8]\n    ^\ngive each value a variable"
    shown = rendered([display.error_view(message)], 24)
    assert shown.split() == message.split()
    assert "    a = [1, 2, 3, 4, 5, 6, 7, 8]\n    ^\n" in shown
    assert all(len(line) <= 24 for line in shown.splitlines() if not line.startswith(" "))
