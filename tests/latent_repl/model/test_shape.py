"""A checkpoint's sizes, as its `config.json` declares them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from latent_repl.errors import CheckpointError
from latent_repl.model.checkpoint import locate
from latent_repl.model.shape import FORMAT, RENAMED, Shape, read_shape


def write(folder: Path, shape: Shape, **changes: Any) -> Path:
    (folder / "config.json").write_text(json.dumps({**asdict(shape), "format": FORMAT, **changes}))
    return folder


@pytest.fixture(scope="module")
def shape() -> Shape:
    return read_shape(locate("base"))


def test_what_is_written_is_read(shape: Shape, tmp_path: Path) -> None:
    other = replace(shape, slots=5, maximum=99)
    assert read_shape(write(tmp_path, other, torch_dtype="float16")) == other
    assert other.minimum == -99


def test_sizes_are_read_by_their_older_names(shape: Shape, tmp_path: Path) -> None:
    older = {new: old for old, new in RENAMED.items()}
    sizes = {older.get(name, name): size for name, size in asdict(shape).items()}
    (tmp_path / "config.json").write_text(json.dumps({**sizes, "format": FORMAT}))
    assert read_shape(tmp_path) == shape


def test_the_trunk_keeps_the_stacks_proportion(shape: Shape) -> None:
    assert replace(shape, width=32, feed_forward=96, trunk_width=64, experts={}).trunk_feed_forward == 192


def test_experts_share_the_trunk_out(shape: Shape) -> None:
    assert replace(shape, experts={"%": 32, "": 64}).trunk_feed_forward == 96


@pytest.mark.parametrize(("name", "value"), [("format", 1), ("model_type", "t5")])
def test_another_format_and_a_foreign_model_are_refused_with_both(
    name: str, value: object, shape: Shape, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=f"{value!r}.*expected 'latent-repl'"):
        read_shape(write(tmp_path, shape, **{name: value}))


def test_a_missing_size_is_named(shape: Shape, tmp_path: Path) -> None:
    sizes = {name: size for name, size in asdict(shape).items() if name != "slots"}
    (tmp_path / "config.json").write_text(json.dumps({**sizes, "format": FORMAT}))
    with pytest.raises(CheckpointError, match="slots"):
        read_shape(tmp_path)
