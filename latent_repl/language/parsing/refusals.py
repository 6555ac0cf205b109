"""What of Python is not in Lx: for each node the message, and what to write instead."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from latent_repl.language.operators import MODULO, NOT
from latent_repl.language.values import LITERAL_REMEDY

_ONE_VARIABLE_EACH = "use one variable for each value"
_DICT = 'keep the values in a dict, as in {"name": "Ann", "age": 7}, and write functions of it'
_CONDITIONS = "for conditions write and, or, not"
_LOOP = "write a for loop"
_IN_PLACE = "write def f(a): on a line of its own"
_PLAIN = "write the steps one after another"
_LIST = "a list, and test with not in before append"
_FORMAT = 'the values into a string with f in front, as in f"{a} and {b}"'

_TASKS = ("Lx runs one line after another", _PLAIN)
_YIELD = ("yield is not in Lx", _PLAIN)
_SETS = ("a set that is kept is not in Lx", f"write sorted(set(...)), len(set(...)) or x in {{...}}, or {_LIST}")
_COMPREHENSION = ("comprehensions", _LOOP)

STATEMENT_REFUSALS: Mapping[type[ast.stmt], tuple[str, str]] = {
    ast.AsyncFunctionDef: _TASKS,
    ast.ClassDef: ("class is not in Lx", _DICT),
    ast.AsyncFor: _TASKS,
    ast.AsyncWith: _TASKS,
    ast.With: ("with is not in Lx", _PLAIN),
    ast.TryStar: ("except* is not in Lx", "write except"),
    ast.AnnAssign: ("a declaration without a value is not in Lx", "give it one, as in x: int = 5"),
}

EXPRESSION_REFUSALS: Mapping[type[ast.expr], tuple[str, str]] = {
    ast.Lambda: ("lambda is not in Lx", _IN_PLACE),
    ast.Set: _SETS,
    ast.SetComp: _SETS,
    ast.GeneratorExp: ("a generator has no value of its own", "write a list comprehension, in brackets"),
    ast.Await: _TASKS,
    ast.Yield: _YIELD,
    ast.YieldFrom: _YIELD,
    ast.Attribute: ("attributes are not in Lx", "write a variable's name without a dot, or call a method: s.upper()"),
    ast.Starred: ("* before a value is not in Lx", "write the values one by one"),
    ast.Slice: ("a slice stands alone in its brackets", "write as in a[1:3]"),
}

# What a checkpoint has no words for where it has none for rows: its name, and what to write instead.
ROWS_NEEDED: Mapping[type[ast.expr], tuple[str, str]] = {
    ast.JoinedStr: ("strings", LITERAL_REMEDY),
    ast.List: ("lists", _ONE_VARIABLE_EACH),
    ast.Tuple: ("tuples but in a, b = 1, 2", _ONE_VARIABLE_EACH),
    ast.Dict: ("dictionaries", _ONE_VARIABLE_EACH),
    ast.ListComp: _COMPREHENSION,
    ast.DictComp: _COMPREHENSION,
    ast.GeneratorExp: _COMPREHENSION,
    ast.Subscript: ("subscripts", _ONE_VARIABLE_EACH),
}

# The functions of Python that many would look for.
FUNCTION_REFUSALS: Mapping[str, tuple[str, str]] = {
    "input": ("input is not in Lx", "write the value itself, as in a = 5"),
    "set": _SETS,
    "frozenset": _SETS,
    "open": ("Lx reads no files", "write the values themselves"),
    "map": ("map takes the name of a function and one row of values", "write as in map(f, values)"),
    "filter": ("filter takes the name of a function and one row of values", "write as in filter(f, values)"),
    "format": ("format is not in Lx", f"write {_FORMAT}"),
    "iter": ("iter is not in Lx", _LOOP),
    "next": ("next is not in Lx", _LOOP),
    "super": ("class is not in Lx", _DICT),
    "isinstance": ("isinstance takes a value and kinds by their names", "write as in isinstance(x, (int, str))"),
    "type": ("a kind is no value of its own in Lx", "compare it where it stands, as in type(x) == int"),
}

METHOD_REFUSALS: Mapping[str, tuple[str, str]] = {
    "format_map": ("format is not in Lx", f"write {_FORMAT}"),
    "is_integer": ("is_integer is not in Lx", "write x == int(x)"),
    "encode": ("bytes are not in Lx", "keep the string as it is"),
    "add": _SETS,
}

# The symbol by which the text is searched for the place of the caret, the message, the remedy.
OPERATOR_REFUSALS: Mapping[type[ast.operator], tuple[str, str, str]] = {
    ast.MatMult: ("@", "Lx has no operator @", "write * to multiply"),
}

FORMATTING = (
    MODULO,
    "this formatting with % is not in Lx",
    f"write one %s, %d, %.2f or %r for each value, or {_FORMAT}",
)
RAISE = ("raise takes the name of an error and what it says", 'write as in raise ValueError("not a number")')
EXCEPT = ("except takes the names of Python's errors", "write as in except ValueError:")
NAMED = ("no := stands in a comprehension, nor in what map, filter and key= become", "write it before, or a for loop")
MATCH_NEEDS_ROWS = ("match", "write if and elif")
CLASS_PATTERN = ("this class is no pattern in Lx", "write a kind, as in case int(x):, or a name and a test")
VALUE_PATTERN = ("a pattern holds literals and names alone", "write a name and a test, as in case x if x == limit:")
PATTERN_STARS = ("a pattern has one star at most", "leave one, as in [first, *rest]")
PATTERN_NAME = ("{name} stands twice in the pattern", "give each part a name of its own")
PATTERN_NAMES = ("the patterns beside | have different names", "write a case for each")
PATTERN_PLACES = ("the patterns beside | have many names in different places", "write a case for each")
PATTERN_FITS = ("this pattern always fits, and what follows is never tried", "move it to the end")
PATTERN_KEY = ("a key stands twice in the pattern", "write each key once")
STARRED_PARAMETERS = ("parameters behind a star", "write one parameter for each value")
IMPORT_INSIDE = ("import stands in a block or a function", "write it at the beginning of a line")
IN_BLOCK = (
    "def stands in a block",
    "write it at the beginning of a line, or in a function outside its if and its loops",
)
# Of functions inside functions.
INNER_TWICE = ("this function has a name that the function around it uses already", "choose another name")
TOO_MANY_CAPTURED = ("this function reads too many variables of those around it", "keep them in a list, or give them")
INNER_LATER = ("{name} is defined after this call", "move its def up")
NOT_YET = ("{name} may have no value yet", "assign it before, as in {name} = 0")
NONLOCAL_TARGET = ("{name} is one that an inner function assigns, and cannot be bound here", "write {name} = ...")
TWO_VARIABLES = (
    "{name} is the comprehension's here, and the function's",
    "choose another name for the comprehension's",
)
# Of functions that functions are given.
FUNCTION_NEEDED = (
    "{name} calls what it is given here",
    "write the name of a function, or lambda x: ..., where it stands",
)
FUNCTION_MISSING = ("a call gives no function for {name}", "give it one, as in {name}=abs")
STAR_OF_FUNCTIONS = ("{name} takes a function, and a star gives values", "give the arguments one by one")
TAKING_GIVEN = ("{name} takes a function itself, and cannot be given", "write lambda x: {name}(..., x)")
TOO_MANY_COPIES = ("{name} comes to be given too many different functions", "give it the same ones")
RANGE_GIVEN = (
    "range gives no value of its own, and this function may do more than go through it",
    "write list(range(...))",
)
HOLE_COPIED = ("{name} takes functions, so that no hole can stand in it", "put the hole where it is called")
LAMBDA_IN_COMPREHENSION = ("{name} is the comprehension's, and no lambda in it can read it", "write a for loop")
LITERAL_NEEDED = "write it in quotes, where it stands"
# What stands behind key=, and of list.sort.
KEY = ("what stands behind key= is called with one value", "write the name of a function, or lambda x: ...")
SORT_KEY = ("sort takes a key behind a variable's name", "write as in a.sort(key=len), or a[:] = sorted(a, key=...)")
METHODS_NEED_ROWS = ("methods", "write a variable's name without a dot")
WITH_PARTS = "strings, lists, tuples and dicts"
CALL_WITHOUT_ROWS = "what {name} works on"

# The symbol, the operator's name and the remedy for what a checkpoint without rows has no words for.
OPERATORS_NEED_ROWS: Mapping[type[ast.operator | ast.cmpop], tuple[str, str, str]] = {
    ast.Div: ("/", "/", "write // for whole-number division"),
    ast.LShift: ("<<", "<<", "write * 2 ** n"),
    ast.RShift: (">>", ">>", "write // 2 ** n"),
    ast.BitOr: ("|", "|", _CONDITIONS),
    ast.BitXor: ("^", "^", "write ** for a power, != for either-or"),
    ast.BitAnd: ("&", "&", _CONDITIONS),
    ast.Is: ("is", "is", "write =="),
    ast.IsNot: ("is", "is not", "write !="),
    ast.In: ("in", "in", "write comparisons joined by or"),
    ast.NotIn: (NOT, "not in", "write comparisons joined by and"),
}


def named_refusal(refusal: tuple[str, str], name: str) -> tuple[str, str]:
    """Return message and remedy with a name in them."""
    message, remedy = refusal
    return message.format(name=name), remedy.format(name=name)


def function_as_value(name: str) -> tuple[str, str]:
    """Return message and remedy for the name of a function where a value stands."""
    return f"{name} is a function, not a variable", f"write {name}(...) or another name"


def uncalled_refusal(function: str, given: str) -> tuple[str, str]:
    """Return message and remedy for a function given to what does not call it, or is not known to."""
    message = f"{given} is a function, and {function} does not call what it is given here"
    return message, f"define {function} before, as one that calls it; a function is no value that is kept"


def no_words(named: str, remedy: str) -> tuple[str, str]:
    """Return message and remedy for what a checkpoint has no words for."""
    return (
        f"this checkpoint has no words for {named}",
        f"{remedy}; another checkpoint, given with --model, may have them",
    )
