"""Text -> problem."""

from __future__ import annotations

import pytest

from latent_repl.errors import CapacityError, LxNameError, LxSyntaxError, SynthesisError
from latent_repl.language.program import Slot
from latent_repl.language.values import number_of
from latent_repl.synthesis.problem.specification import specify
from tests.latent_repl.synthesis.problem.conftest import LIMITS, specified


def targets(text: str, **variables: int) -> list[tuple[str, int | bool | str]]:
    """Return each wanted value, or the slot that holds it, with the core line that computes it last."""
    [example] = specified(text, **variables).examples
    last = {str(line).split(" = ")[0]: str(line) for line in example.program.instructions}
    wanted = [str(each.wanted) if isinstance(each.wanted, Slot) else number_of(each.wanted) for each in example.targets]
    return [(last[str(target.slot)], value) for target, value in zip(example.targets, wanted, strict=True)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a=71; a+? == 18", [("s1 = s0 + ?", 18)]),
        ("a = 71\n18 == a + ?", [("s1 = s0 + ?", 18)]),
        ("a = 71\nassert a + ? == -18", [("s1 = s0 + ?", -18)]),
        ("a=71; (a < ?) == True", [("s1 = s0 < ?", True)]),
        ("a=71; a < ?", [("s2 = s0 < s1", True)]),
        ("a=71; a + 1 == ?", [("s2 = ?", "s1")]),
        ("a=71; b=3; a + ? == b", [("s2 = s0 + ?", "s1")]),
        ("a=71; x = ?; a - x == x + ?", [("s2 = s3 - s4", 0)]),
        ("a=71; x = ?; x != 3", [("s2 = s1 != 3", True)]),
        ("a=71; a < ? and a + ? == 3", [("s2 = s0 < s1", True), ("s3 = s0 + ?", 3)]),
        ("a=71; assert a - ?", [("s1 = not s2", False)]),
        ("a=71; a - ? or a == 3", [("s1 = not s2", False)]),
    ],
)
def test_each_constraint_has_a_slot_of_its_own(text: str, wanted: list[tuple[str, int | bool | str]]) -> None:
    assert targets(text) == wanted


def test_a_variable_is_wanted_in_its_own_slot_without_a_step() -> None:
    [example] = specified("b = ? + 3; b == 18").examples
    assert [str(line) for line in example.program.instructions] == ["s0 = ? + 3"]
    assert example.targets[0].slot == Slot(0)


def test_comparisons_before_the_last_statement_are_no_constraints() -> None:
    problem = specified("a = 1\na == 1\nb = 2\nb + ? == 5\na < b")
    assert len(problem.statements) == 3
    assert len(problem.conditions) == 2


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("a=71; a+? == 18", 1),
        ("a=71; b = a * 2; c = 3\na * 2 + ? == 18", 4),
        ("? == 18", 0),
    ],
)
def test_the_prefix_is_what_no_hole_can_change(text: str, prefix: int) -> None:
    assert specified(text).examples[0].prefix == prefix


def test_no_branch_leads_out_of_the_prefix() -> None:
    problem = specified("a = 3\nif a > 2:\n    b = ?\nelse:\n    b = 4\nb == 9")
    before = problem.examples[0].before_holes()
    assert [str(line) for line in before.instructions[: before.end]] == ["s0 = 3", "s2 = s0 > 2"]


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
        specified(text, a=0)


def test_faults_of_the_text_point_at_the_users_own_columns() -> None:
    with pytest.raises(LxSyntaxError) as caught:
        specified("12+?=23")
    assert (caught.value.line, caught.value.column) == (1, 5)
    assert "write == for a constraint" in str(caught.value)


def test_an_unknown_name_in_a_constraint_points_at_the_users_own_columns() -> None:
    with pytest.raises(LxNameError) as caught:
        specified("a = 1\na + ? == 3 and total == 2")
    assert (caught.value.line, caught.value.column) == (2, 16)


def test_constraints_that_need_too_many_slots_together_are_examples_of_their_own() -> None:
    constraints = "\n".join(f"a + {number} < 50" for number in range(13))
    assert len(specified(f"a = ?\n{constraints}").examples) == 13
    with pytest.raises(CapacityError):
        specified("\n".join(f"v{number} = ?" for number in range(13)) + f"\n{constraints.replace('a', 'v0')}")


def test_each_call_of_a_function_with_holes_is_an_example() -> None:
    problem = specified("def f(a):\n    b = a * ?\n    return b + ?\nf(1) == 5\nassert f(2) == 7")
    assert [example.targets[0].value for example in problem.examples] == [5, 7]
    before = problem.examples[0].before_holes()
    assert [str(line) for line in before.instructions[: before.end]][-1].endswith(" = 1")


def test_assertions_are_constraints_where_they_stand() -> None:
    problem = specified("a = ?\nassert a * 2 == 6\na = 5\nassert a + ? == 7\nb = a")
    [example] = problem.examples
    assert [target.value for target in example.targets] == [6, 7]
    assert [str(line).split(" = ")[1] for line in example.program.instructions] == ["?", "s0 * 2", "5", "s0 + ?", "s0"]


def test_a_bare_comparison_in_a_script_is_no_constraint() -> None:
    text = "a = ?\nassert a > 3\na == 5"
    problem = specify(text, names={}, defined=frozenset(), limits=LIMITS, script=True)
    assert len(problem.statements) == 3 and problem.conditions == ()
