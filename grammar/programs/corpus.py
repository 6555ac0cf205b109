"""Write and read sampled programs, one JSON object a line, split by a hash of their text.

python -m grammar.programs.corpus OUT.jsonl --count 200 --seed 0 --split held-out
    {"id": "ba2d0ba49134", "program": "a = 71\\na - 53"}

`latent-repl eval OUT.jsonl` takes such a file. The splits of one share never meet, whatever the seed or the limits.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from grammar.programs.derive import SMALL
from grammar.programs.sample import ProgramLimits, sample_program
from latent_repl.exits import exit_code
from latent_repl.files import read_objects, write_whole

Split = Literal["train", "held-out", "all"]


@dataclass(frozen=True, slots=True)
class CorpusEntry:
    """A program and its name: the first digits of its text's hash."""

    id: str
    program: str


def text_hash(program: str) -> str:
    """Return the SHA-256 of a program's text, in hexadecimal; it never changes."""
    return hashlib.sha256(program.encode()).hexdigest()


def belongs(program: str, split: Split, share: int = 1) -> bool:
    """Return whether a program is of a split, `share` percent of all texts being held out."""
    return split == "all" or (int(text_hash(program), 16) % 100 < share) == (split == "held-out")


def sample_corpus(seed: int, limits: ProgramLimits, *, split: Split = "all", share: int = 1) -> Iterator[CorpusEntry]:
    """Yield different programs of a split without end.

    Raises ValueError for a split that the share leaves empty.
    """
    if (split, share) in (("held-out", 0), ("train", 100)):
        raise ValueError(f"no program is {split} where {share} % are held out")
    generator, seen = random.Random(seed), set[str]()
    while True:
        program = sample_program(generator, limits, wanted=lambda text: belongs(text, split, share)).source
        if program not in seen:
            seen.add(program)
            yield CorpusEntry(text_hash(program)[:12], program)


def write_corpus(path: Path, entries: Iterable[CorpusEntry]) -> None:
    """Write the entries whole or not at all; raises UsageError where the file cannot be written."""
    lines = (json.dumps({"id": entry.id, "program": entry.program}) for entry in entries)
    write_whole(path, "".join(f"{line}\n" for line in lines))


def read_corpus(path: Path) -> list[CorpusEntry]:
    """Return the entries of a file; raises UsageError, naming the line, for one that is none."""
    return [CorpusEntry(str(record.get("id")), record["program"]) for record in read_objects(path, "program")]


def main(
    out: Annotated[Path, typer.Argument(metavar="OUT.jsonl", help="The file to write.")],
    count: Annotated[int, typer.Option(min=1, help="Programs.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of everything drawn.")] = 0,
    split: Annotated[Split, typer.Option(help="Which texts, by their hash.")] = "all",
    share: Annotated[int, typer.Option(min=1, max=99, help="Percent of texts that are held out.")] = 1,
    errors: Annotated[float, typer.Option(min=0, max=1, help="Share of programs that end in an error.")] = 0.0,
    maximum: Annotated[int, typer.Option(min=SMALL, help="Literals and results lie in -maximum..maximum.")] = 99,
) -> None:
    """Write sampled programs that the oracle has run."""
    entries = sample_corpus(seed, ProgramLimits(errors=errors, maximum=maximum), split=split, share=share)

    def write() -> int:
        write_corpus(out, (entry for entry, _ in zip(entries, range(count), strict=False)))
        return 0

    raise typer.Exit(exit_code(write))


if __name__ == "__main__":
    typer.run(main)
