"""Runs whole texts: files, standard input, `-c`; yields what to print and how to exit.

    text --Session.run--> Result --records--> one JSON object per executed line, one summary per file

Nothing is printed here: the command line prints an outcome.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from latent_repl.errors import LatentReplError, LxSyntaxError, ProgramError, SynthesisError, UsageError
from latent_repl.exits import DONE, FAILED
from latent_repl.files import Record, read_text
from latent_repl.language.parsing.parse import has_holes
from latent_repl.markup import as_json, describe
from latent_repl.model.memory import NO_COUNTS, Counts
from latent_repl.synthesis.result import INTERRUPTED

if TYPE_CHECKING:
    from latent_repl.machine import Watch
    from latent_repl.results import Executed, Result, State, WrongLine
    from latent_repl.session import Session

FIRST_LINES = 10
"""Mismatches that are told one by one. Chosen."""

Show = Callable[[str], None]


@dataclass(frozen=True)
class ScriptOutcome:
    """What running one text came to.

    records: the JSON objects, the summary last. output: printed lines and bare values.
    problems: messages for standard error. exit_code: 0, 1 or 2.
    filled: the program that ran, where the text had holes. verdict: how many lines CPython agrees with, if checked.
    """

    records: tuple[Record, ...]
    output: tuple[str, ...]
    problems: tuple[str, ...]
    exit_code: int
    filled: str | None = None
    verdict: str | None = None


def run_text(
    session: Session,
    text: str,
    *,
    file: str,
    show: Show = lambda text: None,
    watch: Watch = lambda steps: None,
    seed: int = 0,
    json: bool = True,
) -> ScriptOutcome:
    """Run the text in the session; its errors are in the outcome, an interrupt comes out.

    show: is given each piece of output, with its end, as soon as it is there. watch: is told how many steps there were.
    seed: of the search for what fills holes. json: whether each executed line has a record.

    Holes are filled first, so that every `assert` line holds; what runs then is the filled program.
    """
    try:
        if "?" in text and has_holes(text, file=file):
            outcome = _run_filled(session, text, file=file, show=show, watch=watch, seed=seed, json=json)
        else:
            result = session.run(text, file=file, show=show, watch=watch)
            outcome = _completed(result, file=file, check=session.check, json=json)
        return outcome
    except LatentReplError as error:
        return failed(error, file=file)


def run_file(
    session: Session,
    file: str,
    *,
    name: str | None = None,
    show: Show = lambda text: None,
    watch: Watch = lambda steps: None,
    seed: int = 0,
    json: bool = True,
) -> ScriptOutcome:
    """Run a file, `-` being standard input; a file that cannot be read is an error like others.

    name: what messages call it; the path as given, if None. The rest is as in `run_text`.
    """
    try:
        text = read_text(file)
    except UsageError as error:
        return failed(error, file=name or file)
    return run_text(session, text, file=name or file, show=show, watch=watch, seed=seed, json=json)


def failed(error: LatentReplError, *, file: str) -> ScriptOutcome:
    """Return the outcome of a text of which no line could be run."""
    return ScriptOutcome((_summary(file, (), None, error),), (), (str(error),), error.exit_code)


def finite(record: Mapping[str, Any]) -> Record:
    """Return the record with None for infinities and NaN, which JSON does not have."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in record.items()
    }


def mismatch_message(file: str, wrong: WrongLine, times: int = 1) -> str:
    """Return what a line came to and what it should have, from the model's own state before it.

    >>> p.lx:3: mismatch in `b = a * 2`: expected b = 10; got b = 9
    """
    return f"{file}:{wrong}{f' ({times} times)' if times > 1 else ''}"


