"""Which variables a fill may name: what has a value before the hole, in the order of the text."""

from __future__ import annotations

import ast

import pytest

from latent_repl.language.program import Slot
from latent_repl.synthesis.problem.domains import Assignments, Atoms, Operators
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.scope import stored
from latent_repl.synthesis.problem.specification import specify
from tests.latent_repl.exact_rows import ExactRows
from tests.latent_repl.synthesis.problem.conftest import LIMITS, specified


def variables_for(problem: Problem, hole: int) -> list[str]:
    """Return the names of the variables that may fill a hole."""
    domain = problem.space.domains[hole]
    assert isinstance(domain, Atoms)
    return list(domain.variables)


def test_fills_are_the_variables_assigned_before_and_the_range_by_magnitude() -> None:
    problem = specified("b = a + ?; c = b; c * ? == 4", a=3)
    assert variables_for(problem, 0) == ["a"]
    assert variables_for(problem, 1) == ["a", "b", "c"]
    [literals] = [domain.literals for domain in problem.space.domains[:1] if isinstance(domain, Atoms)]
    assert literals[:5] == (0, 1, -1, 2, -2)
    assert set(literals) == set(range(-99, 100))


def test_variables_of_the_session_without_a_value_fill_nothing() -> None:
    names = {"a": Slot(0), "b": Slot(1), "_": Slot(2)}
    problem = specify("? == 4", names=names, defined=frozenset({Slot(1), Slot(2)}), limits=LIMITS)
    assert variables_for(problem, 0) == ["b"]


def test_variables_that_the_problem_deletes_fill_nothing() -> None:
    problem = specified("a = 1; b = a + ?; del a; c = 3; b == 2")
    assert variables_for(problem, 0) == []


def test_loops_and_branches_assign_in_the_order_of_the_text() -> None:
    text = "s = 0\nfor i in range(?):\n    s += ?\n    t = s\nif s > 3:\n    u = ?\ns == 6"
    problem = specified(text)
    assert [variables_for(problem, hole) for hole in range(3)] == [["s"], ["s", "i"], ["s", "i", "t"]]


def test_handlers_assign_in_the_order_of_the_text() -> None:
    text = "s = 0\ntry:\n    t = s // ?\nexcept ZeroDivisionError:\n    u = s\n    s = ?\nelse:\n    s = ?\ns == 6"
    model = ExactRows(slots=12)
    problem = specify(text, names={}, defined=(), limits=model.config, vocabulary=model.vocabulary)
    assert [variables_for(problem, hole) for hole in range(3)] == [["s"], ["s", "t", "u"], ["s", "t", "u"]]


def test_cases_capture_in_the_order_of_the_text() -> None:
    text = "s = [1, 2]\nmatch s:\n    case [a, 3]:\n        t = ?\n    case [b, c] if b == ?:\n        t = ?\nt == 2"
    model = ExactRows(slots=12)
    problem = specify(text, names={}, defined=(), limits=model.config, vocabulary=model.vocabulary)
    assert [variables_for(problem, hole) for hole in range(3)] == [
        ["s", "a"],
        ["s", "a", "t", "b", "c"],
        ["s", "a", "t", "b", "c"],
    ]
    assert problem.excerpt((1, 1, "c")) == "t = 1; b == 1; t = c"


def test_two_lines_to_be_found_may_share_a_name_of_their_own() -> None:
    first, second = specified("def f(a):\n    ?\n    ?\n    return b\nf(1) == 3").space.domains
    assert isinstance(first, Assignments) and isinstance(second, Assignments)
    assert first.assigned == ("b", "t", "a")
    assert set(second.values.variables) == {"a", "b", "t"}


@pytest.mark.parametrize(
    ("body", "targets"),
    [
        ("?\n    return b", ["b", "a"]),
        ("?\n    ?\n    return b", ["b", "t", "a"]),
        ("?\n    return a + b", ["a"]),
        ("?\n    return b + c", ["c", "a"]),
    ],
)
def test_a_line_in_a_function_assigns_a_name_of_the_session_where_nothing_else_is_read(
    body: str, targets: list[str]
) -> None:
    line, *_ = specified(f"def f(a):\n    {body}\nf(1) == 3", b=0).space.domains
    assert isinstance(line, Assignments) and list(line.assigned) == targets


def test_operators_and_whole_lines_have_domains_of_their_own() -> None:
    problem = specified("def f(a):\n    ?\n    return b\nf(1) ? 3 == 5")
    line, operator = problem.space.domains
    assert isinstance(operator, Operators) and "min" in map(operator.__getitem__, range(len(operator)))
    assert isinstance(line, Assignments) and line.assigned == ("b", "a")
    texts = {str(fill) for fill in map(line.__getitem__, range(len(line)))}
    assert len(texts) == len(line)
    assert {"b = a", "b = a * 3", "b = 3 - a", "a = max(a, -7)", "b = -a", "b = 0"} <= texts
    assert not {"b = 3 + 4", "b = c"} & texts


def test_a_hole_in_a_function_names_the_functions_own_variables_alone() -> None:
    problem = specified("c = 1\ndef f(a):\n    b = a\n    return b + ?\nf(1) + ? == 5", d=3)
    assert variables_for(problem, 0) == ["a", "b"]
    assert variables_for(problem, 1) == ["d", "c"]


def test_names_are_stored_loaded_and_deleted_outside_functions() -> None:
    statements = ast.parse("a = b\nif c: a, d = a, 1\ndel b\ndef f(x):\n    y = x\n    return y").body
    assert stored(statements, ast.Store) == {"a", "d"}
    assert stored(statements, ast.Load) == {"a", "b", "c"}
    assert stored(statements, ast.Del) == {"b"}
