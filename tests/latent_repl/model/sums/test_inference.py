"""The sums model in NumPy gives what its torch twin gives, and refuses what it has no words for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from latent_repl import Session
from latent_repl.errors import UnsayableError, UsageError
from latent_repl.model.load import load, load_reference
from latent_repl.model.network.backend import save
from latent_repl.model.sums.inference import NumpySums
from latent_repl.model.sums.network import SumsConfig, SumsModel


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint of random weights; slots, width and layers as in the shipped ones, numbers to 9."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("sums") / "checkpoint"
    save(SumsModel(SumsConfig(limit=9, maximum=9, state_latent=3, code_latent=3)), path)
    return path


@pytest.fixture(scope="module")
def model(folder: Path) -> NumpySums:
    loaded = load(folder)
    assert isinstance(loaded, NumpySums)
    return loaded


def test_both_forms_agree(folder: Path, model: NumpySums) -> None:
    reference = load_reference(folder)
    numbers = torch.arange(-9, 10)
    ids = reference.number_ids(numbers)
    with torch.inference_mode():
        states, codes = reference.state_vae.latent_table()[ids], reference.code_vae.latent_table()[ids]
        executed = reference.executor(states, codes.flip(0))
        logits = reference.state_vae.logits(executed)[:, ids]
    assert model.numbers.tolist() == numbers.tolist()
    np.testing.assert_allclose(model.code_vae.table, codes.numpy(), atol=1e-5)
    ours = model.executor(model.state_vae.table, model.code_vae.table[::-1])
    np.testing.assert_allclose(ours, executed.numpy(), atol=1e-5)
    np.testing.assert_allclose(model.state_vae.number_logits(ours), logits.numpy(), atol=1e-4)


def test_an_assignment_puts_the_encoded_number_into_the_slot(model: NumpySums) -> None:
    session = Session(model, mode="latent", check=False)
    session.run("a = 7")
    np.testing.assert_array_equal(session.latents[session.names["a"].index], model.state_vae.table[7 + 9])


def test_a_sum_is_the_executors(model: NumpySums) -> None:
    session = Session(model, mode="latent", check=False)
    session.run("a = 7\na = a + -3")
    executed = model.executor(model.state_vae.table[[7 + 9]], model.code_vae.table[[-3 + 9]])
    np.testing.assert_array_equal(session.latents[session.names["a"].index], executed[0])
    assert session.state == {"a": int(model.state_vae.decode(executed)[0])}


def test_other_slots_and_the_status_stay_as_they_are(model: NumpySums) -> None:
    session = Session(model, check=False)
    session.run("a = 7\nb = 2")
    before = session.latents.copy()
    result = session.run("b = b + 1")
    changed = (session.latents != before).any(1)
    assert changed.tolist() == [slot == session.names["b"].index for slot in range(len(before))]
    assert result.error is None


def test_a_deleted_variable_leaves_an_empty_slot(model: NumpySums) -> None:
    session = Session(model, check=False)
    session.run("a = 7")
    slot = session.names["a"].index
    session.run("del a")
    ids, probabilities = model.decode_states(session.latents[None])
    assert model.vocabulary.value(int(ids[0, slot])) is None
    assert probabilities[0, slot] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [("a - 3", "knows no '-'"), ("a + a", "no variable"), ("3 + a", "no variable"), ("a = True", "knows no True")],
)
def test_what_it_has_no_words_for_is_refused_and_changes_nothing(model: NumpySums, text: str, said: str) -> None:
    session = Session(model, check=False)
    session.run("a = 7")
    with pytest.raises(UnsayableError, match=said):
        session.run(text)
    assert list(session.names) == ["a"]
    assert session.history == ["a = 7"]


def test_another_device_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="runs on the processor"):
        load(folder, device="meta")
