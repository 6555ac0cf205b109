"""A checkpoint's metrics in words: its model card, by `python -m training.report base`, and tables for the pages."""

from __future__ import annotations

import json
from typing import Any

import typer

from latent_repl.model.checkpoint import locate
from training.cards import with_front_matter

Metrics = dict[str, Any]

EXHAUSTIVE = """Every pair of operands, booleans included: how many are wrong. A literal is the latent of its value, to
the bit, so these are all lines of the operator, whichever slots and literals it names, as far as lines are read right:
of {lines:,} lines with each target, slot and literal there is, and each literal in each slot, {misread} are misread.
Held-out pairs are those that training never saw; a dash says that there are none
(`python -m training.evaluate base --exhaustive`)."""

CARD = """# {name}

A state VAE, a code VAE and an executor, {parameters:.1f} million parameters in all.

- **What it runs**: core lines of Lx on integers in [{minimum}, {maximum}] and booleans, {slots} slots and a
  status{rows}.
- **Data**: lines of every operator and literal, for the two autoencoders; cases of movement, out of a finite table
  (`grammar/core_lines/`); pairs of operands with their results: every pair in range, those that programs have more
  often (small numbers, neighbours, bounds, multiples, ends of the range, errors), and what mining over all pairs found
  hard (`python -m training.mine`). 1 % of each operator's operand pairs, chosen by hash, is left out throughout.
- **Training**: {parts}, in {minutes:.0f} minutes, on a core and on a GPU: the parts of
  `make train`, run as `docs/training.md` tells.
  Every run is in `training/LOG.md`.
- **Figures**: all of them are in `metrics.json`, as `python -m training.evaluate {name}` prints
  them, without and with `--exhaustive`.

{figures}

**Limits**: {weakest} is the weakest operator ({weakest_rate}). Errors of a chain add up: compare the rows by length.
"""
ROWS = """; on None and characters, and on a heap of {rows} rows of {cells} cells: strings, lists, tuples, dicts, and
  wider integers"""


def percent(share: float) -> str:
    """Return a share as it is printed: 0.98765 -> "98.77 %"; with more places where it is almost all, and not all."""
    return f"{100 * share:.{2 if share == 1 or share < 0.99995 else 4}f} %"


def figures_table(metrics: Metrics) -> str:
    """Return the figures as Markdown: lines, chains, errors, confidence; operators; suites; drift."""
    line, chain, rebuilt = metrics["line"], metrics["chain"], metrics["reconstruction"]
    low, high = metrics["range"]
    rows = [
        (
            f"whole state exact, one core line, {line['lines']:,} held-out lines at [{low}, {high}]",
            percent(line["exact"]),
        ),
        *(
            (f"whole state exact after {length} chained core lines, latent mode; snap mode", _both(chain, length))
            for length in ("8", "32", "64")
            if length in chain["latent"]
        ),
        ("reconstruction of states; of core lines", f"{percent(rebuilt['state'])}; {percent(rebuilt['code'])}"),
        *(
            (f"{error}, recall; precision", f"{percent(rates['recall'])}; {percent(rates['precision'])}")
            for error, rates in line["status"].items()
        ),
        ("expected calibration error of the confidence", percent(line["calibration_error"])),
    ]
    operators = ", ".join(f"`{name}` {percent(rate)}" for name, rate in line["operators"].items())
    table = "\n".join(["| what | figure |", "| --- | --- |", *(f"| {what} | {figure} |" for what, figure in rows)])
    return (
        f"{table}\n\nBy operator, one core line: {operators}.\n\n{wrong_pairs_table(metrics)}"
        f"{suites_table(metrics)}\n\n{drift_sentence(metrics)}"
    )


def wrong_pairs_table(metrics: Metrics) -> str:
    """Return as Markdown how many of all pairs of operands are wrong; nothing if they were not counted."""
    if "exhaustive" not in metrics:
        return ""
    told = metrics["exhaustive"]
    rows = [f"| `{name}` | {_count(row)} | {_count(row.get('held_out'))} |" for name, row in told["operators"].items()]
    lines = [EXHAUSTIVE.format(**told["reading"]), "", "| operator | wrong | held out |", "| --- | --- | --- |", *rows]
    return "\n".join([*lines, "", lines_sentence(told["lines"]), confidence_sentence(told["confidence"]), "", ""])


