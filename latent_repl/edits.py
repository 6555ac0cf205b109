"""States that no line has made: values that are encoded in place of the model's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from latent_repl.errors import CapacityError
from latent_repl.language.program import LAST_VALUE, Slot
from latent_repl.language.python_values import cells_of_values
from latent_repl.language.values import Value
from latent_repl.machine import Machine
from latent_repl.model.rows import encode_heap
from latent_repl.results import Change, State
from latent_repl.timeline import Snapshot

MARK = "# edited: CPython's values, not executed"


def with_values(point: Snapshot, values: State, changes: Sequence[Change], machine: Machine) -> Snapshot:
    """Return a point with these variables, `_` included, each in the slot that it has; its text says what changed.

    Raises CapacityError where the checkpoint has not enough slots.
    """
    names = _slots(point.names, values, machine.model.config.slots)
    model = machine.model
    cells, rows = cells_of_values(values, model.config.maximum)
    state: list[Value | None] = [None] * model.config.slots
    for name, slot in names.items():
        state[slot.index] = cells[name]
    latents, heap = machine.encode([state]), encode_heap(model, rows) if model.vocabulary.knows_rows else None
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
    )


def _slots(names: Mapping[str, Slot], values: State, slots: int) -> dict[str, Slot]:
    held = {name: slot for name, slot in names.items() if name in values}
    taken = set(held.values())
    free = (Slot(index) for index in range(slots) if Slot(index) not in taken)
    for name in values:
        if name not in held:
            slot = next(free, None)
            if slot is None:
                raise CapacityError(f"CPython has {len(values)} variables, the checkpoint has {slots} slots")
            held[name] = slot
    return held


def _assignments(changes: Sequence[Change]) -> Iterator[str]:
    for change in changes:
        if change.name != LAST_VALUE:
            yield f"del {change.name}" if change.ended else f"{change.name} = {change.after!r}"
