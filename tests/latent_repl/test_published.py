"""Published rows are run as they are, and compared with their published answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from latent_repl.errors import UsageError
from latent_repl.model.interface import Interpreter
from latent_repl.published import answers, described, read_questions
from tests.latent_repl.conftest import Doubter, Liar

DOUBLED = "def f(a, b):\n    while a < b:\n        a = a * 2\n    return a"


def written(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def asked(path: Path, name: str, model: Interpreter) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    *records, summary = answers(read_questions(path, name), name, model)
    return records, summary


def test_a_function_is_called_with_its_input_and_its_value_compared(tmp_path: Path, shipped_model: Interpreter) -> None:
    rows = [
        {"id": "right", "code": DOUBLED, "input": "3, 50", "output": "96"},
        {"id": "wrong", "code": DOUBLED, "input": "3, 50", "output": "48"},
        {"id": "kind", "code": "def f(a):\n    return a == 1", "input": "1", "output": "1"},
        {"id": "fails", "code": "def f(a):\n    return a // 0", "input": "1", "output": "1"},
        {"id": "refused", "code": "def f(a):\n    return lambda: a", "input": "1", "output": "1"},
    ]
    records, summary = asked(written(tmp_path / "rows.jsonl", *rows), "cruxeval", shipped_model)
    assert [record["id"] for record in records] == [row["id"] for row in rows]
    assert [record.get("right") for record in records] == [True, False, False, False, None]
    assert [record.get("value") for record in records] == ["96", "96", "True", None, None]
    assert records[3]["error"] == "ZeroDivisionError: division by zero"
    assert not records[4]["accepted"] and records[4]["refused"].startswith("2:12: ")
    assert (summary["rows"], summary["accepted"], summary["right"]) == (5, 4, 1)
    text = described(records, summary, show_wrong=True)
    assert "     1 refused: lambda" in text and "wrong: 96, expected 48" in text
    assert "expected" not in described(records, summary, show_wrong=False)


def test_the_answer_is_the_value_of_the_call_whatever_it_prints(tmp_path: Path, shipped_model: Interpreter) -> None:
    rows = [
        {"code": "def f(a):\n    print(a)\n    return [a]", "input": "5", "output": "[5]"},
        {"code": "def f(a):\n    print(a)", "input": "5", "output": "None"},
        {"code": "def f(a):\n    print(a)", "input": "5", "output": "5"},
    ]
    records, _ = asked(written(tmp_path / "rows.jsonl", *rows), "cruxeval", shipped_model)
    assert [(record["value"], record["right"]) for record in records] == [
        ("[5]", True),
        ("None", True),
        ("None", False),
    ]


def test_neither_the_order_of_variables_nor_that_of_keys_counts(tmp_path: Path, shipped_model: Interpreter) -> None:
    rows = [
        {"start": "a = 1; b = 2", "code": "a, b = b, a", "end": "b = 1; a = 2"},
        {"start": "d = {1: 2}", "code": "d[3] = [4]", "end": "d = {3: [4], 1: 2}"},
        {"start": "d = {1: 2}", "code": "d[3] = [4]", "end": "d = {3: [4], 1: 3}"},
        {"start": "d = {1: 2}", "code": "d[True] = 4", "end": "d = {1: 4}"},
        {"start": "d = {1: 2}", "code": "d[1] = True", "end": "d = {1: 1}"},
        {"start": "a = [1]", "code": "a[0] = a", "end": "a = [1]"},
        {"start": "a = [1]", "code": "a = [a, a]\n" * 40, "end": "a = [1]"},
    ]
    records, _ = asked(written(tmp_path / "rows.jsonl", *rows), "state-changes", shipped_model)
    assert [record["right"] for record in records] == [True, True, False, True, False, False, False]


def test_a_wrong_answer_is_followed_to_the_lines_that_went_wrong(tmp_path: Path, shipped_model: Interpreter) -> None:
    row = {"id": 7, "code": "def f(a):\n    b = [a]\n    return b", "input": "71", "output": "[71]"}
    questions = read_questions(written(tmp_path / "rows.jsonl", row), "cruxeval")
    record, summary = answers(questions, "cruxeval", cast(Interpreter, Liar(shipped_model)), show_wrong=True)
    assert not record["right"] and record["wrong"]
    text = described([record], summary, show_wrong=True)
    assert "7: [70], expected [71]\n7:4: mismatch in `f(71)`: expected " in text


def test_an_answer_is_as_sure_as_all_steps_to_it_were(tmp_path: Path, shipped_model: Interpreter) -> None:
    row = {"id": 7, "code": "def f(a):\n    b = a + 2\n    return b * 4 + 1", "input": "3", "output": "21"}
    questions = read_questions(written(tmp_path / "rows.jsonl", row), "cruxeval")
    [sure, _] = answers(questions, "cruxeval", shipped_model)
    [doubtful, _] = answers(questions, "cruxeval", cast(Interpreter, Doubter(shipped_model)))
    assert sure["right"] and doubtful["right"]
    assert (sure["confidence"], doubtful["confidence"]) == pytest.approx((1, 0.5), abs=1e-3)


def test_a_state_change_is_compared_as_a_state(tmp_path: Path, shipped_model: Interpreter) -> None:
    rows = [
        {"start": "g = 3; i = 40", "code": "g += i", "end": "g = 43; i = 40"},
        {"start": "g = 3; i = 40", "code": "g += i", "end": "g = 43"},
    ]
    records, summary = asked(written(tmp_path / "rows.jsonl", *rows), "state-changes", shipped_model)
    assert [(record["id"], record["right"], record["value"]) for record in records] == [
        (1, True, "{'g': 43, 'i': 40}"),
        (2, False, "{'g': 43, 'i': 40}"),
    ]
    assert summary["right"] == 1


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("cruxeval", {"code": "def f(): return 1", "input": ""}, "object 1 is no row of cruxeval: 'output' is missing"),
        ("state-changes", {"code": "a = 1", "start": "", "end": "a += 1"}, "a \\+= 1 assigns no literal"),
        ("state-changes", {"code": "a = 1", "start": "", "end": "a = ="}, "object 1 is no row of state-changes"),
    ],
)
def test_a_row_of_another_kind_is_named(name: str, row: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        read_questions(written(tmp_path / "rows.jsonl", row), name)
