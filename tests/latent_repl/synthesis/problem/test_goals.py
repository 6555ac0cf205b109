"""What a clause asks for, of sides that no hole changes and of sides that one does."""

from __future__ import annotations

import ast

import pytest

from latent_repl.synthesis.problem.goals import clauses_of, goal_of


def settled(node: ast.expr) -> bool:
    """Here a hole has a say in x and in y."""
    return not {"x", "y"} & {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


@pytest.mark.parametrize(
    ("clause", "expression", "value"),
    [
        ("x + 1 == 18", "x + 1", "18"),
        ("18 == x", "x", "18"),
        ("x == -18", "x", "-18"),
        ("x + 1 == a * 2", "x + 1", "a * 2"),
        ("a == x", "x", "a"),
        ("x == y + 1", "x - (y + 1)", "0"),
        ("x != 3", "x != 3", "True"),
        ("1 < x < 3", "1 < x < 3", "True"),
        ("x - 4", "not x - 4", "False"),
    ],
)
def test_an_expression_and_its_value(clause: str, expression: str, value: str) -> None:
    goal = goal_of(ast.parse(clause, mode="eval").body, settled, numbers=True, largest=999)
    wanted = ast.unparse(goal.value) if isinstance(goal.value, ast.expr) else str(goal.value)
    assert (ast.unparse(goal.expression), wanted) == (expression, value)
    assert goal.condition == (value in ("True", "False"))


@pytest.mark.parametrize(
    ("clause", "nearest"),
    [("x < 74", 73), ("x <= 74", 74), ("x > 74", 75), ("x >= 74", 74), ("74 < x", 75), ("74 > x", 73), ("74 >= x", 74)],
)
def test_an_inequality_is_led_to_the_nearest_value_that_meets_it(clause: str, nearest: int) -> None:
    goal = goal_of(ast.parse(clause, mode="eval").body, settled, numbers=True, largest=999)
    assert goal.condition and goal.side == (0 if clause.startswith("x") else 1)
    assert 74 + goal.beyond == nearest
    assert eval(clause, {"x": nearest})


def test_without_numbers_alone_a_difference_tells_nothing() -> None:
    goal = goal_of(ast.parse("x == y", mode="eval").body, settled, numbers=False, largest=999)
    assert (ast.unparse(goal.expression), goal.value, goal.condition) == ("x == y", True, True)


@pytest.mark.parametrize(("value", "condition"), [("5", False), ("999", False), ("1000", True), ("-1000", True)])
def test_a_number_that_no_cell_holds_is_met_as_a_condition(value: str, condition: bool) -> None:
    clause = ast.parse(f"x + s == {value}", mode="eval").body
    assert goal_of(clause, settled, numbers=False, largest=999).condition is condition


def test_an_inequality_between_what_holes_decide_has_no_lead() -> None:
    assert goal_of(ast.parse("x < y", mode="eval").body, settled, numbers=True, largest=999).side is None


def test_a_conjunction_falls_into_its_clauses() -> None:
    clauses = clauses_of(ast.parse("x == 1 and (a < x and x < 9) and (x or a)", mode="eval").body)
    assert [*map(ast.unparse, clauses)] == ["x == 1", "a < x", "x < 9", "x or a"]
