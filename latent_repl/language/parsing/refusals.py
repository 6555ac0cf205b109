"""What of Python is not in Lx: for each node the message, and what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from latent_repl.language.operators import NOT

_ONE_VARIABLE_EACH = "use one variable for each value"
_CONDITIONS = "for conditions write and, or, not"
_LOOP = "write a for loop"
_IN_PLACE = "write def f(a): on a line of its own"
_PLAIN = "write the steps one after another"

_TASKS = ("Lx runs one line after another", _PLAIN)
_IMPORT = ("import is not in Lx", "leave it out: abs, min, max, print and range are there already")
_SCOPE = ("Lx's functions change no variable outside", "leave the line out and return the value")
_TRY = ("try is not in Lx", "test the values with if before the line that may fail")
_YIELD = ("yield is not in Lx", _PLAIN)

STATEMENT_REFUSALS: Mapping[type[ast.stmt], tuple[str, str]] = {
    ast.AsyncFunctionDef: _TASKS,
    ast.ClassDef: ("class is not in Lx", _ONE_VARIABLE_EACH),
    ast.AsyncFor: _TASKS,
    ast.AsyncWith: _TASKS,
    ast.With: ("with is not in Lx", _PLAIN),
    ast.Match: ("match is not in Lx", "write if and elif"),
    ast.Raise: ("raise is not in Lx", "write assert False"),
    ast.Try: _TRY,
    ast.TryStar: _TRY,
    ast.Import: _IMPORT,
    ast.ImportFrom: _IMPORT,
    ast.Global: _SCOPE,
    ast.Nonlocal: _SCOPE,
    ast.AnnAssign: ("annotations are not in Lx", "leave the annotation out, as in x = 5"),
}

_COMPREHENSION = ("comprehensions are not in Lx", _LOOP)

EXPRESSION_REFUSALS: Mapping[type[ast.expr], tuple[str, str]] = {
    ast.NamedExpr: ("an assignment inside an expression is not in Lx", "write it on a line of its own"),
    ast.Lambda: ("lambda is not in Lx", _IN_PLACE),
    ast.List: ("lists are not in Lx", _ONE_VARIABLE_EACH),
    ast.Tuple: ("tuples are values of Lx only in a, b = 1, 2", _ONE_VARIABLE_EACH),
    ast.Dict: ("dictionaries are not in Lx", _ONE_VARIABLE_EACH),
    ast.Set: ("sets are not in Lx", _ONE_VARIABLE_EACH),
    ast.ListComp: _COMPREHENSION,
    ast.SetComp: _COMPREHENSION,
    ast.DictComp: _COMPREHENSION,
    ast.GeneratorExp: _COMPREHENSION,
    ast.Await: _TASKS,
    ast.Yield: _YIELD,
    ast.YieldFrom: _YIELD,
    ast.Attribute: ("attributes are not in Lx", "write a variable's name without a dot"),
    ast.Subscript: ("subscripts are not in Lx", _ONE_VARIABLE_EACH),
    ast.Starred: ("* before a value is not in Lx", "write the values one by one"),
    ast.Slice: ("slices are not in Lx", _ONE_VARIABLE_EACH),
}

# The symbol by which the text is searched for the place of the caret, the message, the remedy.
OPERATOR_REFUSALS: Mapping[type[ast.operator | ast.unaryop | ast.cmpop], tuple[str, str, str]] = {
    ast.Div: ("/", "/ gives a float", "write // for whole-number division"),
    ast.MatMult: ("@", "Lx has no operator @", "write * to multiply"),
    ast.LShift: ("<<", "Lx has no operator <<", "write * 2 ** n"),
    ast.RShift: (">>", "Lx has no operator >>", "write // 2 ** n"),
    ast.BitOr: ("|", "Lx has no operator |", _CONDITIONS),
    ast.BitXor: ("^", "Lx has no operator ^", "write ** for a power, != for either-or"),
    ast.BitAnd: ("&", "Lx has no operator &", _CONDITIONS),
    ast.Invert: ("~", "Lx has no operator ~", "write -x - 1, or not x for a condition"),
    ast.Is: ("is", "Lx has no operator is", "write =="),
    ast.IsNot: ("is", "Lx has no operator is not", "write !="),
    ast.In: ("in", "Lx has no operator in", "write comparisons joined by or"),
    ast.NotIn: (NOT, "Lx has no operator not in", "write comparisons joined by and"),
}
