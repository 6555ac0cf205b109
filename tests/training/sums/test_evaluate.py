"""A tiny table of sums that was learnt is measured and run as a program."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from latent_repl import Session
from latent_repl.errors import UsageError
from training.sums import evaluate


@pytest.mark.slow
def test_a_tiny_run_learns_every_sum(trained: Path) -> None:
    figures = evaluate.figures(evaluate.load_sums(trained))
    print(figures)
    assert figures["sums"] == 37
    assert figures["exact"] > 0.9
    assert figures["reconstruction"] == {"state": 1.0, "code": 1.0}


@pytest.mark.slow
def test_the_checkpoint_is_an_interpreter(trained: Path) -> None:
    session = Session(trained)
    assert session.run("a = 1").state == {"a": 1}
    assert session.run("a = a + 2").state == {"a": 3}
    assert session.run("a + -2").output == ("1",)


@pytest.mark.slow
def test_order_is_the_rank_correlation_of_distances(trained: Path) -> None:
    vae = evaluate.load_sums(trained).code_vae
    vae.table = vae.numbers[:, None] * np.ones((1, 4))
    assert evaluate.order(vae, vae.numbers) == pytest.approx(1)


def test_the_summand_of_least_loss_is_compared_with_the_solution() -> None:
    numbers = np.arange(-1, 2)
    nats = np.full((3, 3, 3), -5.0)
    for before in range(3):
        for summand in range(3):
            wanted = before + summand - 1
            if 0 <= wanted < 3:
                nats[before, summand, wanted] = -1
    assert evaluate.lowest_loss(nats, numbers) == {"exact": 1, "within 1": 1, "within 2": 1}
    nats[1, 2, 1] = -0.5  # 0 + 1 is taken for 0
    assert evaluate.lowest_loss(nats, numbers)["exact"] == pytest.approx(6 / 7)
    assert evaluate.lowest_loss(nats, numbers)["within 1"] == 1
    assert evaluate.exact(nats, numbers).tolist() == [True, True, True, True, False, True, True]


def test_a_chain_is_right_where_every_sum_of_it_leads_to_the_encoded_state() -> None:
    model = evaluate.load_sums("sums-10d")
    latent, snap = (evaluate.chains(model, mode) for mode in ("latent", "snap"))
    assert latent["1"] == snap["1"] > 0.99
    assert latent["1"] >= latent["2"] >= latent["8"]
    sums = dict(zip(map(tuple, model.state_vae.table), model.numbers, strict=True))

    def exact(states: np.ndarray, codes: np.ndarray) -> np.ndarray:
        known = dict(zip(map(tuple, model.code_vae.table), model.numbers, strict=True))
        results = [sums[tuple(s)] + known[tuple(c)] for s, c in zip(states, codes, strict=True)]
        return model.state_vae.table[np.array(results) + 99]

    model.executor = exact  # type: ignore[assignment]
    assert set(evaluate.chains(model, "latent").values()) == {1.0}


def test_a_checkpoint_of_another_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="no sums model"):
        evaluate.load_sums("base")
