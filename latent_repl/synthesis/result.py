"""What a search reports: while it goes on, and at its end."""

from __future__ import annotations

from dataclasses import dataclass

from latent_repl.markup import block, brief, table

ONE_EXAMPLE = "it fits the one example given, as others may: a second example tells them apart"
INTERRUPTED = "interrupted"
"""The reason of a search that the user ended."""

SOURCES: dict[str, str] = {
    "inverse": "running backwards",
    "gp": "the Gaussian process",
    "inverse+gp": "the Gaussian process among what running backwards proposed",
    "secant": "the straight line through two outcomes",
    "prior": "a likely draw",
    "box": "the Gaussian process in the box",
    "spread": "one of the first points, spread over the box",
    "uniform": "uniform draws from the box",
    "random": "random draws",
    "ordered": "enumeration in order",
    "shuffled": "shuffled enumeration",
    "argmin": "scoring every fill",
    "hill": "hill climbing",
    "cem": "the cross-entropy method",
    "cma": "CMA-ES",
    "gradient": "gradient descent",
    "z3": "the solver z3",
}
"""What fills come from, `Solution.found_by`, and in words: parts of the package's own searches, and the rivals."""


@dataclass(frozen=True)
class Progress:
    """How far a search has come; `best_program`, of those scored, is not verified; None before the first."""

    evaluations: int = 0
    best_loss: float | None = None
    best_program: str | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Solution:
    """The outcome of one problem; the fields of the command line's JSON object, and all verified programs.

    solved, verified: equal, for nothing unverified counts as a solution.
    program, fills: the first verified program and what fills its holes; None and empty where there is none.
    found_by: what proposed it, a key of `SOURCES` or the name of a search; None where there is none.
    evaluations: distinct filled programs, or points of the box, that executor and decoder scored.
    refuted: programs that satisfied the constraints by the model and not by the oracle.
    oracle_runs: programs that the oracle ran, refuted + 1 if the first solution ends the search.
    best, loss: the filled pieces with the smallest loss and that loss in nats; of the solution, if there is one.
    reason: why the search ended without as many solutions as were asked for, None where it has them.
    programs: all verified ones, the likeliest first. curve: the smallest loss so far after each round.
    warning: what to know of a solution that fits, and may not be the one that was meant.
    """

    problem: str
    solved: bool
    verified: bool
    program: str | None
    fills: tuple[str, ...]
    found_by: str | None
    evaluations: int
    refuted: int
    oracle_runs: int
    best: str | None
    loss: float | None
    reason: str | None
    seconds: float
    search: str
    seed: int
    programs: tuple[str, ...] = ()
    curve: tuple[float, ...] = ()
    warning: str | None = None

    @property
    def found(self) -> str:
        """What found the first solution, and after how many evaluations; without one, the evaluations.

        `found by running backwards, 1 evaluation`; `found by the Gaussian process after 24 evaluations`
        """
        count = f"{self.evaluations} evaluation{'' if self.evaluations == 1 else 's'}"
        if self.found_by is None:
            return count
        source = SOURCES.get(self.found_by, f"search {self.found_by}")
        return f"found by {source}{',' if self.evaluations == 1 else ' after'} {count}"

    def __repr__(self) -> str:
        answer = {"fills": self.fills, "found_by": self.found_by} if self.solved else {"reason": self.reason}
        cost = {"evaluations": self.evaluations, "search": self.search}
        return brief("Solution", problem=self.problem, solved=self.solved, **answer, **cost)

    def _repr_html_(self) -> str:
        """What a notebook shows: the verified programs, or why there is none, and what the search cost."""
        text = "\n\n".join(self.programs) if self.solved else f"not solved: {self.reason}; best {self.best}"
        verdict = "verified by CPython" if self.verified else "not verified"
        cost = (verdict, self.found, str(self.refuted), f"{self.seconds:.2f}", self.search)
        return block(text) + table(("verdict", "found", "refuted", "seconds", "search"), [cost])