def _run_filled(
    session: Session, text: str, *, file: str, show: Show, watch: Watch, seed: int, json: bool
) -> ScriptOutcome:
    solution = session.synth(text, script=True, seed=seed)
    if solution.reason == INTERRUPTED:
        raise KeyboardInterrupt
    record: Record = {
        "file": file,
        "filled": solution.program,
        "fills": list(solution.fills),
        "found_by": solution.found_by,
        "evaluations": solution.evaluations,
        "reason": solution.reason,
    }
    if solution.program is None:
        best = f"; best {solution.best} at {solution.loss:.4g} nats" if solution.best else ""
        unfilled = failed(SynthesisError(f"{file}: not filled: {solution.reason}{best}"), file=file)
        return replace(unfilled, records=(record, *unfilled.records), exit_code=FAILED)
    result = session.run(solution.program, file=file, show=show, watch=watch)
    outcome = _completed(result, file=file, check=session.check, json=json)
    return replace(outcome, records=(record, *outcome.records), filled=solution.program)


def _completed(result: Result, *, file: str, check: bool, json: bool) -> ScriptOutcome:
    records = tuple(_line_record(file, executed, check=check) for executed in (result.executed if json else ()))
    problems = _disagreements(file, result) if check else []
    if result.error is not None:
        problems.append(
            f"{file}:{result.error.line}: {result.error.kind}: {result.error.message}{_within(result.error)}"
        )
    matched = sum(executed.match is True for executed in result.executed) if check else None
    summary = _summary(file, result.executed, matched, result.error, result.seconds, result.costs)
    executed = len(result.executed)
    verdict = f"{file}: {matched} of {executed} executed lines agree with CPython" if check else None
    return ScriptOutcome(
        (*records, summary), result.output, tuple(problems), FAILED if problems else DONE, verdict=verdict
    )


def _disagreements(file: str, result: Result) -> list[str]:
    """Return where the model left CPython's way, and each line that is wrong by itself, once for all its rounds."""
    began = [] if result.divergence is None else [f"{file}: {result.divergence}"]
    wrong_lines = list(Counter(result.wrong).items())
    lines = [mismatch_message(file, wrong, times) for wrong, times in wrong_lines[:FIRST_LINES]]
    if len(wrong_lines) > FIRST_LINES:
        lines.append(f"{file}: and {len(wrong_lines) - FIRST_LINES} more mismatches")
    if result.match is False and not began and not lines:
        return [f"{file}: mismatch: CPython ends otherwise, with {describe(result.expected or {})}"]
    return [*began, *lines]


def _line_record(file: str, executed: Executed, *, check: bool) -> Record:
    record: Record = {
        "file": file,
        "line": executed.line,
        "source": executed.source,
        "state": _json_state(executed.state),
        "steps": executed.steps,
        "confidence": round(executed.confidence, 6),
        "output": list(executed.output),
    }
    if check:
        record["expected"] = None if executed.expected is None else _json_state(executed.expected)
        record["match"] = executed.match
    return finite(record)


def _json_state(state: State) -> Record:
    return {name: as_json(value) for name, value in state.items()}


def _summary(
    file: str,
    executed: tuple[Executed, ...],
    matched: int | None,
    error: LatentReplError | None,
    seconds: float = 0.0,
    costs: Counts = NO_COUNTS,
) -> Record:
    return {
        "file": file,
        "summary": True,
        "lines": len(executed),
        "steps": sum(line.steps for line in executed),
        "matched": matched,
        "error": None if error is None else _error_record(error),
        "seconds": round(seconds, 4),
        **costs.record,
    }


def _within(error: ProgramError) -> str:
    return "" if error.function is None else f" (line {error.function[1]} of {error.function[0]})"


def _error_record(error: LatentReplError) -> Record:
    if isinstance(error, ProgramError):
        function = {} if error.function is None else {"function": error.function[0], "function_line": error.function[1]}
        return {"type": error.kind, "line": error.line, "message": error.message, **function}
    if isinstance(error, LxSyntaxError):
        # Python's own names, as a program's errors have them: SyntaxError, NameError.
        return {"type": type(error).__name__.removeprefix("Lx"), "line": error.line, "message": error.message}
    return {"type": type(error).__name__, "line": None, "message": str(error)}
