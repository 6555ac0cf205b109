"""Programs and their answers as others publish them, run by the model and compared with the published answer.

    {"id", "code", "input", "output"}   CRUXEval: the code, then the value of `f(input)`
    {"start", "code", "end"}            state changes: assignments, a line of code, the assignments that it leads to

No oracle answers. Source: Gu et al., 2024, "CRUXEval"; Greenlee, 2022, data set `Fraser/python-state-changes`.
"""

from __future__ import annotations

import ast
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latent_repl.errors import LatentReplError, LxSyntaxError, UsageError
from latent_repl.evaluation import STEP_BUDGET, BatchRecords, batches, lowered, run_programs, summed_up, wrong_lines
from latent_repl.files import Record, read_objects
from latent_repl.language.program import LAST_VALUE, Program
from latent_repl.language.python_values import python_value, shown
from latent_repl.machine import Machine, Watch, unwatched
from latent_repl.model.interface import Interpreter
from latent_repl.modes import Mode
from latent_repl.records import Event, Run
from latent_repl.results import state_of

AnswerReader = Callable[[Program, Event], Any]
"""What a program came to, read after its last line."""


@dataclass(frozen=True)
class Question:
    """A program and its published answer, the text of a literal or of a dict of variables."""

    id: Any
    source: str
    expected: str


@dataclass(frozen=True)
class Format:
    """How the rows of a file are read, which text each must hold, and what of a run is compared."""

    key: str
    read: Callable[[Mapping[str, Any]], tuple[str, str]]
    answer: AnswerReader


def _last_value(program: Program, last: Event) -> Any:
    return python_value(last.values[program.names[LAST_VALUE].index], last.rows)


def _variables(program: Program, last: Event) -> dict[str, Any]:
    return dict(state_of(last.values, program.names, last.defined, last.rows))


def _cruxeval(row: Mapping[str, Any]) -> tuple[str, str]:
    return f"{row['code']}\nf({row['input']})", row["output"]


def _state_change(row: Mapping[str, Any]) -> tuple[str, str]:
    assigned: dict[str, Any] = {}
    for statement in ast.parse(row["end"]).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                assigned[name] = ast.literal_eval(value)
            case _:
                raise ValueError(f"{ast.unparse(statement)} assigns no literal to a variable")
    return f"{row['start']}\n{row['code']}", repr(assigned)


FORMATS: Mapping[str, Format] = {
    "cruxeval": Format("code", _cruxeval, _last_value),
    "state-changes": Format("code", _state_change, _variables),
}


def read_questions(path: Path, name: str) -> list[Question]:
    """Return the rows of a file in one of the formats. Raises UsageError that names the row which is none."""
    questions = []
    for number, row in enumerate(read_objects(path, FORMATS[name].key), start=1):
        try:
            source, expected = FORMATS[name].read(row)
        except (KeyError, ValueError, SyntaxError, TypeError) as error:
            said = f"{error} is missing" if isinstance(error, KeyError) else error
            raise UsageError(f"{path}: object {number} is no row of {name}: {said}") from error
        questions.append(Question(row.get("id", number), source, expected))
    return questions


def answers(
    questions: Sequence[Question],
    name: str,
    model: Interpreter,
    mode: Mode = "snap",
    *,
    show_wrong: bool = False,
    watch: Watch = unwatched,
) -> Iterator[Record]:
    """Yield one record a question, and then a summary; every program begins from the empty state.

    show_wrong: whether the record of a wrong answer lists the lines that are wrong, by exact execution. watch: is told
    how many steps a batch has taken.
    """
    machine = Machine(model, mode, watch)
    parts = (answer_batch(batch, name, machine, show_wrong=show_wrong) for batch in batches(questions))
    return summed_up(parts, summary)


def summary(records: Sequence[Record], seconds: float) -> Record:
    """Return how many of the questions were accepted, and how many of those were answered right."""
    accepted = [record for record in records if record["accepted"]]
    right = sum(record["right"] for record in accepted)
    return {
        "summary": True,
        "rows": len(records),
        "accepted": len(accepted),
        "right": right,
        "seconds": round(seconds, 3),
    }


def described(records: Sequence[Record], summary: Record, *, show_wrong: bool) -> str:
    """Return the figures as text: counts, why programs were refused, most frequent reason first, and the wrong ones."""
    lines = [f"{name:<20} {value}" for name, value in summary.items() if name != "summary"]
    reasons = Counter(record["refused"].partition(": ")[2] for record in records if not record["accepted"])
    lines += [f"{count:>6} refused: {reason}" for reason, count in reasons.most_common()]
    wrong = (record for record in records if show_wrong and record.get("right") is False)
    for each in wrong:
        lines.append(f"{each['id']}: {each['error'] or each['value']}, expected {each['expected']}")
        lines += [f"{each['id']}:{line['message']}" for line in each.get("wrong", ())]
    return "\n".join(lines)


def answer_batch(
    questions: Sequence[Question], name: str, machine: Machine, *, show_wrong: bool = False
) -> BatchRecords:
    """Run a batch of programs, each from the empty state, and compare what each comes to with its published answer."""
    started, counted, answer = time.perf_counter(), machine.model.memory.counts, FORMATS[name].answer
    programs = [lowered(question.source, str(question.id), machine) for question in questions]
    ran = iter(run_programs([each for each in programs if isinstance(each, Program)], machine, STEP_BUDGET))
    records = list[Record]()
    for question, program in zip(questions, programs, strict=True):
        if not isinstance(program, Program):
            records.append(_refused(question, program))
            continue
        run = next(ran)
        [decoded] = machine.decode(run.latents[None], [run.heap])
        record = _record(question, answer, program, run) | {"confidence": round(decoded.confidence * run.certain, 6)}
        shown = show_wrong and not record["right"]
        records.append(record | wrong_lines(program, run, machine) if shown else record)
    each = round((time.perf_counter() - started) / len(records), 4)
    told = [{**record, "seconds": each} for record in records]
    return BatchRecords(told, machine.model.memory.counts - counted)


def _record(question: Question, answer: AnswerReader, program: Program, run: Run) -> Record:
    answered = run.error is None and bool(run.events)
    value = answer(program, run.events[-1]) if answered else None
    return {
        "id": question.id,
        "accepted": True,
        "value": shown(value) if answered else None,
        "error": None if run.error is None else f"{run.error.kind}: {run.error.message}",
        "right": answered and _answers(value, question.expected),
        "expected": question.expected,
        "steps": run.steps,
    }


def _answers(value: Any, expected: str) -> bool:
    """Return whether a value is that of a literal."""
    try:
        return _equal(value, ast.literal_eval(expected))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return False


def _equal(value: Any, literal: Any) -> bool:
    """Return whether Python calls a value equal to a literal, and all kinds are the same; True is not 1."""
    if type(value) is not type(literal):
        return False
    if isinstance(literal, list | tuple):
        return len(value) == len(literal) and all(map(_equal, value, literal))
    if isinstance(literal, dict):
        kinds = {(type(key), key) for key in value}
        return len(value) == len(literal) and all(
            (type(key), key) in kinds and _equal(value[key], each) for key, each in literal.items()
        )
    return bool(value == literal)


def _refused(question: Question, error: LatentReplError) -> Record:
    place = f"{error.line}:{error.column}" if isinstance(error, LxSyntaxError) else "1:1"
    message = error.message if isinstance(error, LxSyntaxError) else str(error)
    return {"id": question.id, "accepted": False, "refused": f"{place}: {message}"}
