"""Every case of movement, and lines of every operator, through a checkpoint.

    python -m training.rows.exhaustive runs/base-rows/checkpoint

    {"operator": "take", "cases": 847, "wrong": 0, "unsure": 2, "least": 1.7, "lines": 20000, "misread": 0}

    every case --scan, bf16--> sure or unsure --the package's own inference--> right or wrong

A case is wrong if any field that has a say is chosen otherwise than `movement.decide` says; least: the smallest margin
of the scan. `--hard runs/RUN/hard.npy` adds those with a small margin to what that run draws hard cases from. Lines are
read from their own code latents: target, operator, addresses and literals. All cases take some minutes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import torch
import typer
from numpy.typing import NDArray

from grammar.core_lines.movement import Cases, every_case
from latent_repl.language.operators import ROW_STATUSES, STATUSES
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.load import load, load_reference
from training.evaluation.misread import misread_lines
from training.mined import MinedRows
from training.rows.lines import Lines
from training.rows.scan import SURE, CaseScanner

# Cases at once. Nats by which a token has to lead, and below which a case is hard. Chosen.
CHUNK, MARGIN, LEAD = 8192, 2.0, 8.0


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


def misdecoded_tokens(model: NumpyInterpreter) -> dict[str, float]:
    """Return the tokens that cells, headers and statuses hold and that do not decode to themselves by MARGIN nats, with
    by how many they do."""
    vocabulary = model.vocabulary
    words = {*STATUSES, *ROW_STATUSES}
    ids = [each for each, token in enumerate(vocabulary.tokens) if vocabulary.kind(each) or token in words]
    logits = model.state_logits(model.encode_states(np.array([ids])))[0]
    own = logits[np.arange(len(ids)), ids]
    logits[np.arange(len(ids)), ids] = -np.inf
    leads = own - logits.max(-1)
    return {vocabulary.tokens[each]: float(lead) for each, lead in zip(ids, leads, strict=True) if lead < MARGIN}


def main(
    checkpoint: str,
    operator: Annotated[list[str] | None, typer.Option(help="only these")] = None,
    farthest: Annotated[int | None, typer.Option(help="largest number met with all lengths; all if left out")] = None,
    lines: Annotated[int, typer.Option(help="lines to read in all")] = 20_000,
    hard: Annotated[Path | None, typer.Option(help="file that cases of a small margin are added to")] = None,
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
        if hard:
            MinedRows(hard, np.int16).add(cases[np.flatnonzero(margins < LEAD)].packed())
        mine = places == vocabulary.operators.index(symbol)
        row = {"operator": symbol, "cases": len(cases), "wrong": int(wrong.sum()), "unsure": len(unsure)}
        row |= {"least": round(float(margins.min()), 2), "lines": int(mine.sum())}
        print(json.dumps({**row, "misread": misread_lines(model, drawn[mine])}), flush=True)
        for seen in unsure.seen[wrong][:3].tolist():
            print("   ", symbol, *(vocabulary.tokens[identifier] for identifier in seen), flush=True)


if __name__ == "__main__":
    typer.run(main)
