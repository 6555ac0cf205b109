"""How many evaluations each search needs: `python -m tests.benchmarks.synthesis [--model base] [--tasks 100]`.

Draws solvable problems `a=X; a+? == Y`, X, Y and the difference in the checkpoint's range, and prints one table.
"""

from __future__ import annotations

import random
import statistics
from typing import Annotated

import typer

from latent_repl import Session
from latent_repl.synthesis.search import SEARCHES, Solution, solve

WITHIN = 128


def draw_problems(count: int, limit: int, seed: int) -> list[str]:
    """Return so many problems; each of X, Y in [-limit, limit] whose difference is in range is equally likely."""
    generator, problems = random.Random(seed), list[str]()
    while len(problems) < count:
        x, y = generator.randint(-limit, limit), generator.randint(-limit, limit)
        if abs(y - x) <= limit:
            problems.append(f"a={x}; a+? == {y}")
    return problems


def table_row(search: str, solutions: list[Solution]) -> str:
    """Return one search's row."""
    solved = [solution for solution in solutions if solution.verified]
    within = sum(solution.evaluations <= WITHIN for solution in solved)
    evaluations = statistics.median(solution.evaluations for solution in solutions)
    oracle_runs = max(solution.oracle_runs for solution in solutions)
    seconds = statistics.median(solution.seconds for solution in solutions)
    return f"| {search} | {len(solved)} | {within} | {evaluations:g} | {oracle_runs} | {seconds:.2f} |"


def main(
    model: Annotated[str, typer.Option(help="The checkpoint.")] = "base",
    tasks: Annotated[int, typer.Option(help="Problems.")] = 100,
    search: Annotated[list[str] | None, typer.Option(help="Searches; all if not given.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the problems; problem i is searched with seed i.")] = 0,
    limit: Annotated[int, typer.Option(help="Largest magnitude of the problems' numbers.")] = 99,
) -> None:
    """Print the table, one row a search."""
    session = Session(model, check=False)
    problems = draw_problems(tasks, limit, seed)
    print(f"| search | verified of {tasks} | within {WITHIN} | median evaluations | oracle runs, at most | seconds |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name in search or SEARCHES:
        solutions = [
            solve(problem, session=session, search=name, seed=number) for number, problem in enumerate(problems)
        ]
        print(table_row(name, solutions), flush=True)


if __name__ == "__main__":
    typer.run(main)
