"""Problems about strings and lists: holes among rows, values with parts before and behind them."""

from __future__ import annotations

import pytest

from latent_repl.errors import SynthesisError
from latent_repl.language.program import Call, CoreLine, Slot
from latent_repl.model.interface import Interpreter
from latent_repl.session import Session
from latent_repl.synthesis.problem.domains import Assignments
from latent_repl.synthesis.problem.problem import Example
from latent_repl.synthesis.problem.specification import specify
from tests.latent_repl.exact_rows import ExactRows


@pytest.fixture(scope="module")
def model() -> ExactRows:
    return ExactRows(slots=16)


def example_of(model: ExactRows, text: str) -> Example:
    [example] = specify(text, names={}, defined=(), limits=model.config, vocabulary=model.vocabulary).examples
    return example


@pytest.mark.parametrize(
    ("problem", "search", "evaluations"),
    (
        ("s = 'ca'; len(s) + ? == 5", "auto", 1),
        ("xs = [3, 1, 2]; max(xs) + ? == 10", "auto", 1),
        ("s = 'cat'; s[?] == 't'", "ordered", 8),
        ("xs = [1, 2]; xs.append(?); sum(xs) == 9", "ordered", 16),
        ("s = 'ca'; s + ? == 'cat'", "ordered", 48),
        ("x = ['a', 'b']; x[0] = ?; x == ['q', 'b']", "ordered", 40),
        ("def f(s): return s[?:] + s[:?]\nf('abc') == 'cab'\nf('dog') == 'gdo'", "auto", 64),
        ("a = 5; a + ? == 2000", "auto", 1),
        ("a = 71; a - ? == -1000", "auto", 1),
        ("a = 500; b = a * 3; b + ? == b + 7", "auto", 1),
        ("def f(x): return x * ?\nf(100) == 2000", "auto", 1),
        ("d = {'a': 1}; d['b'] = ?; d == {'a': 1, 'b': 2}", "ordered", 16),
    ),
)
def test_holes_among_rows_are_filled(model: ExactRows, problem: str, search: str, evaluations: int) -> None:
    solution = Session(model).synth(problem, search=search, budget=64)
    assert solution.verified and solution.evaluations <= evaluations, solution.reason


@pytest.mark.parametrize("search", ["auto", "gp", "random", "ordered", "hill", "cem", "cma"])
@pytest.mark.parametrize(
    "problem", ["a = 1; a * ? * ? == 12345", "a = 700; b = a * 3; b - ? == b * b", "x = ?; y = ?; x * y == 99999"]
)
def test_numbers_that_no_cell_holds_are_searched_without_a_fault(model: ExactRows, problem: str, search: str) -> None:
    solution = Session(model).synth(problem, search=search, budget=16)
    assert solution.verified or solution.reason


@pytest.mark.parametrize("search", ["auto", "gp", "random", "cem", "box"])
def test_a_hole_that_nothing_fits_is_no_fault(shipped_model: Interpreter, search: str) -> None:
    problem = "if 740 != abs(7 - 561):\n    ?\nelse:\n    a = 5\nb = c = 7 % 104 + 9\nassert a < 5"
    solution = Session(shipped_model, check=False).synth(problem, search=search, budget=16)
    assert not solution.solved and solution.reason == "every fill was tried" and solution.evaluations == 0


@pytest.mark.parametrize("problem", ["xs = [5, 2, 9]; ?; y == 9", "d = {'a': 1}; ?; y == 1", "s = 'ab'; ?; y == 2"])
def test_a_whole_line_may_read_values_with_parts(shipped_model: Interpreter, problem: str) -> None:
    assert Session(shipped_model, check=False).synth(problem, budget=64).verified


def test_a_filled_character_is_written_as_one(model: ExactRows) -> None:
    solution = Session(model).synth("s = 'ca'; s + ? == 'cat'", search="ordered", budget=64)
    assert solution.fills == ("'t'",)
    assert solution.program == "s = 'ca'\nassert s + 't' == 'cat'"


def test_a_session_s_rows_are_there_for_a_problem(model: ExactRows) -> None:
    session = Session(model)
    session.run("xs = [5, 6]")
    solution = session.synth("xs.append(7); xs[?] + 1 == 8", search="ordered", budget=64)
    assert solution.verified
    assert session.state == {"xs": [5, 6]}


def test_variables_of_a_comprehension_end_with_it(model: ExactRows) -> None:
    problem = "d = {1: 2}\nxs = [v for k, v in d.items()]\n?\na == 3"
    [line] = specify(problem, names={}, defined=(), limits=model.config, vocabulary=model.vocabulary).space.domains
    assert isinstance(line, Assignments)
    assert set(line.values.variables) == {"d", "xs"}
    assert not {"k", "v"} & set(line.assigned)
    Session(model).synth(problem, search="random", budget=64)


def test_a_call_of_the_prelude_opens_no_frame_of_the_program(model: ExactRows) -> None:
    example = example_of(model, "s = 'ab'; t = s.upper(); len(t) + ? == 5")
    calls = [place for place, line in enumerate(example.program.instructions) if isinstance(line, Call)]
    assert calls and example.prefix > max(calls)
    place, line = next(iter(example.templates.items()))
    assert line.line is not None
    run = [*enumerate(example.program.instructions[: example.prefix]), (place, line.line)]
    assert place in example.slice([pair for pair in run if isinstance(pair[1], CoreLine | Call)])


def test_what_changes_a_row_has_a_say_in_what_is_read_of_it(model: ExactRows) -> None:
    example = example_of(model, "xs = [1]; xs.append(?); xs[1] == 4")
    appended = next(iter(example.templates))
    run = [(place, line) for place, line in enumerate(example.program.instructions) if isinstance(line, CoreLine)]
    assert appended in example.slice(run)
    assert example.moves_rows


def test_equations_of_numbers_are_not_asked_about_rows(model: ExactRows) -> None:
    with pytest.raises(SynthesisError, match="numbers alone"):
        Session(model).synth("xs = [1]; xs.append(?); xs[1] == 4", search="z3")
    assert not example_of(model, "xs = [1]; xs[0] + ? == 4").moves_rows


def test_a_text_of_numbers_alone_is_searched_by_differences(model: ExactRows) -> None:
    numbers, parts = (example_of(model, text) for text in ("a = 3; a - ? == ? + 1", "s = 'ab'; len(s) - ? == ? + 1"))
    assert [target.value for target in numbers.targets] == [0]
    assert [target.value for target in parts.targets] == [True]
    assert isinstance(numbers.targets[0].slot, Slot)
