"""Which values a program still reads: liveness, of one slot at one place."""

from __future__ import annotations

from collections.abc import Iterator

from latent_repl.language.program import (
    Branch,
    Call,
    Caught,
    CoreLine,
    Detour,
    Fail,
    Jump,
    Program,
    Resume,
    Slot,
    reads,
)


def is_live(program: Program, slot: Slot, place: int) -> bool:
    """Return whether some path of the bottom frame, from an instruction on, reads the slot before it is written."""
    seen: set[int] = set()
    open_places = [place]
    while open_places:
        place = open_places.pop()
        if place in seen or place >= program.end:
            continue
        seen.add(place)
        instruction = program.instructions[place]
        if slot in reads(instruction):
            return True
        # A handler is reached before the target is written.
        open_places += [each.target for each in program.handlers if each.first <= place < each.last]
        if not (isinstance(instruction, CoreLine | Call | Caught) and instruction.target == slot):
            open_places += _successors(program, place)
    return False


def _successors(program: Program, place: int) -> Iterator[int]:
    match program.instructions[place]:
        case Jump(target):
            yield target
        case Detour(target, _):
            yield target
        case Resume(block):
            yield from (
                each.following for each in program.instructions if isinstance(each, Detour) and each.block == block
            )
        case Branch(_, target):
            yield from (place + 1, target)
        case Call(otherwise=int(target)):
            yield from (place + 1, target)
        case Fail():
            pass
        case _:
            yield place + 1
