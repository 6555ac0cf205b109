"""Fills of many cells: whole strings and lists, each told by running the text backwards.

    "catch"[len(s):]  --network-->  "tch"  --filled in-->  s = "ca"; assert s + "tch" == "catch"  --network-->  it holds

No core line has such a literal, so there is no code latent to search for: what a witness comes to is filled into the
text, and the text runs. Where a list is asked for and none of these is right, the hole is opened: `xs = ?` becomes
`xs = [?, ?]`, a problem of its own.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Sequence
from itertools import islice, product

import numpy as np

from latent_repl.errors import LatentReplError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.parsing.holes import written_for_hole
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program
from latent_repl.language.python_values import shown
from latent_repl.machine import Machine
from latent_repl.records import Run
from latent_repl.results import state_of
from latent_repl.synthesis.inversion.witnesses import MOST, before_witnesses, witnesses
from latent_repl.synthesis.objective import FAILURE_NATS, Score
from latent_repl.synthesis.problem.domains import Atoms, Filling
from latent_repl.synthesis.problem.problem import Problem
from latent_repl.timeline import Snapshot

# The longest list of numbers that is searched for, by holes of its own. Chosen.
LONGEST = 3
# Core lines that a text may take with a fill in it: a quotient of long fractions takes thousands. Chosen.
STEPS = 4_000


class WholeValues:
    """Proposes and scores whole values for the holes of a problem, from a point of a session."""

    def __init__(self, problem: Problem, machine: Machine, snapshot: Snapshot) -> None:
        self.problem, self.machine, self.snapshot = problem, machine, snapshot

    def fillings(self) -> list[Filling]:
        """Return what the witnesses come to, none where a hole stands for a number or for a whole line."""
        domains = self.problem.space.domains
        if not all(isinstance(domain, Atoms) and domain.characters for domain in domains):
            return []
        found = witnesses(self.problem.statements, self.problem.conditions)
        texts = self._values([(hole, each) for hole, every in found.items() for each in every])
        return [*islice(product(*(texts.get(hole, {}) for hole in range(len(domains)))), MOST)]

    def _values(self, expressions: Sequence[tuple[int, str]]) -> dict[int, dict[str, None]]:
        """Return what expressions come to, as literals, by the holes that they are for."""
        before = [*map(ast.unparse, before_witnesses(self.problem.written))]
        name = "whole"
        while name in self.problem.text or name in self.snapshot.names:
            name += "_"
        programs = [(hole, self._lowered("\n".join([*before, f"{name} = {each}"]))) for hole, each in expressions]
        said = [(hole, program) for hole, program in programs if program is not None]
        values = dict[int, dict[str, None]]()
        for (hole, program), run in zip(said, self._run([program for _, program in said]), strict=True):
            if run.error is None:
                [decoded] = self.machine.decode(run.latents[None], [run.heap])
                text = shown(state_of(decoded.values, program.names, run.defined, decoded.rows).get(name))
                known = values.setdefault(hole, {})
                # Of 20 and 20.0 the first that was found is enough.
                if _is_literal(text) and text.removesuffix(".0") not in known:
                    known[text] = None
        return values

    def opened(self, fillings: Sequence[Filling]) -> list[str]:
        """Return the texts with a list of holes in the hole's place, if a witness came to a list of numbers."""
        values = [ast.literal_eval(str(filling[0])) for filling in fillings if len(filling) == 1]
        lists = [each for each in values if isinstance(each, list) and all(type(part) is int for part in each)]
        told = [len(each) for each in lists if 1 < len(each) <= LONGEST]
        lengths = dict.fromkeys([*told, *range(2, LONGEST + 1), 1]) if lists else ()
        return [written_for_hole(self.problem.text, f"[{', '.join('?' * length)}]") for length in lengths]

    def score(self, fillings: Sequence[Filling]) -> list[Score]:
        """Return one score a filling: what the text ends in, its constraints as assertions."""
        programs = [self._lowered(self.problem.source(filling)) for filling in fillings]
        runs = iter(self._run([program for program in programs if program]))
        return [self._score(next(runs)) if program else Score(FAILURE_NATS, False) for program in programs]

    def _score(self, run: Run) -> Score:
        if run.error is not None:
            return Score(FAILURE_NATS, False)
        [decoded] = self.machine.decode(run.latents[None], [run.heap])
        return Score(max(0.0, -math.log(max(run.certain * decoded.confidence, math.exp(-FAILURE_NATS)))), True)

    def _lowered(self, text: str) -> Program | None:
        """Return a text's program, None where it is no Lx or does not fit."""
        limits, point = self.machine.model.config, self.snapshot
        low, high, names = limits.minimum, limits.maximum, point.names
        try:
            tree = parse(text, minimum=low, maximum=high, names=names, functions=point.functions, rows=True)
            return lower(tree, slots=limits.slots, names=names, minimum=low, maximum=high, rows=True)
        except LatentReplError:
            return None

    def _run(self, programs: Sequence[Program]) -> list[Run]:
        if not programs:
            return []
        point, count = self.snapshot, len(programs)
        return self.machine.run(
            programs,
            np.stack([point.latents] * count),
            defined=[point.defined] * count,
            heaps=[point.heap] * count,
            step_budget=STEPS,
            record=False,
        )


def _is_literal(text: str) -> bool:
    try:
        ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return False
    return True
