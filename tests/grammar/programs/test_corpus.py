"""A corpus is split by its text alone, and read as it was written."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from grammar.programs.corpus import CorpusEntry, Split, belongs, read_corpus, sample_corpus, text_hash, write_corpus
from grammar.programs.sample import ProgramLimits
from latent_repl.errors import UsageError

LIMITS = ProgramLimits(statements=3, size=2)


def corpus(count: int, split: Split = "all", *, share: int = 1, seed: int = 0) -> list[CorpusEntry]:
    return list(islice(sample_corpus(seed, LIMITS, split=split, share=share), count))


def test_the_hash_of_a_text_never_changes() -> None:
    assert text_hash("a = 71\na - 53").startswith("ba2d0ba49134")
    assert [belongs("a = 71\na - 53", "held-out", share) for share in (32, 33)] == [False, True]


@pytest.mark.parametrize("share", [1, 20, 50])
def test_every_text_is_in_one_split(share: int) -> None:
    texts = [f"a = {number}" for number in range(2000)]
    held_out = [belongs(text, "held-out", share) for text in texts]
    assert held_out == [not belongs(text, "train", share) for text in texts]
    assert share / 2 < 100 * sum(held_out) / len(texts) < 2 * share
    assert all(belongs(text, "all", share) for text in texts)


def test_splits_share_no_program() -> None:
    train, held_out = corpus(15, "train", share=20), corpus(15, "held-out", share=20)
    assert not {entry.program for entry in train} & {entry.program for entry in held_out}
    assert all(belongs(entry.program, "held-out", 20) for entry in held_out)


def test_one_percent_can_be_sampled_too() -> None:
    assert all(belongs(entry.program, "held-out") for entry in corpus(3, "held-out"))


def test_a_corpus_repeats_no_program_and_is_the_same_again() -> None:
    entries = corpus(30)
    assert len({entry.program for entry in entries}) == len({entry.id for entry in entries}) == 30
    assert entries == corpus(30)
    assert entries != corpus(30, seed=1)


@pytest.mark.parametrize(("split", "share"), [("held-out", 0), ("train", 100)])
def test_an_empty_split_is_refused(split: Split, share: int) -> None:
    with pytest.raises(ValueError, match=f"no program is {split}"):
        corpus(1, split, share=share)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    entries = [*corpus(5), CorpusEntry("mine", 'a = 1\nprint(a, "ü")')]
    write_corpus(tmp_path / "programs.jsonl", entries)
    assert read_corpus(tmp_path / "programs.jsonl") == entries


def test_a_line_without_a_program_is_named(tmp_path: Path) -> None:
    path = tmp_path / "programs.jsonl"
    path.write_text('{"id": 1, "program": "a = 1"}\n{"id": 2}\n')
    with pytest.raises(UsageError, match=r"programs\.jsonl:2"):
        read_corpus(path)


def run(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grammar.programs.corpus", *arguments]
    return subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)


def test_the_command_writes_a_corpus(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run(repository, str(out), "--count", "4", "--seed", "7", "--split", "held-out", "--share", "20")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    records = [json.loads(line) for line in out.read_text().splitlines()]
    # Another process: the order of a set of texts, which differs by process, must not matter.
    again = islice(sample_corpus(7, ProgramLimits(), split="held-out", share=20), 4)
    assert records == [{"id": entry.id, "program": entry.program} for entry in again]


def test_the_command_says_what_it_cannot_write(repository: Path, tmp_path: Path) -> None:
    done = run(repository, str(tmp_path), "--count", "1")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
