"""The shape of a checkpoint, read from `config.json` without any deep-learning library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from latent_repl.errors import CheckpointError
from latent_repl.model.experts import OTHERS
from latent_repl.model.features import PERIODS

FORMAT, READABLE = 3, (2, 3)
"""The format that checkpoints are saved in, and those that can be read."""
MODEL_TYPE = "latent-repl"
SUMS_TYPE = "latent-repl-sums"
RENAMED = {"thought_width": "trunk_width", "thought_layers": "trunk_layers"}
"""What sizes are called in older files, the shipped ones among them, and now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Sizes of the three networks.

    slots: variables and temporaries a state can hold (the status slot comes on top).
    limit: largest magnitude the vocabulary knows; maximum: the declared range is [-maximum, maximum].
    state_latent, code_latent: dimensions of one slot's latent and of one core line's latent.
    model_type: which networks; those of `sums/` have vectors for a whole state and a whole code.
    code_tokens: vectors that a code latent is expanded to. width, heads, feed_forward: T5's d_model, num_heads, d_ff.
    executor_layers: of a sums model's executor; in older checkpoints, of what read core lines.
    trunk_width, trunk_layers: of the executor's trunk, the layers of one vector between reading and writing.
    rows, cells: rows in a heap, cells in a row; 0 for a checkpoint without a heap, as all older ones are.
    mover_width, mover_layers: of the mover's trunk.
    stochastic: whether the code encoder has a scale beside its mean; a sums model reads codes by its decoder then.
    projected: whether what the executor of a sums model makes is drawn to the latents of encoded states.
    periods: of the number features.
    experts: the trunk's hidden units for operators that have their own, and for all others (`experts.py`); none: each
        has all.
    """

    slots: int
    limit: int
    maximum: int
    state_latent: int
    code_latent: int
    code_tokens: int
    width: int
    heads: int
    feed_forward: int
    autoencoder_layers: int
    executor_layers: int
    trunk_width: int
    trunk_layers: int
    number_features: bool
    model_type: str = MODEL_TYPE
    rows: int = 0
    cells: int = 0
    mover_width: int = 256
    mover_layers: int = 3
    stochastic: bool = False
    projected: bool = False
    periods: tuple[int, ...] = PERIODS
    experts: Mapping[str, int] = field(default_factory=dict)

    @property
    def minimum(self) -> int:
        """Smallest value of the declared range."""
        return -self.maximum

    @property
    def trunk_feed_forward(self) -> int:
        """Width of the feed-forward layers of the trunk: all experts' units, or in the stacks' proportion."""
        return sum(self.experts.values()) or self.trunk_width * self.feed_forward // self.width

    @property
    def mover_feed_forward(self) -> int:
        """Width of the feed-forward layers of the mover's trunk, in the stacks' proportion."""
        return self.mover_width * self.feed_forward // self.width


def read_shape(folder: Path) -> Shape:
    """Return the shape that a checkpoint's `config.json` declares. Raises CheckpointError if it declares none."""
    path = folder / "config.json"
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        _check_format(raw, path)
        sizes = _UNSAID | {RENAMED.get(name, name): size for name, size in raw.items()}
        sizes["periods"] = tuple(sizes["periods"])
        _check_sizes(sizes)
        return Shape(**{each.name: sizes[each.name] for each in fields(Shape)})
    except (OSError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise CheckpointError(f"{path}: cannot be read ({error!r}); save the checkpoint again") from error


# What older files do not say.
_UNSAID: dict[str, Any] = {each.name: each.default for each in fields(Shape) if each.default is not MISSING}
_UNSAID["experts"] = {}


def _check_sizes(sizes: Mapping[str, Any]) -> None:
    """Raise ValueError for a size that is no positive whole number, and for a range beyond the vocabulary."""
    truths: dict[str, type] = dict.fromkeys(("number_features", "stochastic", "projected"), bool)
    for name in (each.name for each in fields(Shape)):
        value = sizes[name]
        wanted = (truths | {"model_type": str, "periods": tuple, "experts": dict}).get(name, int)
        least = 0 if name in ("rows", "cells") else 1
        if not (_is_size(value, least) if wanted is int else type(value) is wanted):
            raise ValueError(f"{name} is {value!r}")
    if (sizes["rows"] == 0) != (sizes["cells"] == 0) or sizes["cells"] > sizes["maximum"]:
        raise ValueError(f"there are {sizes['rows']} rows of {sizes['cells']} cells, whose lengths have to be values")
    if not all(type(period) is int and period > 1 for period in sizes["periods"]):
        raise ValueError(f"periods are {sizes['periods']!r}")
    if (experts := sizes["experts"]) and not (OTHERS in experts and all(map(_is_size, experts.values()))):
        raise ValueError(f"experts are {sizes['experts']!r}")
    if sizes["maximum"] > sizes["limit"]:
        raise ValueError(f"maximum is {sizes['maximum']}, more than limit, {sizes['limit']}")


def _is_size(value: object, least: int = 1) -> bool:
    return type(value) is int and value >= least


def _check_format(raw: Mapping[str, Any], path: Path) -> None:
    if raw.get("model_type") not in (MODEL_TYPE, SUMS_TYPE) or raw.get("format") not in READABLE:
        raise CheckpointError(
            f"{path}: is of {raw.get('model_type')!r} format {raw.get('format')!r}; "
            f"expected {MODEL_TYPE!r} or {SUMS_TYPE!r} format {FORMAT}; use a checkpoint saved by this version"
        )
