"""Lx tree to core lines, branches and jumps.

Lowering never computes, renames or removes: every assignment costs at least one core line, every operator one, and
so do a loop's counter, its comparison and its increment. The interpreter is the network.

    a, b = b, a        t = a;  a = b;  b = t
    a = a + b * c      t = b * c;  a = a + t
    a = f(b)           the body of f with its variables in temporaries, each assigned parameter a copy
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from latent_repl.errors import CapacityError, LxNameError
from latent_repl.language.lowering.assembler import Assembler
from latent_repl.language.lowering.slots import Allocation, is_bare_expression
from latent_repl.language.lowering.statements import Statements
from latent_repl.language.parsing.parse import Tree
from latent_repl.language.parsing.scopes import Functions, reached, variables_in
from latent_repl.language.parsing.source_text import SourceText
from latent_repl.language.program import LAST_VALUE, Program, Slot


def lower(
    tree: Tree, *, slots: int, names: Mapping[str, Slot] | None = None, minimum: int = -999, maximum: int = 999
) -> Program:
    """Lower a tree for a checkpoint with so many slots and numbers in minimum..maximum.

    names: the variables that exist before and the slots that hold them: `Program.names` of the program before.

    Raises LxNameError for a name that nothing can have assigned, CapacityError where the slots do not suffice.
    """
    functions = [tree.functions_at(index) for index in range(len(tree.module.body))]
    _refuse_unknown_names(tree, names or {}, functions)
    allocation = Allocation(tree.module, names or {}, slots, functions)
    assembler = Assembler(allocation)
    Statements(tree.text, assembler, (minimum, maximum)).module(tree.module, functions)
    _refuse_overflow(allocation, slots)
    return Program(
        source=tree.source,
        instructions=assembler.instructions(),
        lines=tuple(assembler.lines),
        starts=frozenset(assembler.starts),
        names=allocation.names_after(len(tree.module.body) - 1),
        slots=allocation.slot_names(),
        holes=tree.holes,
        scopes=_scopes(tree.module, allocation),
        visible=assembler.visible,
    )


def _refuse_unknown_names(tree: Tree, names: Mapping[str, Slot], functions: Sequence[Functions]) -> None:
    known = {*names, *_assigned(tree.module)}
    for statement, in_force in zip(tree.module.body, functions, strict=True):
        unknown = [node for node in variables_in(statement, in_force) if node.id not in known]
        if unknown:
            first = unknown[0]
            close = get_close_matches(first.id, known, n=1)
            remedy = f"did you mean {close[0]}?" if close else f"assign it first, as in {first.id} = 0"
            text = _text_of(first, statement, in_force) or tree.text
            raise text.fault_at(first, f"no line assigns {first.id}", remedy, LxNameError)


def _text_of(name: ast.Name, statement: ast.stmt, functions: Functions) -> SourceText | None:
    """Return the text of the called function in which a name stands."""
    called = reached(statement, functions).values()
    return next((function.text for function in called if name in function.free), None)


def _assigned(module: ast.Module) -> set[str]:
    """Return the names that some line can give a value without having read them; functions keep theirs."""
    every = [node for node in module.body if not isinstance(node, ast.FunctionDef)]
    parts = [part for statement in every for part in ast.walk(statement)]
    augmented = {id(node.target) for node in parts if isinstance(node, ast.AugAssign)}
    names = [node for node in parts if isinstance(node, ast.Name) and id(node) not in augmented]
    assigned = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    return assigned | ({LAST_VALUE} if any(map(is_bare_expression, parts)) else set())


def _refuse_overflow(allocation: Allocation, slots: int) -> None:
    if allocation.needed > slots:
        variables = len({held.name for held in allocation.reservations})
        message = f"the program needs {allocation.needed} slots ({variables} variables, the rest temporaries)"
        remedy = "delete variables with del, or split long expressions"
        raise CapacityError(f"{message}, the checkpoint has {slots}: {remedy}")


def _scopes(module: ast.Module, allocation: Allocation) -> tuple[tuple[int, Mapping[str, Slot]], ...]:
    after = [(statement.lineno, allocation.names_after(index)) for index, statement in enumerate(module.body)]
    return ((0, allocation.names_after(-1)), *after)
