"""What is saved is what is loaded; what does not fit is refused with a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from latent_repl.errors import CheckpointError, UsageError
from latent_repl.model import checkpoint
from latent_repl.model.load import load, load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.network.interpreter import LatentInterpreter


@pytest.fixture
def saved(small: LatentInterpreter, tmp_path: Path) -> Path:
    """A checkpoint of `small`."""
    save(small, tmp_path / "small")
    return tmp_path / "small"


def edit(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_loaded_model_decodes_what_the_saved_one_does(small: LatentInterpreter, saved: Path) -> None:
    ids = torch.tensor([small.vocabulary.state_ids([5, None, True])])
    codes = torch.rand(1, 16)
    after = [
        model.state_logits(model.execute(model.encode_states(ids), codes)) for model in (small, load_reference(saved))
    ]
    assert torch.equal(*after)
    loaded = load(saved)
    ours = loaded.state_logits(loaded.execute(loaded.encode_states(ids.numpy()), codes.numpy()))
    assert np.allclose(ours, after[0].detach().numpy(), atol=1e-4)


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no device 'nowhere' here, write --device cpu"):
        load("base", device="nowhere")


def test_saving_leaves_only_the_three_files(saved: Path) -> None:
    assert sorted(path.name for path in saved.iterdir()) == sorted(checkpoint.FILES)
    assert [path.name for path in saved.parent.iterdir()] == ["small"]


def test_a_missing_checkpoint_names_what_there_is() -> None:
    with pytest.raises(CheckpointError, match=r"no checkpoint at nowhere.*one of: .*base"):
        load("nowhere")


def test_a_hub_id_that_cannot_be_had_is_refused() -> None:
    with pytest.raises(CheckpointError, match=r"no-one/nothing is neither a folder.*one of: "):
        load("no-one/nothing")  # the tests are offline


def test_a_truncated_weights_file_is_refused(saved: Path) -> None:
    weights = saved / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(CheckpointError, match=r"model\.safetensors does not fit"):
        load(saved)


def test_other_shapes_are_refused(saved: Path) -> None:
    edit(saved / "config.json", state_latent=9)
    with pytest.raises(CheckpointError, match="does not fit"):
        load(saved)


def test_missing_weights_are_refused(saved: Path) -> None:
    edit(saved / "config.json", trunk_layers=3)
    with pytest.raises(CheckpointError, match="does not fit"):
        load(saved)


def test_another_format_is_refused(saved: Path) -> None:
    edit(saved / "config.json", format=99)
    with pytest.raises(CheckpointError, match=r"format 99.*expected.*format 3"):
        load(saved)


def test_a_foreign_model_is_refused(saved: Path) -> None:
    edit(saved / "config.json", model_type="t5")
    with pytest.raises(CheckpointError, match="'t5'"):
        load(saved)


@pytest.mark.parametrize("text", ["", "[]", "{", "null", '{"model_type": "latent-repl", "format": 2, "slots": "many"}'])
def test_a_broken_config_is_refused(saved: Path, text: str) -> None:
    (saved / "config.json").write_text(text)
    with pytest.raises(CheckpointError):
        load(saved)


def test_another_vocabulary_is_refused(saved: Path) -> None:
    text = (saved / "tokenizer.json").read_text()
    (saved / "tokenizer.json").write_text(text.replace('"OverflowError"', '"OtherError"'))
    with pytest.raises(CheckpointError, match="tokens that differ"):
        load(saved)


def test_the_saved_tokeniser_reads_core_lines_with_transformers(small: LatentInterpreter, saved: Path) -> None:
    from transformers import PreTrainedTokenizerFast

    tokeniser = PreTrainedTokenizerFast(tokenizer_file=str(saved / "tokenizer.json"))
    assert tokeniser("s2 + s0 5")["input_ids"] == [small.vocabulary.ids[token] for token in ("s2", "+", "s0", "5")]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(saved: Path, wrong: float) -> None:
    tensors = load_file(saved / "model.safetensors")
    tensors["executor.status.bias"][1] = wrong
    save_file(tensors, saved / "model.safetensors")
    with pytest.raises(CheckpointError, match=r"executor\.status\.bias holds what is no number"):
        load(saved)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        ({"width": "128"}, "width is '128'"),
        ({"heads": True}, "heads is True"),
        ({"slots": 0}, "slots is 0"),
        ({"trunk_layers": 2.5}, "trunk_layers is 2.5"),
        ({"maximum": 10**12}, "maximum is 1000000000000, more than limit"),
    ],
)
def test_sizes_that_cannot_be_are_refused(saved: Path, size: dict[str, object], said: str) -> None:
    config = json.loads((saved / "config.json").read_text())
    (saved / "config.json").write_text(json.dumps(config | size))
    with pytest.raises(CheckpointError, match=said):
        load(saved)
