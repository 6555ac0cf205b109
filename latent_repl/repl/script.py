"""The statements of a session as one script that loads.

a = 1 | b = a // 0 (failed) | c = a  ->  "a = 1\n# b = a // 0\nc = a\n"
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from latent_repl.errors import LatentReplError, UsageError
from latent_repl.evaluation import lowered
from latent_repl.language.extent import parts_of, written_out
from latent_repl.language.parsing.holes import unify
from latent_repl.language.program import TOLD_BY
from latent_repl.language.sameness import same_value
from latent_repl.machine import Machine
from latent_repl.model.interface import Interpreter
from latent_repl.timeline import Snapshot

LONGEST_VALUE = 1_000
"""Values within one that is written out. Chosen: rows that share rows can be far longer as text than any script."""


def script_of(points: Sequence[Snapshot], model: Interpreter) -> str:
    """Return what leads to the last of a session's points, from the empty one on, as a script that `run` takes.

    What failed becomes a comment, and behind it stand the values that it had changed. Where the statements cannot stand
    in one script, as they need more slots together than one by one, all of them are comments, and the functions and
    the values at the end stand for them. Raises UsageError where these cannot either.
    """
    text = "".join(f"{_statements(before, after)}\n" for before, after in pairwise(points))
    refused = _refusal(text, model)
    if refused is None:
        return text
    text = f"{_commented(text)}\n{_functions(points[-1])}{_assignments(points[-1])}\n"
    refused = _refusal(text, model)
    if refused is not None:
        raise UsageError(f"the session cannot be written as a script that loads: {refused}")
    return text


def _refusal(text: str, model: Interpreter) -> LatentReplError | None:
    found = lowered(text, "<script>", Machine(model))
    return found if isinstance(found, LatentReplError) else None


def _statements(before: Snapshot, after: Snapshot) -> str:
    """Return a text, of which what failed and what follows it are comments, and the values that these changed."""
    lines = unify(after.source).rstrip().split("\n")
    if after.error is None:
        return "\n".join(lines)
    starts = [node.lineno for node in ast.parse(after.source).body if node.lineno <= after.error.line]
    kept = max(starts, default=1) - 1
    rest = "\n".join(lines[kept:])
    values = "".join(f"\n{line}" for line in _changes(before, after, _mentioned(after.source, kept)))
    return "\n".join([*lines[:kept], _commented(rest)]) + values


def _mentioned(source: str, kept: int) -> dict[str, bool]:
    """Return the names that the statements behind the first lines mention, and whether one assigns or deletes them."""
    failed = (node for node in ast.parse(source).body if node.lineno > kept)
    names = [part for node in failed for part in ast.walk(node) if isinstance(part, ast.Name)]
    stored = {name.id for name in names if not isinstance(name.ctx, ast.Load)}
    return {name.id: name.id in stored for name in names}


def _changes(before: Snapshot, after: Snapshot, mentioned: dict[str, bool]) -> Iterator[str]:
    """Yield assignments of what a failed text may have changed: what it assigns, lists and dicts that it mentions."""
    was, now = before.state, after.state
    for name in sorted(now, key=lambda name: -_depth(now[name])):
        value = now[name]
        changed = mentioned.get(name, False) or (name in mentioned and isinstance(value, list | dict))
        if changed or (name in was and not same_value(was[name], value)):
            yield _assignment(name, value)


def _assignments(point: Snapshot) -> str:
    """Return assignments of all variables; those that need most temporaries come first, while slots are free."""
    state = point.state
    return "\n".join(_assignment(name, state[name]) for name in sorted(state, key=lambda name: -_depth(state[name])))


def _assignment(name: str, value: Any) -> str:
    if written_out(value) > LONGEST_VALUE or _depth(value) > LONGEST_VALUE:
        return f"# {name} is too long to be written out, or lies in itself"
    return f"{name} = {value!r}"


def _depth(value: Any) -> int:
    """Return how deep values lie in one another, LONGEST_VALUE + 1 for what lies in itself."""
    level, depth = [value], 0
    while level and depth <= LONGEST_VALUE and len(level) <= LONGEST_VALUE:
        level, depth = [part for each in level for part in parts_of(each)], depth + 1
    return LONGEST_VALUE + 1 if level else depth


def _functions(point: Snapshot) -> str:
    written = (function for function in point.functions.values() if TOLD_BY not in function.name)
    texts = (function.text.segment(function.definition) for function in written)
    return "".join(f"{text}\n" for text in dict.fromkeys(texts))  # one import is many functions


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.rstrip("\n").split("\n"))
