"""What calls need: which argument is whose parameter; and the routine that writes out what a caught error says."""

from __future__ import annotations

from collections.abc import Collection

from latent_repl.language.operators import APPEND, NEW_ROW
from latent_repl.language.program import Call, CoreLine, Listing, Return, Routine, Slot
from latent_repl.language.values import CHARACTERS


def bind(routine: Routine, call: Call) -> dict[Slot, Slot]:
    """Return the argument's slot for each parameter's, by position and by name.

    Raises TypeError, in Python's words, where the arguments do not fit the parameters.
    """
    said = misfit(routine, len(call.arguments), [name for name, _ in call.keywords])
    if said:
        raise TypeError(said)
    bound = {**dict(zip(routine.placed, call.arguments, strict=False)), **dict(call.keywords)}
    packed = ((routine.rest, call.rest), (routine.others, call.others))
    bound |= {name: slot for name, slot in packed if slot is not None}
    return {Slot(routine.parameters.index(each)): slot for each, slot in bound.items()}


def misfit(routine: Routine, count: int, keywords: Collection[str], counted: str = "") -> str:
    """Return Python's words for a call with so many arguments by place and these by name; none where they fit.

    counted: what the words are to call the count, where that is another or not known.
    """
    name, placed = f"{routine.called}()", routine.placed
    bound = {*placed[:count]}
    for keyword in keywords:
        if keyword in bound:
            return f"{name} got multiple values for argument '{keyword}'"
        if keyword in placed or keyword in routine.by_name:
            bound.add(keyword)
        elif not routine.others:
            return f"{name} got an unexpected keyword argument '{keyword}'"
    if count > len(placed) and not routine.rest:
        return f"{name} takes {_too_many(routine, count, counted, bound)} given"
    for kind, parameters in (("positional", placed), ("keyword-only", routine.by_name)):
        missing = [each for each in parameters if each not in bound and each not in routine.defaults]
        if missing:
            required = f"{len(missing)} required {kind} argument{'s' * (len(missing) != 1)}"
            return f"{name} missing {required}: {_listed(missing)}"
    return ""


def _too_many(routine: Routine, count: int, counted: str, bound: Collection[str]) -> str:
    """Return how many arguments by place a routine takes and was given; bound: what else was, too."""
    least, most = sum(each not in routine.defaults for each in routine.placed), len(routine.placed)
    takes = f"from {least} to {most}" if least < most else f"{most}"
    named, given = sum(each in bound for each in routine.by_name), counted or f"{count}"
    if named:
        given += f" positional argument{'s' * (count != 1)} (and {named} keyword-only argument{'s' * (named != 1)})"
    were = "was" if count == 1 and not named else "were"
    return f"{takes} positional argument{'s' * (least < most or most != 1)} but {given} {were}"


def _listed(names: Collection[str]) -> str:
    *before, last = [f"'{name}'" for name in names]
    comma = "," if len(before) > 1 else ""
    return f"{', '.join(before)}{comma} and {last}" if before else last


def sayable(message: str) -> str:
    """Return a message in characters of Lx: a variable's name in it may have others."""
    return "".join(character if character in CHARACTERS else "?" for character in message)


def spelled(message: str) -> Routine:
    """Return a routine whose core lines write a message out as a string, as those of a literal do."""
    row = Slot(0)
    lines = (CoreLine(row, NEW_ROW, str), *(CoreLine(row, APPEND, character) for character in sayable(message)))
    code = Listing((*lines, Return(row)), (1,) * (len(lines) + 1))
    return Routine("message", 0, 0, (), frozenset(), {row: "message"}, code)
