"""What a worker does with a piece of work: a file, a problem, a batch of programs. Its session is opened once.

    Workers(jobs=4).results(partial(run_piece, Warm(partial(settings.open_session, check=True))), files)

What a person is told meanwhile, `show`, `watch` and `watched`, stays with a process that does its own work.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from latent_repl.cli.scripts import ScriptOutcome, run_file
from latent_repl.cli.tasks import Task, TaskAnswer, solve_task
from latent_repl.synthesis.options import Options

if TYPE_CHECKING:
    from latent_repl.cli.tasks import Watched
    from latent_repl.evaluation import BatchRecords, Case
    from latent_repl.machine import Machine
    from latent_repl.published import Question
    from latent_repl.session import Session


@dataclass(frozen=True)
class Warm:
    """A session that each process opens when it first needs it, and keeps.

    open: opens it; it is sent to the workers in the session's place. watch: is told how many steps there were.
    command: tells the commands of a process apart.
    """

    open: Callable[[], Session] = field(compare=False)
    watch: Callable[[int], None] | None = field(default=None, compare=False)
    command: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def session(self) -> Session:
        """The session of this process."""
        return _opened(self)

    @property
    def machine(self) -> Machine:
        """A machine on the session's model, in its mode."""
        return _machine(self)


@lru_cache(maxsize=1)
def _opened(warm: Warm) -> Session:
    return warm.open()


@lru_cache(maxsize=1)
def _machine(warm: Warm) -> Machine:
    from latent_repl.machine import Machine

    return Machine(warm.session.model, warm.session.mode, warm.watch or _unwatched)


def _unwatched(steps: int) -> None:
    """Tell nobody."""


def run_piece(
    warm: Warm, file: str, *, show: Callable[[str], None] | None = None, seed: int = 0, json: bool = True
) -> tuple[ScriptOutcome, str]:
    """Run a script on a fresh session; return what it came to, and its output where nothing shows it at once."""
    texts = list[str]()
    warm.session.reset()
    outcome = run_file(
        warm.session, file, show=show or texts.append, watch=warm.watch or _unwatched, seed=seed, json=json
    )
    return outcome, "".join(texts)


def solve_piece(warm: Warm, options: Options, task: Task, *, watched: Watched | None = None) -> TaskAnswer:
    """Return what becomes of a synthesis problem."""
    return solve_task(task, warm.session, options, watched or (lambda: nullcontext(lambda progress: None)))


def evaluate_piece(warm: Warm, show_wrong: bool, cases: Sequence[Case]) -> BatchRecords:
    """Compare a batch of programs with exact execution."""
    from latent_repl.evaluation import evaluate_batch

    return evaluate_batch(cases, warm.machine, show_wrong=show_wrong)


def answer_piece(warm: Warm, name: str, show_wrong: bool, questions: Sequence[Question]) -> BatchRecords:
    """Compare a batch of programs with their published answers."""
    from latent_repl.published import answer_batch

    return answer_batch(questions, name, warm.machine, show_wrong=show_wrong)
