"""Count what a checkpoint gets wrong of all that a core line can ask: `python -m training.evaluate NAME --exhaustive`.

    every pair --scan--> sure or unsure --the package's own inference--> right or wrong --> counts

What is counted is s0 = s1 operator s2 from a state that holds its operands and nothing else: right where the whole
decoded state is, status included. A line that names other slots, or literals, runs on the same latents, to the bit, if
it is read right (`evaluation/misread.py`). Results are kept by operator in a folder that is named after the weights: a
command that was stopped goes on, and several that count a part each come to one table.
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

from latent_repl.language.lowering.lower import lower
from latent_repl.language.operators import OPERATORS, STATUS_OK
from latent_repl.language.parsing.parse import parse
from latent_repl.language.vocabulary import PLACES, Vocabulary
from latent_repl.machine import Machine
from latent_repl.mirror import SIGNS
from latent_repl.model.interface import Interpreter
from latent_repl.modes import Mode
from training.operands import plain_line, plain_states
from training.scan import SURE, Block, Scanner

# Pairs that the package's inference takes at once. Chosen.
CHUNK = 512
# One in so many pairs is drawn at random: what confidence is like where all is well. Chosen.
DRAWN = 1000
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


CountedPairs = Mapping[str, PairCount]


def count_wrong(model: Interpreter, scanner: Scanner, folder: Path, operators: Sequence[str]) -> CountedPairs:
    """Count these operators, but for what lies in the folder; return all counts that lie there then."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{place:02}.npz" for place, name in enumerate(OPERATORS)}
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        uncounted = [name for name in operators if not paths[name].exists()]
        task = progress.add_task("", total=sum(scanner.block_count(name) for name in uncounted))
        for name in uncounted:
            progress.update(task, description=name)
            count = _scan(model, scanner, name, partial(progress.advance, task))
            scratch = paths[name].with_suffix(".new.npz")
            np.savez(scratch, **count._asdict())
            scratch.replace(paths[name])
    return {name: _load(path) for name, path in paths.items() if path.exists()}


def records_folder(checkpoint: Path) -> Path:
    """Return where the counts of these weights are kept."""
    digest = hashlib.sha256((checkpoint / "model.safetensors").read_bytes()).hexdigest()
    return Path("runs") / "exhaustive" / digest[:12]


def _load(path: Path) -> PairCount:
    with np.load(path) as stored:
        return PairCount(int(stored["pairs"]), stored["wrong"], stored["drawn"])


def _scan(model: Interpreter, scanner: Scanner, operator: str, tick: Callable[[], None]) -> PairCount:
    generator = np.random.default_rng(OPERATORS.index(operator))
    pairs, unsure, drawn = 0, [], []
    for block in scanner.scan(operator):
        pairs += len(block.left)
        unsure.append(judge(model, operator, block, np.flatnonzero(block.margins < SURE)))
        drawn.append(
            judge(model, operator, block, generator.integers(0, len(block.left), -(-len(block.left) // DRAWN)))
        )
        tick()
    judged = np.concatenate(unsure)
    return PairCount(pairs, judged[~judged["exact"]], np.concatenate(drawn))


def judge(model: Interpreter, operator: str, block: Block, rows: NDArray[np.int64]) -> np.ndarray:
    """Run some rows of a block by the package's own inference; dtype JUDGED."""
    judged = np.zeros(len(rows), JUDGED)
    for name in ("left", "right", "value", "status"):
        judged[name] = getattr(block, name)[rows]
    for start in range(0, len(rows), CHUNK):
        _run(model, operator, judged[start : start + CHUNK])
    return judged


def wrong_as_lines(model: Interpreter, operator: str, judged: np.ndarray, mode: Mode) -> NDArray[np.bool_]:
    """Return which pairs are wrong as lines of a program, where what the model contradicts is found another way.

    operator: one of DOUBTS.
    """
    machine, (least, most) = Machine(model, mode), (model.config.minimum, model.config.maximum)
    tree = parse(f"a = 0\nb = 0\nc = a {operator} b", minimum=least, maximum=most)
    program = lower(tree, slots=model.config.slots, minimum=least, maximum=most)
    left, right, target = (program.names[name] for name in "abc")
    wrong = np.zeros(len(judged), np.bool_)
    for start in range(0, len(judged), CHUNK):
        some = judged[start : start + CHUNK]
        states = np.full((len(some), model.vocabulary.slots + 1), model.vocabulary.value_id(None))
        states[:, left.index], states[:, right.index] = some["left"], some["right"]
        states[:, -1] = model.vocabulary.status_id(STATUS_OK)
        runs = machine.run(
            [program] * len(some),
            model.encode_states(states),
            counters=[program.lines.index(3)] * len(some),
            defined=[frozenset((left, right))] * len(some),
            record=False,
        )
        ids, _ = model.decode_states(np.stack([run.latents for run in runs]))
        failed = [run.error is not None for run in runs]
        wrong[start : start + CHUNK] = (ids[:, target.index] != some["value"]) | failed
    return wrong


def turned(vocabulary: Vocabulary, operator: str, judged: np.ndarray) -> np.ndarray:
    """Return with both signs turned those pairs that come to a number, and what they come to then.

    operator: one of DOUBTS.
    """
    pairs = judged[judged["status"] == vocabulary.status_id(STATUS_OK)].copy()
    for pair in pairs:
        left, right, value = (vocabulary.integer_of(int(pair[name])) for name in ("left", "right", "value"))
        assert left is not None and right is not None and value is not None, "operands of an arithmetic that ends well"
        pair["left"], pair["right"] = vocabulary.value_id(-left), vocabulary.value_id(-right)
        pair["value"] = vocabulary.value_id(SIGNS[operator] * value)
    return pairs


def _run(model: Interpreter, operator: str, judged: np.ndarray) -> None:
    """Fill in what is decoded, with what confidence, and whether it is right."""
    before = plain_states(model.vocabulary, judged["left"], judged["right"])
    lines = np.array([plain_line(model.vocabulary, operator)] * len(judged)).reshape(-1, len(PLACES))
    after = Machine(model).step(model.encode_states(before), model.encode_code(lines))
    ids, certain = model.decode_states(after)
    expected = before.copy()
    done = judged["status"] == model.vocabulary.status_id(STATUS_OK)
    expected[:, 0] = np.where(done, judged["value"], before[:, 0])
    expected[:, -1] = judged["status"]
    judged["got"], judged["got_status"] = ids[:, 0], ids[:, -1]
    judged["confidence"] = certain.astype(np.float64).prod(1)
    judged["exact"] = (ids == expected).all(1)
