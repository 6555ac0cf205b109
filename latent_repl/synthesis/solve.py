"""Find the fills: propose, score, let the oracle judge what the model believes, until one passes.

text --pose--> problem --propose--> fillings --score--> nats, belief --judge--> solution
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from latent_repl.errors import ProgramError, UsageError
from latent_repl.synthesis.bayesian.inputs import CodeGeometry, Geometry, PermutedGeometry, ReadGeometry, ValueGeometry
from latent_repl.synthesis.bayesian.search import GaussianProcessSearch
from latent_repl.synthesis.hunt import Hunt
from latent_repl.synthesis.inversion.batch import Inversion
from latent_repl.synthesis.inversion.proposals import Guesses
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.synthesis.problem.specification import pose
from latent_repl.synthesis.result import Progress, Solution
from latent_repl.synthesis.searches.base import Search, Setting
from latent_repl.synthesis.searches.enumeration import (
    ExecutorArgmin,
    OrderedEnumeration,
    RandomDraws,
    ShuffledEnumeration,
)
from latent_repl.synthesis.searches.evolution import CovarianceMatrixAdaptation, CrossEntropyMethod
from latent_repl.synthesis.searches.hill_climbing import HillClimbing
from latent_repl.synthesis.searches.z3_search import ConstraintSolver

if TYPE_CHECKING:
    from latent_repl.session import Session

__all__ = ["SEARCHES", "Progress", "Solution", "solve"]

SEARCHES: dict[str, Callable[[Setting], Search]] = {
    "gp": lambda setting: _process_search(
        setting,
        ReadGeometry(setting.space, setting.model),
        Guesses(setting.space, Inversion(setting.objective), setting.objective),
    ),
    "random": lambda setting: RandomDraws(setting.space, setting.seed),
    "ordered": lambda setting: OrderedEnumeration(setting.space),
    "shuffled": lambda setting: ShuffledEnumeration(setting.space, setting.seed),
    "argmin": lambda setting: ExecutorArgmin(setting.space, setting.seed),
    "hill": lambda setting: HillClimbing(setting.space, setting.seed),
    "cem": lambda setting: CrossEntropyMethod(setting.space, setting.model, setting.seed),
    "cma": lambda setting: CovarianceMatrixAdaptation(setting.space, setting.model, setting.seed),
    "gradient": lambda setting: _gradient(setting),
    "z3": ConstraintSolver,
    "unguessed": lambda setting: _process_search(setting, ReadGeometry(setting.space, setting.model)),
    "permuted": lambda setting: _process_search(setting, PermutedGeometry(setting.space, setting.model, setting.seed)),
    "latents": lambda setting: _process_search(setting, CodeGeometry(setting.space, setting.model)),
    "value": lambda setting: _process_search(setting, ValueGeometry(setting.space)),
}
"""What `--search` takes; the last four are controls, which show what guesses and latents are worth to the process."""

INTERRUPTED = "interrupted"


def solve(
    problem: str,
    *,
    session: Session,
    search: str = "gp",
    budget: int = 512,
    timeout: float = 30.0,
    seed: int = 0,
    all_solutions: int = 1,
    progress: Callable[[Progress], None] | None = None,
    script: bool = False,
) -> Solution:
    """Fill the holes of a problem, starting from the session's state; the session is left as it is.

    budget: evaluations, i.e. distinct filled programs scored. timeout: seconds, from when the search is ready.
    all_solutions: how many verified programs end the search.
    script: whether only its `assert` lines are constraints.

    An interrupt ends the search, and what it found so far is returned.
    Raises LxSyntaxError and SynthesisError for a text that is no problem, CapacityError, and UsageError for options.
    """
    _check_options(search, budget, timeout, all_solutions)
    started = time.monotonic()
    posed = pose(
        problem,
        names=session.names,
        defined=session.defined,
        limits=session.model.config,
        functions=session.functions,
        script=script,
        vocabulary=session.model.vocabulary,
    )
    hunt = Hunt(posed, session, all_solutions, progress)
    try:
        objective = _objective(posed, session)
        strategy = SEARCHES[search](Setting(posed, objective, seed))
        reason = hunt.run(strategy, objective, budget, time.monotonic() + timeout)
    except ProgramError as error:
        reason = f"the program fails before its first hole: {error}"
    except KeyboardInterrupt:
        reason = INTERRUPTED
    return hunt.solution(reason, seconds=time.monotonic() - started, search=search, seed=seed)


def _objective(problem: Problem, session: Session) -> Objective:
    from latent_repl.machine import Machine

    machine = Machine(session.model, session.mode)
    defined = frozenset(session.defined)
    starts = [run_prefix(example, machine, session.latents, defined) for example in problem.examples]
    return Objective(problem, machine, starts)


def _process_search(setting: Setting, geometry: Geometry, guesses: Guesses | None = None) -> Search:
    return GaussianProcessSearch(setting.space, geometry, setting.objective, setting.seed, guesses)


def _gradient(setting: Setting) -> Search:
    from latent_repl.synthesis.searches.gradient import (
        GradientDescent,  # the torch model, which nothing else here needs
    )

    return GradientDescent(setting)


def _check_options(search: str, budget: int, timeout: float, all_solutions: int) -> None:
    if search not in SEARCHES:
        raise UsageError(f"there is no search {search!r}; take one of {', '.join(SEARCHES)}")
    for name, value in (("budget", budget), ("timeout", timeout), ("all", all_solutions)):
        if not value > 0:
            raise UsageError(f"{name} is {value}; give a number above 0")
