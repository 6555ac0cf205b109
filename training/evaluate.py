"""Measure a checkpoint on held-out lines and chains, free-running: `python -m training.evaluate base`.

Every figure is for the standard mixture over the checkpoint's declared range. Single lines use operand pairs that
training never saw; a state counts only if every slot and the status decode right.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, get_args

import numpy as np
import typer
from numpy.typing import NDArray

from grammar.core_lines.sample import Chain, Mixture, sample
from grammar.suites.suites import ROW_SUITES, SUITES, programs_of
from latent_repl.evaluation import Case, evaluate
from latent_repl.language.operators import OPERATORS, STATUSES
from latent_repl.machine import Machine
from latent_repl.model.checkpoint import locate
from latent_repl.model.inference.interpreter import NumpyInterpreter
from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load, load_reference
from latent_repl.modes import Mode
from training.evaluation.code_space import space_figures
from training.evaluation.drift import drift

CHUNK = 1000
SEED = 20_200_813  # the date of the post that started it


def execute_chain(
    model: Interpreter, chain: Chain, *, snap: bool = False
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the decoded ids (K, B, S) after each step, and the confidence (K, B) in each state."""
    machine, latents = Machine(model), model.encode_states(chain.states[0])
    decoded, confidence = [], []
    for line in chain.lines:
        latents = machine.step(latents, model.encode_code(line))
        ids, probability = model.decode_states(latents)
        decoded.append(ids)
        confidence.append(probability.astype(np.float64).prod(-1))
        if snap:
            latents = model.encode_states(ids)
    return np.stack(decoded), np.stack(confidence)


def chain_exact(model: Interpreter, chain: Chain, *, snap: bool = False) -> NDArray[np.bool_]:
    """Return for each of K steps and B chains whether the whole decoded state, status included, is right."""
    ids, _ = execute_chain(model, chain, snap=snap)
    return np.asarray((ids == chain.states[1:]).all(-1))


def line_figures(model: Interpreter, *, count: int) -> dict[str, Any]:
    """Return exact match of single lines, by operator and by live slots, status figures and calibration."""
    mixture = Mixture(maximum=model.config.maximum, split="held-out")
    generator = np.random.default_rng(SEED)
    chains = [sample(generator, mixture, model.vocabulary, count=CHUNK, steps=1) for _ in range(count // CHUNK)]
    runs = [execute_chain(model, chain) for chain in chains]
    ids = np.concatenate([run[0][0] for run in runs])
    confidence = np.concatenate([run[1][0] for run in runs])
    wanted = np.concatenate([chain.states[1] for chain in chains])
    operators = np.concatenate([chain.operators[0] for chain in chains])
    live = np.concatenate([(chain.states[0][:, :-1] != model.vocabulary.value_id(None)).sum(1) for chain in chains])
    exact = (ids == wanted).all(1)
    return {
        "lines": len(exact),
        "exact": float(exact.mean()),
        "operators": {
            name: float(exact[operators == index].mean())
            for index, name in enumerate(OPERATORS)
            if name in model.vocabulary.operators
        },
        "live_slots": {str(number): float(exact[live == number].mean()) for number in np.unique(live)},
        "status": status_figures(model, ids[:, -1], wanted[:, -1]),
        "calibration_error": calibration_error(confidence, exact),
    }


def status_figures(
    model: Interpreter, predicted: NDArray[np.int64], wanted: NDArray[np.int64]
) -> dict[str, dict[str, float]]:
    """Return recall and precision of each predicted error."""
    figures = {}
    for status in STATUSES[1:]:
        token = model.vocabulary.status_id(status)
        both = ((predicted == token) & (wanted == token)).sum()
        figures[status] = {
            "recall": float(both / max(1, (wanted == token).sum())),
            "precision": float(both / max(1, (predicted == token).sum())),
        }
    return figures


def calibration_error(confidence: NDArray[np.float64], exact: NDArray[np.bool_], bins: int = 15) -> float:
    """Return the expected calibration error over equally wide bins of confidence. Source: Guo et al., 2017."""
    bin_of = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[bin_of == index].mean() - exact[bin_of == index].mean()) * (bin_of == index).mean()
        for index in np.unique(bin_of)
    ]
    return float(sum(gaps))


def chain_figures(model: Interpreter, *, count: int, steps: int) -> dict[str, dict[str, float]]:
    """Return exact match of the whole state after 1, 2, 4, ... lines, fed back as latents and snapped."""
    mixture = replace(Mixture(maximum=model.config.maximum), split="all")
    chain = sample(np.random.default_rng(SEED), mixture, model.vocabulary, count=count, steps=steps)
    figures = {}
    for name, snap in (("latent", False), ("snap", True)):
        exact = chain_exact(model, chain, snap=snap).mean(1)
        lengths = [2**power for power in range(steps.bit_length()) if 2**power <= steps]
        figures[name] = {str(length): float(exact[length - 1]) for length in lengths}
    return figures