def lines_sentence(lines: Metrics) -> str:
    """Return how many lines of a program are wrong, where what the model contradicts is found another way."""
    said = [
        f"{modes['latent']['wrong']} and {modes['snap']['wrong']} of `{name}` "
        f"({modes['latent']['held_out']} and {modes['snap']['held_out']} held out)"
        for name, modes in lines.items()
        if any(counts["wrong"] for counts in modes.values())
    ]
    wrong = f"these are wrong: {', '.join(said)}" if said else "none of them is wrong"
    return (
        "These are single steps. In a line of a program a quotient or a remainder is asked once more, with both signs "
        "turned, and found another way where the answers differ; as such lines, in `latent` and in `snap` mode, "
        f"{wrong}."
    )


def confidence_sentence(confidence: Metrics) -> str:
    """Return how well the confidence tells wrong lines from right ones."""
    if "auroc" not in confidence:
        return "None of these lines is wrong."
    return (
        f"Of a wrong line and a right one, each drawn at random of these, the wrong one has less confidence in "
        f"{percent(confidence['auroc'])} of cases (area under the ROC curve); "
        f"{percent(confidence['least_sure'])} of the wrong lines are less sure than 99 % of the right ones."
    )


def _count(row: Metrics | None) -> str:
    return "-" if row is None else f"{row['wrong']:,} of {row['pairs']:,}"


def suites_table(metrics: Metrics) -> str:
    """Return the suites as Markdown: how many programs are right on every line, and how many lines, in both modes."""
    counts = (("latent", "programs"), ("snap", "programs"), ("latent_lines", "lines"), ("snap_lines", "lines"))
    rows = [
        " | ".join([f"| {name}", *(f"{row[right]:,} of {row[every]:,}" for right, every in counts)]) + " |"
        for name, row in metrics["suites"].items()
    ]
    head = [
        "| suite | programs right on every line, latent mode | snap mode | lines right, latent mode | snap mode |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *rows])


def drift_sentence(metrics: Metrics) -> str:
    """Return what a thousand steps do to a variable."""
    ends = {name: list(rows.items())[-1] for name, rows in metrics["drift"].items()}
    said = [
        f"{name}: {percent(row['exact'])} still decode to their value, {row['distance']:.2f} of the distance between "
        f"neighbouring integers away"
        for name, (_, row) in ends.items()
    ]
    return f"After {ends['untouched'][0]} steps on their own latents, variables that were {'; '.join(said)}."


def model_card(name: str, metrics: Metrics) -> str:
    """Return the text of a checkpoint's README.md."""
    operators = metrics["line"]["operators"]
    weakest = min(operators, key=lambda operator: operators[operator])
    card = CARD.format(
        name=name,
        parameters=metrics["parameters"] / 1e6,
        minimum=metrics["range"][0],
        maximum=metrics["range"][1],
        slots=metrics["slots"],
        parts=_parts(metrics["training"]),
        minutes=metrics["training"]["minutes"],
        figures=figures_table(metrics),
        weakest=f"`{weakest}`",
        rows=ROWS.format(**metrics["heap"]) if "heap" in metrics else "",
        weakest_rate=percent(operators[weakest]),
    )
    return with_front_matter(card, name, metrics)


def _parts(told: Metrics) -> str:
    """Return how many lines, cases and pairs each part of a recipe was trained on; of a single run, how many lines."""
    parts = told.get("parts", {"lines": told})
    return ", ".join(f"{name} {cost['lines'] / 1e6:.1f} million" for name, cost in parts.items())


def _both(chain: dict[str, dict[str, float]], length: str) -> str:
    return f"{percent(chain['latent'][length])}; {percent(chain['snap'][length])}"


def main(checkpoint: str) -> None:
    """Write the model card of CHECKPOINT from its metrics.json: of sums the front matter alone."""
    folder = locate(checkpoint)
    metrics, card = json.loads((folder / "metrics.json").read_text(encoding="utf-8")), folder / "README.md"
    of_sums = "sums" in metrics
    text = with_front_matter(card.read_text(encoding="utf-8"), folder.name, metrics) if of_sums else None
    card.write_text(text or model_card(folder.name, metrics), encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
