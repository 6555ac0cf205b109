"""Every case of movement, and lines of every operator, through a checkpoint.

    python -m training.rows.exhaustive base

    {"operator": "take", "cases": 847, "wrong": 0, "unsure": 2, "least": 1.7, "lines": 20000, "misread": 0}

    every case --scan, bf16--> sure or unsure --the package's own inference--> right or wrong

A case is wrong if any field that has a say is chosen otherwise than `movement.decide` says; least: the smallest margin
of the scan. Lines are read from their own code latents: target, operator, addresses and literals. All cases take some
minutes.
"""

from __future__ import annotations

import json
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from grammar.core_lines.movement import Cases, every_case
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load, load_reference
from training.evaluation.misread import misdecoded_tokens, misread_lines
from training.rows.lines import Lines
from training.rows.scan import SURE, CaseScanner

# Cases at once. Chosen.
CHUNK = 8192


def wrong_cases(model: NumpyInterpreter, cases: Cases) -> NDArray[np.bool_]:
    """Return which cases the mover, as it runs in the package, decides wrong."""
    assert model.rows is not None, "the checkpoint has rows"
    mover, table = model.rows.mover, model.state_vae.latent_table
    parts = [np.zeros(0, bool)]
    for start in range(0, len(cases), CHUNK):
        some = cases[np.arange(start, min(start + CHUNK, len(cases)))]
        chosen = mover.choose(some.operators, table[some.seen.astype(np.int64)])
        parts.append(((chosen != some.asked) & (some.asked >= 0)).any(1))
    return np.concatenate(parts)


def wrong_references(model: NumpyInterpreter) -> int:
    """Return how many references are not followed by the next one."""
    assert model.rows is not None, "the checkpoint has rows"
    chosen = model.rows.mover.following(model.rows.places.references).argmax(-1)
    return int((chosen != np.arange(1, len(chosen) + 1)).sum())


def main(
    checkpoint: str,
    operator: Annotated[list[str] | None, typer.Option(help="only these")] = None,
    farthest: Annotated[int | None, typer.Option(help="largest number met with all lengths; all if left out")] = None,
    lines: Annotated[int, typer.Option(help="lines to read in all")] = 20_000,
    seed: int = 0,
    threads: int = 1,
) -> None:
    """Count what CHECKPOINT moves or reads wrong, for each operator."""
    torch.set_num_threads(threads)
    model, scanner = load(checkpoint), CaseScanner(load_reference(checkpoint))
    assert isinstance(model, NumpyInterpreter) and model.rows is not None, "the checkpoint has rows"
    generator, vocabulary = np.random.default_rng(seed), model.vocabulary
    places, drawn = Lines(vocabulary).draw(generator, lines)
    print(json.dumps({"tokens": len(vocabulary), "misdecoded": misdecoded_tokens(model)}))
    print(json.dumps({"references": len(model.rows.places.references), "wrong": wrong_references(model)}))
    for symbol in operator or vocabulary.operators:
        numbers = None if farthest is None else range(-farthest, farthest + 1)
        cases = every_case(symbol, vocabulary, model.config.cells, generator, numbers=numbers)
        margins = scanner.margins(cases)
        unsure = cases[np.flatnonzero(margins < SURE)]
        wrong = wrong_cases(model, unsure)
        mine = places == vocabulary.operators.index(symbol)
        row = {"operator": symbol, "cases": len(cases), "wrong": int(wrong.sum()), "unsure": len(unsure)}
        row |= {"least": round(float(margins.min()), 2), "lines": int(mine.sum())}
        print(json.dumps({**row, "misread": misread_lines(model, drawn[mine])}), flush=True)
        for seen in unsure.seen[wrong][:3].tolist():
            print("   ", symbol, *(vocabulary.tokens[identifier] for identifier in seen), flush=True)


if __name__ == "__main__":
    typer.run(main)
