"""A session with rows: strings, lists, tuples, dicts, wide integers, from line to line; checked, undone, taken over."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from latent_repl.cli.scripts import run_text
from latent_repl.display import change_view, statement_view
from latent_repl.evaluation import Case, evaluate
from latent_repl.explore.neighbours import differences
from latent_repl.language.python_values import ABSENT
from latent_repl.markup import describe
from latent_repl.model.interface import Interpreter
from latent_repl.published import FORMATS, Question, answers
from latent_repl.session import Session
from tests.latent_repl.exact_rows import ExactRows

LINES = (
    "s = 'cat'",
    "xs = [1, 2]",
    "ys = xs",
    "ys.append(s + 's')",
    "xs",
    "d = {'k': xs, 'n': None}",
    "d['k'][0] = True",
    "n = 2 ** 40",
    "def f(a):\n    return a + [a]",
    "t = (f([1]), n // 7)",
    "'{} {:>5}'.format(s, n)",
    "xs.sort()",
    "s.index('z')",
    "del d['n']",
    "[c.upper() for c in s if c != 'a']",
    "xs.clear()",
)


@pytest.fixture
def session() -> Session:
    return Session(ExactRows(slots=16))


def ran(session: Session) -> Iterator[Any]:
    for line in LINES:
        yield line, session.run(line)


@pytest.mark.slow
def test_a_dict_of_an_earlier_text_is_watched(shipped_model: Interpreter) -> None:
    session = Session(shipped_model)
    session.run("d = {1: 2, 3: 4}")
    for text in ("for k in d: d[k + 9] = 1", "for k, v in d.items(): del d[k]", "for k in d: d.pop(k)"):
        result = session.run(text)
        assert result.match and result.error is not None and result.error.kind == "RuntimeError", text
    assert session.run("for k in d: d[k] = 0").match


def test_every_line_agrees_with_python(session: Session) -> None:
    for line, result in ran(session):
        assert result.match, (line, result.divergence, result.wrong, result.error)
    assert session.state["d"] == {"k": []}
    state = session.state
    assert state["ys"] is state["xs"]
    assert session.state["n"] == 2**40


def test_a_function_defined_anew_is_called_by_what_gave_it_functions(session: Session) -> None:
    session.run("def apply(f, x): return f(x)\ndef g(k): return apply(lambda v: v + k, 10)")
    assert session.run("a = g(5)").state["a"] == 15
    session.run("def apply(f, x): return f(x) * 2")
    assert session.run("a = g(5)").state["a"] == 30
    assert [*session.functions] == ["apply", "g"]
    session.run("def apply(x): return x")
    error = session.run("a = g(5)").error
    assert error is not None and "apply() is given a function, and calls none" in str(error)


def test_a_hole_in_what_a_function_is_given_is_filled(session: Session) -> None:
    session.run("def apply(f, x): return f(x)")
    assert session.synth("apply(lambda v: v + ?, 3) == 10").fills == ("7",)


def test_what_a_line_says_is_what_python_shows(session: Session) -> None:
    output = [line for _, result in ran(session) for line in result.output]
    assert output == ["[1, 2, 'cats']", "'cat 1099511627776'", "['C', 'T']"]


def test_going_back_gives_the_rows_of_before(session: Session) -> None:
    session.run("xs = [1]")
    session.run("xs.append(2)")
    session.undo()
    assert session.state == {"xs": [1]}
    assert session.run("xs.append(3)").state == {"xs": [1, 3]}


def test_what_changed_is_told_for_every_name_of_a_list(session: Session) -> None:
    session.run("a = b = [1]")
    changes = session.run("a.append(2)").changes
    assert [(change.name, change.before, change.after) for change in changes] == [
        ("a", [1], [1, 2]),
        ("b", [1], [1, 2]),
    ]


def test_an_error_leaves_the_rows_of_before(session: Session) -> None:
    session.run("xs = [1]")
    result = session.run("xs.append(2); xs[9]")
    assert result.error is not None and str(result.error.message) == "list index out of range"
    assert result.match
    assert session.state == {"xs": [1]}


def test_programs_with_rows_are_compared_line_by_line() -> None:
    cases = [Case(1, "x = [3, 1]\nx.sort()\nprint(x, 'a' in 'cat')"), Case(2, "x = {}\nx['k']")]
    records = list(evaluate(cases, ExactRows()))
    assert [(record["exact"], record["error"]) for record in records[:-1]] == [(True, None), (True, "KeyError")]


def test_published_programs_with_rows_are_answered() -> None:
    question = Question(
        "a", *FORMATS["cruxeval"].read({"code": "def f(s):\n    return s[::-1]", "input": "'ab'", "output": "'ba'"})
    )
    change = Question(
        "b", *FORMATS["state-changes"].read({"start": "c = 'at'", "code": "d = [c]", "end": "c = 'at'; d = ['at']"})
    )
    for name, asked in (("cruxeval", question), ("state-changes", change)):
        [record, _] = answers([asked], name, ExactRows(slots=16))
        assert record["right"], record


def test_what_a_statement_changed_is_written_as_python_writes_it(session: Session) -> None:
    result = session.run("s, xs, n = 'cat', ['a', (1,)], None")
    rows = [str(change_view(change)) for change in result.changes]
    assert rows == ["  s = 'cat'", "  xs = ['a', (1,)]", "  n = None"]
    assert describe(session.state) == "s = 'cat', xs = ['a', (1,)], n = None"


def test_objects_say_tuples_dicts_and_none(session: Session) -> None:
    outcome = run_text(session, "t = (1, 'a')\nd = {2: [None, t]}\nd", file="p.lx")
    assert outcome.records[1]["state"] == {
        "t": {"tuple": [1, "a"]},
        "d": {"dict": [[2, [None, {"tuple": [1, "a"]}]]]},
    }
    assert outcome.records[1]["expected"] == outcome.records[1]["state"]
    assert outcome.records[2]["output"] == ["{2: [None, (1, 'a')]}"]
    assert json.dumps(outcome.records)


def test_a_script_with_a_question_in_a_string_has_no_hole(session: Session) -> None:
    assert run_text(session, "s = 'why?'\ns", file="p.lx").output == ("'why?'",)


def test_an_error_that_python_has_too_is_no_limit_of_lx(session: Session, rendered: Callable[[Any], str]) -> None:
    shown = rendered(statement_view(session.run("'a'.index('b')")))
    assert shown == "ValueError: substring not found (line 1)  ✓\n"
    view = rendered(statement_view(session.run("x = 'a' * 100")))
    assert "the room for values" in view


def test_values_that_double_are_shown_at_once(session: Session, rendered: Callable[[Any], str]) -> None:
    session.check = False
    result = session.run("a = [0]\nfor i in range(60): a = [a, a]\nprint(a)")
    assert result.error is None
    texts = (result.output[0], describe(session.state), repr(session.state), rendered(statement_view(result)))
    assert all("..." in text and len(text) < 2000 for text in texts)


def test_the_states_of_a_session_are_compared_variable_by_variable(session: Session) -> None:
    session.run("a = None\nb = [1]\nc = 'x'")
    session.run("b.append(2)\ndel c\nd = None")
    found = {row.name: (row.before, row.after) for row in differences(session.point(1), session.point(2))}
    assert found == {"b": ([1], [1, 2]), "c": ("x", ABSENT), "d": (ABSENT, None)}
