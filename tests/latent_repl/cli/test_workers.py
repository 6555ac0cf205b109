"""Work on many workers comes to the same, in the same order, also where a worker is killed on the way."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from latent_repl.cli.workers import Workers
from latent_repl.errors import UsageError
from tests.latent_repl.cli.conftest import Command


def process(piece: int) -> tuple[int, int]:
    return piece, os.getpid()


def killed_once(marker: Path, piece: int) -> int:
    """End the worker, the first time that it comes to 3."""
    if piece == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return piece * 2


def killed_always(piece: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return piece


def refuses(piece: int) -> int:
    raise UsageError(f"got {piece}, write another number")


def test_one_process_does_its_own_work() -> None:
    assert list(Workers().results(process, range(3))) == [(place, os.getpid()) for place in range(3)]


@pytest.mark.slow
def test_results_come_in_order_from_other_processes() -> None:
    pieces, processes = zip(*Workers(jobs=2).results(process, range(8)), strict=True)
    assert pieces == tuple(range(8))
    assert os.getpid() not in processes


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:A worker stopped")
def test_the_work_of_a_killed_worker_is_done_again(tmp_path: Path) -> None:
    work = partial(killed_once, tmp_path / "killed")
    assert list(Workers(jobs=2).results(work, range(6))) == [0, 2, 4, 6, 8, 10]
    assert (tmp_path / "killed").exists()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:A worker stopped")
def test_a_piece_that_always_ends_its_worker_is_given_up() -> None:
    with pytest.raises(UsageError, match="piece 1 of 2 ends its worker"):
        list(Workers(jobs=2).results(killed_always, range(2)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*tasks (which|have)")
def test_an_error_of_the_work_is_the_same_error() -> None:
    with pytest.raises(UsageError, match="got 0, write another number"):
        list(Workers(jobs=2).results(refuses, range(2)))


@pytest.mark.slow
def test_many_programs_come_to_the_same_on_two_processes(command: Command, script: Callable[..., str]) -> None:
    programs = [{"id": number, "program": f"a = {number}\nb = a * 7 % 10\nprint(b)"} for number in range(130)]
    file = script("\n".join(map(json.dumps, programs)), "programs.jsonl")
    alone, together = (command("eval", "--json", "--jobs", count, file).records for count in ("1", "2"))
    for records in (alone, together):
        assert records.pop()["summary"]
    assert alone == together and len(alone) == 130


def test_standard_input_is_for_one_process(command: Command) -> None:
    ended = command("run", "--jobs", "2", "-")
    assert ended.code == 2 and "only one process can read standard input" in ended.errors


@pytest.mark.slow
def test_a_cluster_of_two_processes_does_the_work() -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        pieces, processes = zip(*Workers(dask=cluster.scheduler_address).results(process, range(8)), strict=True)
    assert pieces == tuple(range(8))
    assert os.getpid() not in processes


def test_a_cluster_that_is_not_there_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latent_repl.cli.workers.PATIENCE", 0.1)
    with pytest.raises(UsageError, match="no Dask scheduler answers at"):
        list(Workers(dask="tcp://127.0.0.1:9").results(process, range(2)))
