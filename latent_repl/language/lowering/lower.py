"""Lx tree to core lines, branches and jumps.

Lowering never computes, renames or removes: every assignment costs at least one core line, every operator one, and
so do a loop's counter, its comparison and its increment. The interpreter is the network.

    a, b = b, a        t = a;  a = b;  b = t
    a = a + b * c      t = b * c;  a = a + t
    a = f(b)           a = call f(b);  the lines of f stand once, behind those of the text
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from itertools import islice

from latent_repl.errors import CapacityError, LxNameError
from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.lowering.bodies import FunctionStatements, TextStatements
from latent_repl.language.lowering.function_calls import header
from latent_repl.language.lowering.gone_through import is_range
from latent_repl.language.lowering.routines import library
from latent_repl.language.lowering.slots import Allocation, FunctionAllocation, ModuleAllocation, is_bare_expression
from latent_repl.language.parsing.call_checker import MOST_FOUND
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.parsing.scopes import (
    Function,
    Functions,
    callee,
    calls_in,
    declared_in,
    is_spread,
    reached,
    variables_in,
)
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE, Program, Routine, Slot

MOST_COMPARED = 1_000
"""Names among which one like an unknown one is looked for; among more that takes too long. Chosen."""


def lower(
    tree: Tree,
    *,
    slots: int,
    names: Mapping[str, Slot] | None = None,
    minimum: int = -999,
    maximum: int = 999,
    rows: bool = False,
) -> Program:
    """Lower a tree for a checkpoint with so many slots and numbers in minimum..maximum.

    names: the variables that exist before and the slots that hold them: `Program.names` of the program before.
    rows: whether the checkpoint has any.

    Raises LxNameError for a name that nothing can have assigned, CapacityError where the slots do not suffice.
    """
    body, functions = tree.module.body, [tree.functions_at(index) for index in range(len(tree.module.body))]
    _refuse_unknown_names(tree, names or {}, functions)
    allocation = ModuleAllocation(tree.module, names or {}, slots, functions)
    text = Assembler(allocation, limits=(minimum, maximum), with_rows=rows)
    statements = TextStatements(tree.text, text, text.limits)
    statements.write(tree.module, allocation)
    _refuse_overflow("the program", allocation, slots)
    routines, parts = _functions(tree, allocation, statements, text, slots)
    return Program(
        source=tree.source,
        instructions=tuple(instruction for part in parts for instruction in part.instructions()),
        lines=tuple(line for part in parts for line in part.lines),
        end=text.following,
        starts=frozenset(text.starts),
        names=allocation.names_after(len(body) - 1),
        slots=allocation.slot_names(),
        holes=tree.holes,
        scopes=_scopes(tree.module, allocation),
        visible={place: names for part in parts for place, names in part.visible.items()},
        needed={place: slots for part in parts for place, slots in part.needed().items()},
        routines=tuple(routines),
        handlers=tuple(handler for part in parts for handler in part.handlers()),
        library=library,
    )


def _functions(
    tree: Tree, allocation: ModuleAllocation, statements: TextStatements, text: Assembler, slots: int
) -> tuple[list[Routine], list[Assembler]]:
    """Lower the functions that a text calls; return them, and the instructions of the text and of each."""
    routines, parts = list[Routine](), [text]
    for function, index in called_functions(tree):
        first, in_force = parts[-1].following, tree.functions_at(index)
        own = FunctionAllocation(function, allocation, in_force)
        part = Assembler(own, first, limits=text.limits, with_rows=text.with_rows)
        FunctionStatements(function, part, text.limits).write()
        _refuse_overflow(f"the function {header(function).called.rpartition('.')[2]}", part.allocation, slots)
        begins = statements.places[index]
        routines.append(replace(header(function), entry=first, begins=begins, slots=own.slot_names()))
        parts.append(part)
    return routines, parts


def called_functions(tree: Tree) -> list[tuple[Function, int]]:
    """Return the functions that a text calls, directly or through others, in the order of a program's routines.

    With each stands the index of the statement that calls it first. One comes again where another is defined anew
    for which it packs or unpacks arguments.
    """
    found: list[tuple[Function, int]] = []
    latest: dict[str, tuple[int, ...]] = {}
    for index, statement in enumerate(tree.module.body):
        functions = tree.functions_at(index)
        for name, function in reached(statement, functions).items():
            version = (id(function.definition), *_packed_for(function, functions))
            if latest.get(name) != version:
                latest[name] = version
                found.append((function, index))
    return found


def _packed_for(function: Function, functions: Functions) -> Iterator[int]:
    """Yield the identities of the definitions for which a function packs or unpacks arguments, or lists a range."""
    for call in function.calls:
        if any(map(is_range, (*call.args, *(keyword.value for keyword in call.keywords)))):
            yield from (id(called.definition) for called in reached(call, functions).values())
    starred = {callee(call) for call in function.calls if is_spread(call)}
    for name in function.callees:
        called = functions.get(name)
        if called is not None and (name in starred or called.rest or called.others):
            yield id(called.definition)


def _refuse_unknown_names(tree: Tree, names: Mapping[str, Slot], functions: Sequence[Functions]) -> None:
    """Refuse variables that no line assigns, and functions that none defines, where a statement comes to read them."""
    unknown: dict[str, LxNameError] = {}
    for error in islice(_unknown_names(tree, names, functions), MOST_FOUND):
        unknown.setdefault(error.message, error)
    if unknown:
        first, *others = unknown.values()
        first.others = tuple(others)
        raise first


def _unknown_names(tree: Tree, names: Mapping[str, Slot], functions: Sequence[Functions]) -> Iterator[LxNameError]:
    known = {*names, *_assigned(tree.module.body), *_assigned_in_functions(tree)}
    defined = {*tree.functions_at(len(tree.module.body))}
    for statement, in_force in zip(tree.module.body, functions, strict=True):
        for node in variables_in(statement, in_force):
            if node.id not in known:
                text = _text_of(node, statement, in_force) or tree.text
                yield _unknown(node, node.id, text, known, "assigns", f"assign it first, as in {node.id} = 0")
        for function, call in _inner_calls(statement, in_force):
            if (name := callee(call)) not in defined:
                yield _unknown(call, name, function.text, defined, "defines", f"define it, as in def {name}(a):")


def _inner_calls(statement: ast.stmt, functions: Functions) -> Iterator[tuple[Function, ast.Call]]:
    """Yield the calls in the functions that a statement comes to call."""
    for function in reached(statement, functions).values():
        yield from ((function, call) for part in function.definition.body for call in calls_in(part))


def _unknown(
    node: ast.expr, name: str, text: SourceText, known: Collection[str], verb: str, remedy: str
) -> LxNameError:
    words = [*known, *map(str, (True, False, None))]
    close = get_close_matches(name, words, n=1) if len(words) <= MOST_COMPARED else []
    remedy = f"did you mean {close[0]}?" if close else remedy
    error = text.fault_at(node, f"no line {verb} {name}", remedy, LxNameError)
    assert isinstance(error, LxNameError), "that kind was asked for"
    return error


def _text_of(name: ast.Name, statement: ast.stmt, functions: Functions) -> SourceText | None:
    """Return the text of the called function in which a name stands."""
    called = reached(statement, functions).values()
    return next((function.text for function in called if name in function.free), None)


def _assigned_in_functions(tree: Tree) -> set[str]:
    """Return the names that functions give a value so, behind `global`."""
    definitions = [node for node in tree.module.body if isinstance(node, ast.FunctionDef) and declared_in(node)]
    functions = [*tree.functions.values(), *(Function(node, tree.text) for node in definitions)]
    changing = [function for function in functions if function.changes]
    return {name for each in changing for name in each.changes & _assigned(each.definition.body)}


def _assigned(statements: Sequence[ast.stmt]) -> set[str]:
    """Return the names that some line can give a value without having read them; functions keep theirs."""
    every = [node for node in statements if not isinstance(node, ast.FunctionDef)]
    parts = [part for statement in every for part in ast.walk(statement)]
    augmented = {id(node.target) for node in parts if isinstance(node, ast.AugAssign)}
    names = [node for node in parts if isinstance(node, ast.Name) and id(node) not in augmented]
    assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return assigned | ({LAST_VALUE} if any(map(is_bare_expression, parts)) else set())


def _refuse_overflow(what: str, allocation: Allocation, slots: int) -> None:
    if allocation.needed > slots:
        message = f"{what} needs {allocation.needed} slots ({allocation.variables} variables, the rest temporaries)"
        remedy = "delete variables with del, split long expressions, or move a part into a function of its own"
        raise CapacityError(f"{message}, the checkpoint has {slots}: {remedy}")


def _scopes(module: ast.Module, allocation: ModuleAllocation) -> tuple[tuple[int, Mapping[str, Slot]], ...]:
    after = [(statement.lineno, allocation.names_after(index)) for index, statement in enumerate(module.body)]
    return ((0, allocation.names_after(-1)), *after)
