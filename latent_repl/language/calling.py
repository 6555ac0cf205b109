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
    name, parameters = f"{routine.name}()", routine.parameters
    bound = dict(zip(parameters, call.arguments, strict=False))
    for keyword, slot in call.keywords:
        if keyword not in parameters:
            raise TypeError(f"{name} got an unexpected keyword argument '{keyword}'")
        if keyword in bound:
            raise TypeError(f"{name} got multiple values for argument '{keyword}'")
        bound[keyword] = slot
    if len(call.arguments) > len(parameters):
        least, most, given = len(parameters) - len(routine.defaults), len(parameters), len(call.arguments)
        takes = f"from {least} to {most}" if least < most else f"{most}"
        were = "was" if given == 1 else "were"
        raise TypeError(f"{name} takes {takes} positional argument{'s' * (most != 1)} but {given} {were} given")
    missing = [each for each in parameters if each not in bound and each not in routine.defaults]
    if missing:
        count = f"{len(missing)} required positional argument{'s' * (len(missing) != 1)}"
        raise TypeError(f"{name} missing {count}: {_listed(missing)}")
    return {Slot(parameters.index(each)): slot for each, slot in bound.items()}


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
