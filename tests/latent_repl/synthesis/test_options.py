"""The options of a search, and the table of searches."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from latent_repl.errors import UsageError
from latent_repl.synthesis.options import OPTIONS, SEARCHES, Options
from latent_repl.synthesis.searches.base import load_search


@pytest.mark.parametrize("name", SEARCHES)
def test_every_name_leads_to_a_search_that_is_made_of_a_setting_alone(name: str) -> None:
    assert [*inspect.signature(load_search(name)).parameters] == ["setting"]


def test_options_are_written_as_users_know_them() -> None:
    assert [*OPTIONS] == ["search", "budget", "timeout", "all", "seed"]
    assert OPTIONS["all"].field == "all_solutions"
    assert Options(**{option.field: option.default for option in OPTIONS.values()}) == Options()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(search="grid"), "no search 'grid'; take one of auto, gp, inverse"),
        (Options(search="unguessed"), "no search 'unguessed' any more: the processes alone are search gp"),
        (Options(budget=0), "budget is 0; give a number above 0"),
        (Options(timeout=float("nan")), "timeout is nan"),
        (Options(all_solutions=0), "all is 0"),
    ],
)
def test_options_that_let_nothing_happen_are_refused(options: Options, message: str) -> None:
    Options().check()
    with pytest.raises(UsageError, match=message):
        options.check()


@pytest.mark.parametrize(
    ("module", "heavy"),
    [("options", ("numpy", "torch")), ("solve", ("torch", "gpytorch", "botorch")), ("bayesian.search", ("botorch",))],
)
def test_libraries_wait_for_the_search_that_needs_them(module: str, heavy: tuple[str, ...]) -> None:
    code = f"import sys, latent_repl.synthesis.{module}; sys.exit(any(name in sys.modules for name in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