def reconstruction_figures(model: Interpreter, *, count: int) -> dict[str, float]:
    """Return how many states and core lines the VAEs reproduce whole."""
    mixture = Mixture(maximum=model.config.maximum, split="held-out")
    chain = sample(np.random.default_rng(SEED + 1), mixture, model.vocabulary, count=count, steps=1)
    states, lines = chain.states[0], chain.lines[0]
    decoded = model.decode_states(model.encode_states(states))[0]
    code = model.code_logits(model.encode_code(lines)).argmax(-1)
    return {
        "state": float((decoded == states).all(1).mean()),
        "code": float((code == lines).all(1).mean()),
    }


def suite_figures(model: Interpreter, *, count: int) -> dict[str, dict[str, int]]:
    """Return for each suite its programs and lines, and how many of them are exact in either mode.

    A program is exact if every line of it is. Of a suite that is drawn there are `count` programs, of an exhaustive
    one all.
    """
    names = (*SUITES, *ROW_SUITES) if model.vocabulary.knows_rows else SUITES
    return {name: _suite_row(model, name, count) for name in names}


def _suite_row(model: Interpreter, name: str, count: int) -> dict[str, int]:
    drawn = programs_of(name, count=count, seed=SEED, maximum=model.config.maximum)
    cases = [Case(entry.id, entry.program) for entry in drawn]
    row: dict[str, int] = {}
    for mode in get_args(Mode):
        *_, summary = evaluate(cases, model, mode)
        row |= {"programs": summary["programs"], "lines": summary["lines"]}
        row |= {mode: summary["exact"], f"{mode}_lines": summary["matched"]}
    return row


def speed_figures(model: Interpreter, *, count: int = 1000, repeats: int = 5) -> dict[str, float]:
    """Return core lines a second in a batch."""
    chain = sample(
        np.random.default_rng(SEED), Mixture(maximum=model.config.maximum), model.vocabulary, count=count, steps=1
    )
    started = time.perf_counter()
    for _ in range(repeats):
        execute_chain(model, chain)
    return {"batch": count, "lines_per_second": round(count * repeats / (time.perf_counter() - started))}


def figures(model: Interpreter, *, lines: int, chains: int, steps: int, programs: int) -> dict[str, Any]:
    """Return every figure of a checkpoint."""
    return {
        "range": [model.config.minimum, model.config.maximum],
        "slots": model.config.slots,
        "parameters": model.parameters,
        **({"heap": {"rows": model.config.rows, "cells": model.config.cells}} if model.config.rows else {}),
        "line": line_figures(model, count=lines),
        "chain": chain_figures(model, count=chains, steps=steps),
        "reconstruction": reconstruction_figures(model, count=lines),
        "suites": suite_figures(model, count=programs),
        "drift": drift(model),
        "space": space_figures(model),
        "speed": speed_figures(model),
    }


def exhaustive_figures(checkpoint: str, operators: Sequence[str]) -> dict[str, Any]:
    """Return how many of all pairs of operands are wrong, by operator and region, and how many lines are misread."""
    import torch
    from torch import nn

    from training.device import the_accelerator
    from training.evaluation.misread import misread_figures
    from training.evaluation.wrong_pairs import wrong_pair_figures
    from training.exhaustive import count_wrong, records_folder
    from training.scan import Scanner

    torch.set_num_threads(1)
    network, model = load_reference(checkpoint).eval(), load(checkpoint)
    nn.Module.to(network, the_accelerator().device)
    assert isinstance(model, NumpyInterpreter), "a model of core lines"
    scanner = Scanner(network)
    counts = count_wrong(model, scanner, records_folder(locate(checkpoint)), operators)
    figures = wrong_pair_figures(model, scanner.values, counts)
    return {"exhaustive": {**figures, "reading": misread_figures(model)}}


def main(
    checkpoint: str,
    lines: int = 200_000,
    chains: int = 1000,
    steps: int = 64,
    programs: int = 100,
    exhaustive: Annotated[bool, typer.Option("--exhaustive", help="Count the wrong ones of all pairs.")] = False,
    operator: Annotated[list[str] | None, typer.Option(help="Of --exhaustive: operators; all by default.")] = None,
    write: Annotated[Path | None, typer.Option(help="Put the figures into this file, beside others.")] = None,
) -> None:
    """Print the figures of CHECKPOINT as JSON, and write them to a file on request."""
    if exhaustive:
        measured = exhaustive_figures(checkpoint, operator or OPERATORS)
    else:
        measured = figures(load(checkpoint), lines=lines, chains=chains, steps=steps, programs=programs)
    typer.echo(json.dumps(measured, indent=1))
    if write is not None:
        known = json.loads(write.read_text(encoding="utf-8")) if write.exists() else {}
        write.write_text(json.dumps(known | measured, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
