"""Synthesis problems of the command line: read them, solve each, make the records.

{"id": "t1", "problem": "a=71; a+? == 18"} --solve_task--> TaskAnswer
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latent_repl.cli.scripts import finite
from latent_repl.errors import LatentReplError, UsageError
from latent_repl.exits import DONE, FAILED, INTERRUPTED
from latent_repl.files import Record, read_objects
from latent_repl.synthesis.options import Options
from latent_repl.synthesis.result import INTERRUPTED as INTERRUPTED_REASON

if TYPE_CHECKING:
    from latent_repl.session import Session
    from latent_repl.synthesis.result import Progress, Solution

    Watched = Callable[[], AbstractContextManager[Callable[[Progress], None]]]


@dataclass(frozen=True)
class Task:
    """A problem and the name that its file gives it; None for one from the command line."""

    id: Any
    problem: str


@dataclass(frozen=True)
class TaskAnswer:
    """What became of a task: a solution, found or not, or why the problem could not be specified."""

    task: Task
    options: Options
    solution: Solution | None
    problem_with_it: str = ""

    @property
    def exit_code(self) -> int:
        """0 solved, 1 not, 2 not a problem, 130 interrupted."""
        if self.solution is None:
            return LatentReplError.exit_code
        if self.solution.reason == INTERRUPTED_REASON:
            return INTERRUPTED
        return DONE if self.solution.solved else FAILED

    @property
    def record(self) -> Record:
        """The JSON object of the answer."""
        if self.solution is not None:
            return {"id": self.task.id, **_solution_record(self.solution, self.options)}
        return {
            "id": self.task.id,
            "problem": self.task.problem,
            "solved": False,
            "verified": False,
            "program": None,
            "fills": [],
            "found_by": None,
            "evaluations": 0,
            "refuted": 0,
            "oracle_runs": 0,
            "best": None,
            "loss": None,
            "reason": self.problem_with_it,
            "seconds": 0.0,
            "search": self.options.search,
            "seed": self.options.seed,
        }


def read_tasks(problems: Sequence[str], file: Path | None) -> list[Task]:
    """Return the problems given as words, then those of the file.

    Raises UsageError if there is none or the file has a line that is none.
    """
    tasks = [Task(None, problem) for problem in problems]
    if file is not None:
        tasks += [Task(record.get("id"), record["problem"]) for record in read_objects(file, "problem")]
    if not tasks:
        raise UsageError('no problem given, write one such as "a=71; a+? == 18", or --file TASKS.jsonl')
    return tasks


def solve_task(task: Task, session: Session, options: Options, watched: Watched) -> TaskAnswer:
    """Return what becomes of a task. watched: opens what is told how far the search is."""
    try:
        with watched() as progress:
            return TaskAnswer(task, options, session.synth(task.problem, progress=progress, **asdict(options)))
    except LatentReplError as error:
        return TaskAnswer(task, options, None, str(error))


def _solution_record(solution: Solution, options: Options) -> Record:
    record = asdict(solution)
    programs, _ = record.pop("programs", ()), record.pop("curve", ())
    if solution.warning is None:
        del record["warning"]
    if options.all_solutions > 1:
        record["programs"] = list(programs)
    return finite({**record, "fills": list(solution.fills)})
