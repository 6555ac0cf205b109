"""The options of a search, and the searches there are: declared once, for command line, REPL, Python and tasks.

Options(search="hill", budget=64)     what `--search hill --budget 64` says

Nothing else of the package is imported here, and no search before it is asked for: `--help` and Tab must not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, NamedTuple

from latent_repl.errors import UsageError

_BAYESIAN = "latent_repl.synthesis.bayesian.search"
_SEARCHES = "latent_repl.synthesis.searches"

SEARCHES: dict[str, str] = {
    "auto": f"{_BAYESIAN}:InverseThenProcesses",
    "gp": f"{_BAYESIAN}:GaussianProcessSearch",
    "inverse": "latent_repl.synthesis.inversion.search:InverseSearch",
    "latents": f"{_BAYESIAN}:ProcessesOnLatents",
    "box": "latent_repl.synthesis.bayesian.box_search:ProcessInBox",
    "uniform": f"{_SEARCHES}.uniform:UniformPoints",
    "random": f"{_SEARCHES}.enumeration:RandomDraws",
    "ordered": f"{_SEARCHES}.enumeration:OrderedEnumeration",
    "shuffled": f"{_SEARCHES}.enumeration:ShuffledEnumeration",
    "argmin": f"{_SEARCHES}.enumeration:ExecutorArgmin",
    "hill": f"{_SEARCHES}.hill_climbing:HillClimbing",
    "cem": f"{_SEARCHES}.evolution:CrossEntropyMethod",
    "cma": f"{_SEARCHES}.evolution:CovarianceMatrixAdaptation",
    "gradient": f"{_SEARCHES}.gradient:GradientDescent",
    "z3": f"{_SEARCHES}.z3_search:ConstraintSolver",
    "permuted": f"{_BAYESIAN}:ProcessesOnPermuted",
    "value": f"{_BAYESIAN}:ProcessesOnValues",
}
"""What `--search` takes, and the class behind each as `module:Class`; the first are the package's own, then come their
rivals, and last two controls, which show what latents do for the processes. A search of one's own is one line more."""

RENAMED = {"unguessed": "the processes alone are search gp now; what gp was, backwards first, is auto, the default"}
"""Earlier names of searches, and what to say to who writes one."""

MAXIMUM_SEED = 2**63 - 1
"""What every generator of random numbers takes."""


def _option(
    default: Any, text: str, *, least: int | float | None = None, metavar: str | None = None, name: str = ""
) -> Any:
    return field(default=default, metadata={"help": text, "least": least, "metavar": metavar, "name": name})


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to search, and for how long.

    budget: evaluations, i.e. distinct filled programs scored. timeout: seconds, from when the search is ready.
    all_solutions: how many verified programs end the search.
    """

    search: str = _option("auto", "How to search.", metavar="NAME")
    budget: int = _option(512, "Evaluations at most.", least=1)
    timeout: float = _option(30.0, "Seconds at most, for each problem.", least=0.0)
    all_solutions: int = _option(1, "Look for N solutions.", least=1, metavar="N", name="all")
    seed: int = _option(0, "Seed of everything drawn at random.", least=0, metavar="N")

    def check(self) -> None:
        """Raise UsageError for a search that there is not, or no longer, and for limits that let nothing happen."""
        if self.search in RENAMED:
            raise UsageError(f"there is no search {self.search!r} any more: {RENAMED[self.search]}")
        if self.search not in SEARCHES:
            raise UsageError(f"there is no search {self.search!r}; take one of {', '.join(SEARCHES)}")
        for name, value in (("budget", self.budget), ("timeout", self.timeout), ("all", self.all_solutions)):
            if not value > 0:
                raise UsageError(f"{name} is {value}; give a number above 0")
        if not 0 <= self.seed <= MAXIMUM_SEED:
            raise UsageError(f"seed is {self.seed}; give a number from 0 to {MAXIMUM_SEED}")


def named_options(given: Mapping[str, Any]) -> Options:
    """Return the options that were given by name. Raises UsageError for one that there is not, or of another kind."""
    known = {item.name: type(item.default) for item in fields(Options)}
    for name, value in given.items():
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there is {', '.join(known)}"
            raise UsageError(f"a search has no option {name!r}; {hint}")
        kinds = (int, float) if known[name] is float else (known[name],)
        if not isinstance(value, kinds) or isinstance(value, bool):
            raise UsageError(f"{name} is {value!r}; give {'a text' if known[name] is str else 'a number'}")
    return Options(**given)


class Option(NamedTuple):
    """One option as a user writes it: `--name value`.

    field: its name in Options. least: the smallest value that it takes.
    """

    name: str
    field: str
    type: type
    default: Any
    help: str
    least: int | float | None
    metavar: str | None


def _written(item: Any) -> Option:
    assert item.default is not MISSING, "every option has a default"
    notes = item.metadata
    name = notes["name"] or item.name
    return Option(name, item.name, type(item.default), item.default, notes["help"], notes["least"], notes["metavar"])


OPTIONS: dict[str, Option] = {option.name: option for option in map(_written, fields(Options))}
"""Every option by the name that users write."""
