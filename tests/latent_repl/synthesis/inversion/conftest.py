"""What the tests of running backwards share: a problem's objective, and what is proposed for its holes."""

from __future__ import annotations

from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.synthesis.inversion.batch import Candidate, Inversion
from latent_repl.synthesis.objective import Objective, run_prefix
from latent_repl.synthesis.problem.domains import Filling
from latent_repl.synthesis.problem.specification import specify


def objective_of(text: str, model: Interpreter) -> Objective:
    """Return the objective of a problem that starts from the empty state."""
    problem = specify(text, names={}, defined=frozenset(), limits=model.config)
    machine = Machine(model)
    starts = [run_prefix(example, machine, machine.empty_state(), frozenset()) for example in problem.examples]
    return Objective(problem, machine, starts)


def candidates(text: str, model: Interpreter, *fillings: Filling) -> list[Candidate]:
    objective = objective_of(text, model)
    return Inversion(objective).candidates(fillings or [objective.problem.space.at(0)])
