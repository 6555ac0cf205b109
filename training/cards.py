"""The front matter of model cards: what a model hub lists a checkpoint by, with the figures of its metrics.json."""

from __future__ import annotations

import re
from typing import Any

from huggingface_hub import EvalResult, ModelCardData

FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
TAGS = ["interpreter", "program-synthesis", "latent-space", "vae", "python"]


def front_matter(name: str, metrics: dict[str, Any]) -> str:
    """Return the block between lines of dashes for a checkpoint of either kind."""
    of_lines = metrics.get("line")
    task, kind = ("one core line", "core-lines") if of_lines else ("one sum", "sums")
    exact = (of_lines or metrics)["exact"]
    what = f"{of_lines['lines']:,} held-out lines" if of_lines else f"all {metrics['sums']:,} sums"
    result = EvalResult(
        task_type="other",
        task_name=f"the state after {task}",
        dataset_type=f"latent-repl/{kind}",
        dataset_name=what,
        metric_type="exact_match",
        metric_value=round(100 * exact, 4),
        metric_name="whole state exact, %",
    )
    data = ModelCardData(
        library_name="latent-repl",
        license="mit",
        tags=TAGS,
        metrics=["exact_match"],
        model_name=name,
        eval_results=[result],
    )
    return f"---\n{data.to_yaml()}\n---\n"


def with_front_matter(card: str, name: str, metrics: dict[str, Any]) -> str:
    """Return a card whose front matter is that of the metrics."""
    return front_matter(name, metrics) + "\n" + FRONT.sub("", card).lstrip("\n")
