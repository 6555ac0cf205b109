"""States that no line has made: values that are encoded in place of the model's own.

resynced        CPython's in place of all
with_literals   `a = 7`, and every other latent as it was
resume          an earlier state with another value, and what followed it once more
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from latent_repl.errors import CapacityError, UsageError
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.program import LAST_VALUE, Slot
from latent_repl.language.python_values import cells_of_values, shown
from latent_repl.language.values import Row, Value
from latent_repl.machine import Machine
from latent_repl.model.heap import Heap
from latent_repl.model.interface import Interpreter
from latent_repl.model.rows import encode_heap, used_rows, with_rows
from latent_repl.results import Change, Result, State, changes_between, visible
from latent_repl.timeline import Snapshot, Timeline

MARK = "# edited: CPython's values, not executed"
LITERALS_MARK = "# edited, not executed"


class Resumable(Protocol):
    """What of a session is needed to resume: its branches, and how a text is put in or run."""

    @property
    def timeline(self) -> Timeline:
        """The current branch."""

    def line_to(self, place: int | str) -> Timeline:
        """Return the points up to a place."""

    def forked(self, line: Timeline) -> AbstractContextManager[None]:
        """Go to a new branch."""

    def set(self, text: str) -> tuple[Change, ...]:
        """Put values in."""

    def run(self, text: str, *, show: Callable[[str], None]) -> Result:
        """Run a text."""


def resynced(point: Snapshot, machine: Machine) -> Snapshot:
    """Return a point with CPython's values. Raises UsageError where it has not run beside, or has the same."""
    if point.exact is None:
        raise UsageError("no statement has been compared with CPython here: run one while check is on")
    changes = changes_between(point.state, visible(point.exact))
    if not changes:
        raise UsageError("CPython has the same values: there is nothing to take over")
    return with_values(point, point.exact, changes, machine)


def with_values(point: Snapshot, values: State, changes: Sequence[Change], machine: Machine) -> Snapshot:
    """Return a point with these variables, `_` included, each in the slot that it has; its text says what changed.

    Raises CapacityError where the checkpoint has not enough slots or rows.
    """
    names = _slots(point.names, values, machine.model.config.slots)
    model = machine.model
    cells, rows = cells_of_values(values, model.config.maximum)
    state: list[Value | None] = [None] * model.config.slots
    for name, slot in names.items():
        state[slot.index] = cells[name]
    latents, heap = machine.encode([state]), _fresh_heap(model, rows) if model.vocabulary.knows_rows else None
    [decoded] = machine.decode(latents, [heap])
    return replace(
        point,
        source=f"{'; '.join(_assignments(changes)) or 'pass'}  {MARK}",
        latents=latents[0],
        decoded=decoded,
        names=names,
        defined=frozenset(names.values()),
        exact=values,
        error=None,
        heap=heap,
        edited=True,
    )


def with_literals(point: Snapshot, tree: Tree, machine: Machine) -> Snapshot:
    """Return a point in which variables have the literals that a text assigns, or are gone; other latents stay.

    Raises UsageError for what is neither, CapacityError where it does not fit.
    """
    given, gone = _literals(tree)
    held = {name: None for name in point.names if name not in gone}
    names = _slots(point.names, held | given, machine.model.config.slots)
    cells, heap = _cells(point.heap, given, machine.model)
    changed = [names[name] for name in given] + [point.names[name] for name in gone if name in point.names]
    values = {names[name].index: cell for name, cell in cells.items()}
    [encoded] = machine.encode([[values.get(index) for index in range(machine.model.config.slots)]])
    latents = point.latents.copy()
    for slot in changed:
        latents[slot.index] = encoded[slot.index]
    [decoded] = machine.decode(latents[None], [heap])
    defined = (point.defined - set(changed)) | {names[name] for name in given}
    exact = (
        None if point.exact is None else {name: point.exact[name] for name in point.exact if name not in gone} | given
    )
    functions = tree.functions_at(len(tree.module.body))
    source = f"{tree.source.strip()}  {LITERALS_MARK}"
    return Snapshot(source, latents, decoded, names, defined, exact, functions, heap=heap, edited=True)


def resume(session: Resumable, place: int | str, text: str, show: Callable[[str], None]) -> tuple[Result, ...]:
    """Begin a branch at a place, put values in, and run again what followed; an edit is put in again.

    Raises what `run` raises; the session is then as it was.
    """
    line, passed = session.line_to(place), session.timeline.passed
    beyond = line.position < len(passed) and passed[line.position] is line.now
    results = list[Result]()
    with session.forked(line):
        if text:
            session.set(text)
        for point in passed[line.position + 1 :] if beyond else ():
            if point.edited:
                session.set(point.source)
            else:
                results.append(session.run(point.source, show=show))
    return tuple(results)


def _literals(tree: Tree) -> tuple[dict[str, Any], list[str]]:
    given, gone = dict[str, Any](), list[str]()
    for statement in tree.module.body:
        match statement:
            case ast.Assign(targets=targets, value=value) if all(isinstance(each, ast.Name) for each in targets):
                try:
                    literal = ast.literal_eval(value)
                except (ValueError, TypeError) as error:
                    raise _no_literal(tree, statement) from error
                given |= {each.id: literal for each in targets if isinstance(each, ast.Name)}
            case ast.Delete(targets=targets) if all(isinstance(each, ast.Name) for each in targets):
                gone += [each.id for each in targets if isinstance(each, ast.Name)]
            case ast.Pass():
                pass
            case _:
                raise _no_literal(tree, statement)
    return {name: value for name, value in given.items() if name not in gone}, gone


def _no_literal(tree: Tree, statement: ast.stmt) -> UsageError:
    said = tree.text.segment(statement).splitlines()[0]
    return UsageError(f"`{said}` puts no literal into a variable, as a = 7 does; without :set the model runs it")


def _fresh_heap(model: Interpreter, rows: Sequence[Row]) -> Heap:
    try:
        return encode_heap(model, rows)
    except ValueError as error:
        raise CapacityError(f"no room for CPython's values, {len(rows)} rows: {error}") from error


def _cells(heap: Heap | None, values: State, model: Interpreter) -> tuple[dict[str, Value], Heap | None]:
    """Return the cells of values, and the heap with the rows that they refer to."""
    maximum = model.config.maximum
    if heap is None or not model.vocabulary.knows_rows:
        return cells_of_values(values, maximum)[0], heap
    first = used_rows(model, heap)
    cells, rows = cells_of_values(values, maximum, first=first)
    try:
        return cells, with_rows(model, heap, rows)
    except ValueError as error:
        raise CapacityError(f"no room for {len(rows)} rows beside {first}: {error}") from error


def _slots(names: Mapping[str, Slot], values: State, slots: int) -> dict[str, Slot]:
    held = {name: slot for name, slot in names.items() if name in values}
    taken = set(held.values())
    free = (Slot(index) for index in range(slots) if Slot(index) not in taken)
    for name in values:
        if name not in held:
            slot = next(free, None)
            if slot is None:
                raise CapacityError(
                    f"{len(values)} variables, but the checkpoint has {slots} slots: delete some with del"
                )
            held[name] = slot
    return held


def _assignments(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        if change.name != LAST_VALUE:
            yield f"del {change.name}" if change.ended else f"{change.name} = {shown(change.after)}"
