"""Count what a checkpoint gets wrong of all that a core line can ask: `python -m training.evaluate NAME --exhaustive`.

    every pair, every form --scan, bf16--> sure or unsure --the package's own inference--> right or wrong --> counts

What is counted is one line from a state that holds its operands and nothing else: right where the whole decoded state
is, status included. Results are kept by operator and form in a folder that is named after the weights: a command that
was stopped goes on, and several that count a part each come to one table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from latent_repl.language.operators import COPY, OPERATORS, STATUS_OK
from latent_repl.language.vocabulary import Vocabulary
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from training.readings import Ids, form_lines, forms_of
from training.scan import SURE, Block, Scanner

# Pairs that the package's inference takes at once. Chosen.
CHUNK = 512
# Pairs drawn at random from each block of some 2,001: what confidence is like where all is well. Chosen.
DRAWN = 2
# A pair that the package's own inference has run: the value ids of its operands, of the right result and status, what
# was decoded instead, the confidence in the whole state, and whether that is right.
JUDGED = np.dtype(
    [
        *((name, np.int32) for name in ("left", "right", "value", "status", "got", "got_status")),
        ("confidence", np.float64),
        ("exact", np.bool_),
    ]
)


class PairCount(NamedTuple):
    """How many pairs there are; the wrong ones, and some drawn at random of all, both of dtype JUDGED."""

    pairs: int
    wrong: np.ndarray
    drawn: np.ndarray


CountedPairs = Mapping[tuple[str, str], PairCount]


def count_wrong(
    model: Interpreter, scanner: Scanner, folder: Path, operators: Sequence[str], forms: Sequence[str]
) -> CountedPairs:
    """Count these operators and forms, but for what lies in the folder; return all counts that lie there then."""
    folder.mkdir(parents=True, exist_ok=True)
    cases = [(name, form) for name in operators for form in forms_of(name) if form in forms or len(form) < 2]
    every = [(name, form) for name in OPERATORS for form in forms_of(name)]
    paths = {case: folder / f"{OPERATORS.index(case[0]):02}-{case[1] or 'none'}.npz" for case in every}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        open_cases = [case for case in cases if not paths[case].exists()]
        task = progress.add_task("", total=sum(scanner.block_count(form) for _, form in open_cases))
        for case in open_cases:
            progress.update(task, description=" ".join(case))
            count = _scan(model, scanner, *case, partial(progress.advance, task))
            scratch = paths[case].with_suffix(".new.npz")
            np.savez(scratch, **count._asdict())
            scratch.replace(paths[case])
    return {case: _load(path) for case, path in paths.items() if path.exists()}


def records_folder(checkpoint: Path) -> Path:
    """Return where the counts of these weights are kept."""
    digest = hashlib.sha256((checkpoint / "model.safetensors").read_bytes()).hexdigest()
    return Path("runs") / "exhaustive" / digest[:12]


def _load(path: Path) -> PairCount:
    with np.load(path) as stored:
        return PairCount(int(stored["pairs"]), stored["wrong"], stored["drawn"])


def _scan(model: Interpreter, scanner: Scanner, operator: str, form: str, tick: Callable[[], None]) -> PairCount:
    generator = np.random.default_rng([OPERATORS.index(operator), len(form)])
    pairs, unsure, drawn = 0, [], []
    for block in scanner.scan(operator, form):
        pairs += len(block.left)
        unsure.append(judge(model, operator, form, block, np.flatnonzero(block.margins < SURE)))
        drawn.append(judge(model, operator, form, block, generator.integers(0, len(block.left), DRAWN)))
        tick()
    if (operator, form) == (COPY, "l"):
        for slot in range(1, model.config.slots):
            pairs += len(block.left)
            unsure.append(judge(model, operator, form, block, np.arange(len(block.left)), target=slot))
    judged = np.concatenate(unsure)
    return PairCount(pairs, judged[~judged["exact"]], np.concatenate(drawn))


def judge(
    model: Interpreter, operator: str, form: str, block: Block, rows: NDArray[np.int64], target: int = 0
) -> np.ndarray:
    """Run some rows of a block by the package's own inference, the result written to slot `target`; dtype JUDGED."""
    judged = np.zeros(len(rows), JUDGED)
    for name in ("left", "right", "value", "status"):
        judged[name] = getattr(block, name)[rows]
    for start in range(0, len(rows), CHUNK):
        _run(model, operator, form, target, judged[start : start + CHUNK])
    return judged


def _run(model: Interpreter, operator: str, form: str, target: int, judged: np.ndarray) -> None:
    """Fill in what is decoded, with what confidence, and whether it is right."""
    before = _states(model.vocabulary, form, judged["left"], judged["right"])
    lines = form_lines(model.vocabulary, operator, form, judged["left"], judged["right"])
    lines[:, 0] += target
    after = Machine(model).step(model.encode_states(before), model.encode_code(lines))
    ids, certain = model.decode_states(after)
    expected = before.copy()
    done = judged["status"] == model.vocabulary.status_id(STATUS_OK)
    expected[:, target] = np.where(done, judged["value"], before[:, target])
    expected[:, -1] = judged["status"]
    judged["got"], judged["got_status"] = ids[:, target], ids[:, -1]
    judged["confidence"] = certain.astype(np.float64).prod(1)
    judged["exact"] = (ids == expected).all(1)


def _states(vocabulary: Vocabulary, form: str, left: Ids, right: Ids) -> NDArray[np.int64]:
    states = np.full((len(left), vocabulary.slots + 1), vocabulary.value_id(None))
    states[:, -1] = vocabulary.status_id(STATUS_OK)
    for place, (letter, values) in enumerate(zip(form, (left, right), strict=False)):
        if letter == "v":
            states[:, 1 + place] = values
    return states
