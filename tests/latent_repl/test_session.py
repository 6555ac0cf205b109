"""A session's snapshots, checks and errors, on the shipped checkpoint."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from latent_repl.errors import CapacityError, LxNameError, LxSyntaxError, UsageError
from latent_repl.language.python_values import ABSENT
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from latent_repl.session import Session
from tests.latent_repl.conftest import Liar
from tests.latent_repl.hub_cache import keep


@pytest.fixture(scope="module")
def model() -> Interpreter:
    return load("base")


@pytest.fixture
def session(model: Interpreter) -> Session:
    return Session(model, trace=True)


def test_a_session_carries_its_state_from_line_to_line(session: Session) -> None:
    session.run("a = 6")
    result = session.run("b = a * 7")
    assert result.state == session.state == {"a": 6, "b": 42}
    assert [(change.name, change.before, change.after) for change in result.changes] == [("b", ABSENT, 42)]
    assert result.match


def test_a_session_opens_on_a_model_of_the_hub(tmp_path: Path) -> None:
    keep(tmp_path, "some/sums", name="v1")
    session = Session.from_pretrained("some/sums", revision="v1", cache_dir=tmp_path, local_files_only=True, trace=True)
    assert session.trace and session.run("a = 71").state == {"a": 71}
    assert session.run("a = a + -53").state == {"a": 18}


def test_a_bare_expression_is_shown_and_kept_as_the_last_value(session: Session) -> None:
    session.run("a = 6")
    assert session.run("a * 7").output == ("42",)
    assert session.run("_ > 5").output == ("True",)
    assert session.state == {"a": 6}


def test_undo_redo_and_goto_are_exact(session: Session) -> None:
    points = [session.latents]
    for text in ("a = 1", "b = a + 1", "del a"):
        session.run(text)
        points.append(session.latents)
    session.undo()
    assert session.latents is points[2]
    session.redo()
    assert session.latents is points[3]
    session.goto(0)
    assert session.latents is points[0]
    assert session.history == []
    with pytest.raises(UsageError, match="states 0 to 3"):
        session.goto(4)


def test_a_new_line_after_an_undo_forgets_what_was_undone(session: Session) -> None:
    session.run("a = 1")
    session.run("a = 2")
    session.undo()
    session.run("a = 3")
    assert session.history == ["a = 1", "a = 3"]


@pytest.mark.parametrize(
    ("text", "error"),
    [("b = = 1", LxSyntaxError), ("c = nothing", LxNameError), ("a = 1.5j", LxSyntaxError), ("a + ?", UsageError)],
)
def test_a_refused_text_leaves_the_session_as_it_was(session: Session, text: str, error: type[Exception]) -> None:
    session.run("a = 1")
    before = session.latents
    with pytest.raises(error):
        session.run(text)
    assert session.latents is before
    assert session.history == ["a = 1"]


def test_too_many_variables_are_refused_with_both_numbers(session: Session) -> None:
    with pytest.raises(CapacityError, match="16"):
        session.run("\n".join(f"v{index} = {index}" for index in range(17)))


def test_a_program_error_is_a_result_and_keeps_what_was_done_before_it(session: Session) -> None:
    result = session.run("a = 5\nb = a // 0\nc = 1")
    assert result.error is not None
    assert (result.error.kind, result.error.line) == ("ZeroDivisionError", 2)
    assert result.match
    assert session.state == {"a": 5}


def test_an_interrupt_leaves_the_session_as_it_was(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.run("a = 1")
    before, execute = session.latents, session.model.execute_rows

    def interrupted(*given: object, **options: object) -> None:
        monkeypatch.setattr(session.model, "execute_rows", execute)
        raise KeyboardInterrupt

    monkeypatch.setattr(session.model, "execute_rows", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run("a = 2")
    assert session.latents is before


def test_an_interrupt_of_the_last_work_leaves_the_session_as_it_was(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    session.run("a = 1")
    monkeypatch.setattr("latent_repl.session.executed_lines", interrupted)
    with pytest.raises(KeyboardInterrupt):
        session.run("a = 2")
    assert session.state == {"a": 1} and session.history == ["a = 1"]


def test_a_branch_has_no_pins_name(session: Session) -> None:
    session.run("a = 1")
    session.pin("here")
    session.pin("resumed1")
    with pytest.raises(UsageError, match="that no pin has"):
        session.branch("here")
    session.resume(1, "")
    assert session.branch_name == "resumed2"


def test_lines_that_change_nothing_share_a_state(session: Session) -> None:
    states = [row.state for row in session.run("a = 1\nif a: pass\nb = True\na = 2").executed]
    assert [dict(state) for state in states] == [{"a": 1}] * (len(states) - 2) + [
        {"a": 1, "b": True},
        {"a": 2, "b": True},
    ]
    assert states[0] is states[1] is not states[-1]


def test_every_executed_line_is_reported_beside_what_cpython_had(session: Session) -> None:
    result = session.run("i = 3\nwhile i:\n    i = i > 5")
    assert [row.line for row in result.executed] == [1, 2, 3, 2]
    assert [row.state for row in result.executed] == [row.expected for row in result.executed]
    assert sum(row.steps for row in result.executed) == result.steps


@pytest.fixture
def diverged(session: Session) -> Session:
    """A session that has a = 4 where CPython has 3."""
    session.run("a = 3")
    wrong = session.latents.copy()
    wrong[0] = session._machine.encode([[4] + [None] * 11])[0, 0]
    object.__setattr__(session._now, "latents", wrong)
    object.__setattr__(session._now, "decoded", session._machine.decode(wrong[None])[0])
    return session


def test_a_line_is_judged_from_the_models_own_state(diverged: Session) -> None:
    result = diverged.run("b = a")
    assert result.match
    assert result.state == result.expected == result.executed[0].expected == {"a": 4, "b": 4}
    assert diverged.exact == {"a": 3, "b": 3}


def test_a_wrong_model_is_told_so_once(lying_session: Session) -> None:
    result = lying_session.run("a = 70\na = a + 1\nb = a + 2")
    assert result.match is False
    assert [row.match for row in result.executed] == [True, False, True]
    assert [row.expected for row in result.executed] == [{"a": 70}, {"a": 71}, {"a": 70, "b": 72}]
    assert str(result.divergence) == "diverged at line 2: CPython has a = 71, the model a = 70"
    assert result.expected == {"a": 71, "b": 73}
    after = lying_session.run("c = b + 1")
    assert after.match and after.divergence is None
    assert lying_session.exact == {"a": 71, "b": 73, "c": 74}


def test_a_wrong_branch_is_the_fault_of_the_line_that_tests(shipped_model: Interpreter) -> None:
    session = Session(Liar(shipped_model, value=False, says=True))
    result = session.run("a = 1\nif a > 5:\n    b = 2\nc = 3")
    assert [(row.line, row.difference.got) for row in result.wrong] == [(2, "line 3 next")]


def test_cpythons_values_are_taken_over(diverged: Session) -> None:
    before = diverged.run("b = a").state
    changes = diverged.resync()
    assert [(change.name, change.before, change.after) for change in changes] == [("a", 4, 3), ("b", 4, 3)]
    assert diverged.state == diverged.exact == {"a": 3, "b": 3}
    assert diverged.history[-1] == "a = 3; b = 3  # edited: CPython's values, not executed"
    assert diverged.run("c = a + b").state == {"a": 3, "b": 3, "c": 6}
    diverged.goto(2)
    assert diverged.state == before
    diverged.redo()
    assert diverged.state == {"a": 3, "b": 3}


def test_taking_over_goes_by_what_cpython_has(session: Session) -> None:
    session.run("a = 1\nb = 2\nb + 5")
    exact = {"a": 9, "c": True, "_": 7}
    object.__setattr__(session._now, "exact", exact)
    session.resync()
    assert session.state == {"a": 9, "c": True}
    assert session.history[-1].startswith("a = 9; del b; c = True  #")
    assert session.run("_ + a").output == ("16",)


def test_there_may_be_nothing_to_take_over(session: Session) -> None:
    session.run("a = 1")
    with pytest.raises(UsageError, match="the same values"):
        session.resync()
    session.check = False
    session.run("a = 2")
    with pytest.raises(UsageError, match="no statement has been compared"):
        session.resync()


def test_the_trace_shows_core_lines_in_the_users_names(session: Session) -> None:
    session.run("a, b = 1, 2")
    steps = session.run("a, b = b, a").trace
    assert [step.core_line for step in steps] == ["%0 = b", "b = a", "a = %0"] or [
        step.core_line for step in steps
    ] == ["%0 = a", "a = b", "b = %0"]


def test_modes_are_latent_and_snap(session: Session) -> None:
    session.mode = "snap"
    assert session.run("a = 4").state == {"a": 4}
    with pytest.raises(UsageError, match="latent and snap"):
        session.mode = "fast"  # type: ignore[assignment]


def test_a_temporary_of_one_text_is_no_variable_of_the_next(session: Session) -> None:
    session.run("a = 1\nb = (a + 1) * (a + 2)")
    result = session.run("if a > 1:\n    c = 1\nc")
    assert result.error is not None
    assert result.error.kind == "NameError"


def test_variables_assigned_before_an_error_in_a_loop_are_kept(session: Session) -> None:
    result = session.run("i = 3\nwhile True:\n    b = i\n    i = i > 5\n    c = 4 // b")
    assert result.error is not None
    assert (result.error.kind, result.error.line) == ("ZeroDivisionError", 5)
    assert {"i", "b", "c"} == set(session.state)


def test_functions_are_kept_from_text_to_text_and_undone_with_them(session: Session) -> None:
    session.run("def f(a):\n    if a:\n        return a\n    return a")
    session.run("b = 6")
    result = session.run("c = f(b)")
    assert result.state == {"b": 6, "c": 6}
    assert result.match
    session.goto(0)
    with pytest.raises(LxSyntaxError, match="unknown function f"):
        session.run("f(1)")


def test_functions_after_the_line_that_failed_are_not_defined(session: Session) -> None:
    result = session.run("def f(a):\n    return a\nb = 1 // 0\ndef g(a):\n    return a")
    assert result.error is not None
    assert list(session.functions) == ["f"]


def test_a_whole_state_is_decoded_once_for_each_text(live_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    live_session.mode, live_session.trace = "latent", False
    decode, decoded = live_session.model.decode_states, []

    def watched(latents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        decoded.append(latents.shape)
        return decode(latents)

    monkeypatch.setattr(live_session.model, "decode_states", watched)
    result = live_session.run("a = 3\nb = a + 4")
    live_session.run("b")
    assert (result.state, live_session.state) == ({"a": 3, "b": 7}, {"a": 3, "b": 7})
    slots = live_session.model.config.slots + 1
    whole = [shape[0] for shape in decoded if shape[1] == slots]
    assert whole == [2, 1, 1, 1]  # for each text the states after its lines together, and the one that it leaves


def test_several_texts_are_undone_at_once_or_none(session: Session) -> None:
    for text in ("a = 1", "b = 2", "c = 3"):
        session.run(text)
    session.undo(2)
    assert session.state == {"a": 1}
    session.redo(2)
    assert session.state == {"a": 1, "b": 2, "c": 3}
    with pytest.raises(UsageError, match="undo of 4 is too far, there are 3"):
        session.undo(4)
    with pytest.raises(UsageError, match="above 0"):
        session.undo(-1)
    assert session.state == {"a": 1, "b": 2, "c": 3}


def test_unknown_modes_budgets_and_options_are_refused_by_name_before_any_work(session: Session) -> None:
    with pytest.raises(UsageError, match="no mode 'lateral'"):
        Session("no such model", mode="lateral")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="step_budget is 0"):
        Session("no such model", step_budget=0)
    with pytest.raises(TypeError, match="modle"):
        Session(modle="base")  # type: ignore[call-arg]
    with pytest.raises(UsageError, match="no option 'bugdet'; did you mean budget"):
        session.synth("no problem", bugdet=3)
    with pytest.raises(UsageError, match="budget is '3'; give a number"):
        session.synth("no problem", budget="3")


def test_representations_stay_short_whatever_was_run(session: Session) -> None:
    result = session.run(f"a = '{'x' * 60}'\n" + "b = [a, a, a]\n" * 40)
    for each in (result, session, session.point(1), session.timeline):
        assert len(repr(each)) < 400
    assert repr(result).startswith("Result(source=\"a = 'xxxx")
    assert repr(session).startswith("Session(state={'a': 'xxxx")


def test_a_session_is_a_table_of_its_variables_in_a_notebook(session: Session) -> None:
    session.run("a = 6; s = '<b>'")
    assert "<td>a</td><td>6</td>" in session._repr_html_()
    assert "&lt;b&gt;" in session._repr_html_()


def test_long_results_are_folded_in_a_notebook(session: Session) -> None:
    html = session.run("for i in range(60):\n    a = i")._repr_html_()
    assert html.count("<tr>") == 42 and "... 81 more rows ..." in html


def test_a_run_says_how_many_steps_there_have_been(session: Session) -> None:
    seen: list[int] = []
    session.run("for i in range(5):\n    a = i", watch=seen.append)
    assert seen == sorted(seen) and seen[-1] >= 10


def test_what_ends_the_work_from_outside_leaves_the_session_as_it_was(session: Session) -> None:
    session.run("a = 1")

    def stop(steps: int) -> None:
        if steps == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        session.run("while True:\n    a = a + 1", watch=stop)
    assert session.state == {"a": 1} and session.history == ["a = 1"]
