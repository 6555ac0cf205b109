"""Text -> problem."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from latent_repl.errors import CapacityError, LxNameError, LxSyntaxError, SynthesisError
from latent_repl.language.nodes import Slot
from latent_repl.synthesis.posing import pose
from latent_repl.synthesis.problem import Problem

LIMITS = SimpleNamespace(slots=12, minimum=-99, maximum=99)


def posed(text: str, **variables: int) -> Problem:
    """Pose a problem in a session whose variables are in the slots given."""
    names = {name: Slot(index) for name, index in variables.items()}
    return pose(text, names=names, defined=frozenset(names.values()), limits=LIMITS)


def wants(text: str, **variables: int) -> list[tuple[str, int | bool]]:
    """Return each wanted value with the core line that computes it last."""
    problem = posed(text, **variables)
    last = {str(line).split(" = ")[0]: str(line) for line in problem.program.instructions}
    return [(last[str(want.slot)], want.value) for want in problem.wants]


def variables_for(problem: Problem, hole: int) -> list[str]:
    """Return the names of the variables that may fill a hole."""
    names = {slot: name for name, slot in problem.program.names.items()}
    return [names[fill] for fill in problem.domains[hole] if isinstance(fill, Slot)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a=71; a+? == 18", [("s1 = s0 + ?", 18)]),
        ("a = 71\n18 == a + ?", [("s1 = s0 + ?", 18)]),
        ("a = 71\nassert a + ? == -18", [("s1 = s0 + ?", -18)]),
        ("a=71; (a < ?) == True", [("s1 = s0 < ?", True)]),
        ("a=71; a < ?", [("s1 = s0 < ?", True)]),
        ("a=71; a + 1 == ?", [("s1 = s2 == ?", True)]),
        ("a=71; a < ? and a + ? == 3", [("s1 = s0 < ?", True), ("s2 = s0 + ?", 3)]),
        ("a=71; assert a - ?", [("s1 = not s2", False)]),
        ("a=71; a - ? or a == 3", [("s1 = not s2", False)]),
    ],
)
def test_each_constraint_wants_its_own_slot(text: str, wanted: list[tuple[str, int | bool]]) -> None:
    assert wants(text) == wanted


def test_a_variable_is_wanted_in_its_own_slot_without_a_step() -> None:
    problem = posed("b = ? + 3; b == 18")
    assert [str(line) for line in problem.program.instructions] == ["s0 = ? + 3"]
    assert problem.wants[0].slot == Slot(0)


def test_comparisons_before_the_last_statement_are_no_constraints() -> None:
    problem = posed("a = 1\na == 1\nb = 2\nb + ? == 5\na < b")
    assert len(problem.statements) == 3
    assert len(problem.conditions) == 2


def test_fills_are_the_variables_assigned_before_and_the_range_by_magnitude() -> None:
    problem = posed("b = a + ?; c = b; c * ? == 4", a=3)
    assert variables_for(problem, 0) == ["a"]
    assert variables_for(problem, 1) == ["a", "b", "c"]
    literals = problem.domains[0][1:]
    assert literals[:5] == (0, 1, -1, 2, -2)
    assert set(literals) == set(range(-99, 100))


def test_variables_of_the_session_without_a_value_fill_nothing() -> None:
    names = {"a": Slot(0), "b": Slot(1), "_": Slot(2)}
    problem = pose("? == 4", names=names, defined=frozenset({Slot(1), Slot(2)}), limits=LIMITS)
    assert variables_for(problem, 0) == ["b"]


def test_variables_that_the_problem_deletes_fill_nothing() -> None:
    problem = posed("a = 1; b = a + ?; del a; c = 3; b == 2")
    assert variables_for(problem, 0) == []


def test_loops_and_branches_assign_in_the_order_of_the_text() -> None:
    text = "s = 0\nfor i in range(?):\n    s += ?\n    t = s\nif s > 3:\n    u = ?\ns == 6"
    problem = posed(text)
    assert [variables_for(problem, hole) for hole in range(3)] == [["s"], ["s", "i"], ["s", "i", "t"]]


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("a=71; a+? == 18", 1),
        ("a=71; b = a * 2; c = 3\na * 2 + ? == 18", 4),
        ("? == 18", 0),
    ],
)
def test_the_prefix_is_what_no_hole_can_change(text: str, prefix: int) -> None:
    assert posed(text).prefix == prefix


def test_no_branch_leads_out_of_the_prefix() -> None:
    problem = posed("a = 3\nif a > 2:\n    b = ?\nelse:\n    b = 4\nb == 9")
    assert [str(line) for line in problem.before_holes().instructions] == ["s0 = 3", "s2 = s0 > 2"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 71; a + 3 == 18", "no hole; write ?"),
        ("a = 71; b = a + ?", "no constraint; end it with a comparison"),
        ("a == ?; b = 3", "no constraint"),
        ("a + ?", "no constraint"),
    ],
)
def test_a_problem_needs_a_hole_and_a_constraint(text: str, message: str) -> None:
    with pytest.raises(SynthesisError, match="problem has " + message.replace("?", r"\?")):
        posed(text, a=0)


def test_faults_of_the_text_point_at_the_users_own_columns() -> None:
    with pytest.raises(LxSyntaxError) as caught:
        posed("12+?=23")
    assert (caught.value.line, caught.value.column) == (1, 5)
    assert "write == for a constraint" in str(caught.value)


def test_an_unknown_name_in_a_constraint_points_at_the_users_own_columns() -> None:
    with pytest.raises(LxNameError) as caught:
        posed("a = 1\na + ? == 3 and total == 2")
    assert (caught.value.line, caught.value.column) == (2, 16)


def test_too_many_constraints_for_the_checkpoint_are_refused() -> None:
    with pytest.raises(CapacityError):
        posed("a = ?\n" + "\n".join(f"a + {number} < 50" for number in range(13)))
