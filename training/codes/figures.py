"""How spaces of code latents are ordered and filled, side by side: `python -m training.codes.figures base ...`."""

from __future__ import annotations

import numpy as np
import torch
import typer

from latent_repl.model.interface import Interpreter
from latent_repl.model.load import load
from training.codes.behaviour import draw_behaviour, order
from training.evaluation.agreement import perplexity
from training.rows.lines import Lines


def code_figures(
    model: Interpreter, *, draws: int = 20, lines: int = 5000, points: int = 2000, seed: int = 0
) -> dict[str, float]:
    """Return what a space is like, in shares and correlations.

    inside, everywhere: how distances of latents follow behaviour, among lines that differ in one number and among all;
    means of so many draws. misread: of lines. lines: share of uniform points of the box that decode to a core line;
    operators, numbers: how many there are in these, each weighted by how frequent it is.
    """
    generator, vocabulary = np.random.default_rng(seed), model.vocabulary
    known = [draw_behaviour(generator, vocabulary, model.config.maximum) for _ in range(draws)]
    orders = [order(torch.from_numpy(model.encode_code(each.lines.numpy())), each.distances) for each in known]
    inside, everywhere = np.mean(np.array(orders), axis=0).tolist()
    drawn = Lines(vocabulary).draw(generator, lines)[1]
    misread = (model.code_logits(model.encode_code(drawn)).argmax(-1) != drawn).any(1).mean()
    uniform = generator.uniform(-1, 1, (points, model.config.code_latent)).astype(np.float32)
    decoded = [vocabulary.core_line(row) for row in model.code_logits(uniform).argmax(-1).tolist()]
    told = [line for line in decoded if line is not None]
    return {
        "inside": inside,
        "everywhere": everywhere,
        "misread": float(misread),
        "lines": len(told) / points,
        "operators": perplexity([line.operator for line in told]),
        "numbers": perplexity([line.right for line in told if isinstance(line.right, int)]),
    }


def main(models: list[str]) -> None:
    """Print a table of checkpoints, a row each."""
    rows = {name: code_figures(load(name)) for name in models}
    names = [*next(iter(rows.values()))]
    print(f"| space | {' | '.join(names)} |\n{'| --- ' * (len(names) + 1)}|")
    for name, figures in rows.items():
        print(f"| `{name}` | {' | '.join(f'{figures[each]:.4g}' for each in names)} |")


if __name__ == "__main__":
    typer.run(main)
