"""A session with rows: strings, lists, tuples, dicts, wide integers, from line to line; checked, undone, taken over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from latent_repl.evaluation import Case, evaluate
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


def test_every_line_agrees_with_python(session: Session) -> None:
    for line, result in ran(session):
        assert result.match, (line, result.divergence, result.wrong, result.error)
    assert session.state["d"] == {"k": []}
    state = session.state
    assert state["ys"] is state["xs"]
    assert session.state["n"] == 2**40


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
