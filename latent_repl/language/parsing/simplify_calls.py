"""Calls that other calls and comprehensions say as well.

Written, and what it becomes; names with a space in them are the prelude's, and no program can write them:

    map(int, words)                   (int(word) for word in words), and so for filter and lambda
    sorted(words, key=len)            sorted by([(len(word), word) for word in words]), and so for min and max
    words.sort(key=len)               sort by(words, [(len(word), word) for word in list to sort(words)])
    sorted(d, key=d.get)              sorted by([(d.get(element), element) for element in d])
    int(n ** 0.5)                     whole root(n)
    sum(range(101))                   sum of range(101)
    min(numbers, default=0)           min or(numbers, default=0)
    dict(a=1), dict.fromkeys(xs, 0)   {"a": 1}, dict of(xs, 0)
    str.maketrans("ab", "cd")         str map("ab", "cd")
    list(), str(), dict()             [], "", {}
    isinstance(x, (int, str))         kind name(x) in ("int", "bool", "str")
    type(x) == list                   kind name(x) == "list", and so for `is`, `!=`, and type(x).__name__
    math.gcd(a, b)                    a call of the user's function of that name, of which imports.py tells
    3 in map(int, words)              any(int(word) == 3 for word in words)
    str.upper(x)                      own of(x, "str", "upper").upper()
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Sequence

from latent_repl.language.parsing.imports import dotted_name
from latent_repl.language.parsing.scopes import BuiltinLoad, bound_in, is_call
from latent_repl.language.parsing.simplify_stars import ELEMENT, StarSimplifier, spread_argument, spread_tuple, written
from latent_repl.language.signatures import BUILTINS, KEYED, METHODS, REWRITTEN

_WITHOUT_PARTS = {"bool": "False", "dict": "{}", "float": "0.0", "int": "0", "list": "[]", "str": "''", "tuple": "()"}
_WITH_METHODS = ("dict", "list", "str", "tuple")
KINDS = (*_WITHOUT_PARTS, "bytes", "complex", "frozenset", "set")
"""What stands behind isinstance; of the last no value is in Lx."""
_SAME: tuple[type[ast.cmpop], ...] = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


class CallSimplifier(StarSimplifier):
    """Rewrites calls from the leaves up; own: the names that mean something of the user's where it is."""

    def __init__(self, own: Collection[str]) -> None:
        self._own = frozenset(own)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Rewrite what is called."""
        self.generic_visit(node)
        match node:
            case ast.Call(ast.Name(id=name), arguments) if _has_star(arguments) and self._is_users(name):
                node.args = [spread_argument(node, arguments)]
                return node
            case ast.Call(ast.Name(id=name), arguments, keywords) if name not in self._own:
                return self._of_python(node, name, arguments, keywords)
            case ast.Call(ast.Attribute(ast.Name(id="dict"), "fromkeys"), [_] | [_, _], []) if "dict" not in self._own:
                return written(node, "dict of", node.args)
            case ast.Call(ast.Attribute(ast.Name(id="str"), "maketrans"), [_] | [_, _] | [_, _, _], []) if (
                "str" not in self._own
            ):
                return written(node, "str map", node.args)
            case ast.Call(ast.Attribute(text, "format"), arguments, keywords) if _has_star(arguments):
                named = _dict_of_keywords(ast.copy_location(ast.Call(text, [], keywords), node))
                if isinstance(named, ast.Dict):
                    return written(node, "format of", [text, spread_tuple(node, arguments), named])
                return node
            case ast.Call(ast.Attribute(ast.Name() as row, "sort"), [], [_, *_]):
                return self._sorted_in_place(node, row)
            case ast.Call(ast.Attribute() as method, [value, *rest]) if self._is_of_kind(method):
                return self._on_its_own(node, method, value, rest)
            case _:
                return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Rewrite type(x).__name__, and what modules have."""
        of_module = dotted_name(node, self._own)
        if of_module is not None:
            return of_module
        self.generic_visit(node)
        named = self._kind_name(node.value)
        return named if node.attr == "__name__" and named is not None else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Rewrite a comparison with type(x), and what asks whether a value is among those of a generator."""
        self.generic_visit(node)
        match node:
            case ast.Compare(ast.Name() | ast.Constant() as sought, [ast.In() | ast.NotIn() as asked], [given]) if (
                isinstance(given, ast.GeneratorExp) and (isinstance(sought, ast.Constant) or _leaves(given, sought.id))
            ):
                given.elt = ast.copy_location(ast.Compare(given.elt, [ast.Eq()], [sought]), node)
                found = written(node, "any", [given])
                return found if isinstance(asked, ast.In) else ast.copy_location(ast.UnaryOp(ast.Not(), found), node)
        if len(node.ops) != 1 or not isinstance(node.ops[0], _SAME):
            return node
        sides = [self._kind_name(side) for side in (node.left, node.comparators[0])]
        if sides[0] is None or sides[1] is None or all(isinstance(side, ast.Constant) for side in sides):
            return node
        same: ast.cmpop = ast.Eq() if isinstance(node.ops[0], ast.Eq | ast.Is) else ast.NotEq()
        return ast.copy_location(ast.Compare(sides[0], [same], [sides[1]]), node)

    def _of_python(
        self, node: ast.Call, name: str, arguments: Sequence[ast.expr], keywords: Sequence[ast.keyword]
    ) -> ast.expr:
        named = {keyword.arg: keyword.value for keyword in keywords}
        match name, arguments, keywords:
            case "map", [given, values], []:
                return self._mapped(node, given, values)
            case "filter", [given, values], []:
                return self._filtered(node, given, values)
            case "sum", [ast.Call(ast.Name(id="range"), [_, *_] as ends, [])], [] if (
                "range" not in self._own and len(ends) <= 3 and not _has_star(ends)
            ):
                return written(node, "sum of range", ends)
            case "zip", _, [] if _has_star(arguments):
                return written(node, "zip of", [spread_tuple(node, arguments, "zip")])
            case "dict", [], [_, *_]:
                return _dict_of_keywords(node)
            case "int", [ast.BinOp(number, ast.Pow(), ast.Constant(0.5))], []:
                return written(node, "whole root", [number])
            case "isinstance", [value, kinds], []:
                return self._of_kinds(node, value, kinds)
            case _ if not arguments and not keywords and name in _WITHOUT_PARTS:
                return ast.copy_location(ast.parse(_WITHOUT_PARTS[name], mode="eval").body, node)
            case _ if name in KEYED and arguments and "key" in named and "default" not in named:
                return self._by(node, name, named["key"])
            case _ if f"{name} or" in REWRITTEN and len(arguments) == 1 and [*named] == ["default"]:
                return written(node, f"{name} or", arguments, keywords)
            case _:
                return self._marked(node)

    def _is_users(self, name: str) -> bool:
        """Return whether what is called so is a function of the user's, or none."""
        return name in self._own or not hasattr(builtins, name)

    def _marked(self, node: ast.Call) -> ast.Call:
        """Mark the call of a builtin that nothing hides."""
        if isinstance(node.func, ast.Name) and node.func.id in BUILTINS and node.func.id not in self._own:
            node.func.ctx = BuiltinLoad()
        return node

    def _mapped(self, node: ast.Call, given: ast.expr, values: ast.expr) -> ast.expr:
        match self._applied(node, given):
            case None:
                return node
            case result, element:
                return _generator(node, result, element, values)

    def _by(self, node: ast.Call, name: str, key: ast.expr) -> ast.expr:
        """Rewrite a call with key=: what is sorted, or sought, are pairs of a key and a value."""
        if _is_none(key):
            node.keywords = _without_key(node)
            return self._marked(node)
        values = node.args[0] if len(node.args) == 1 else ast.copy_location(ast.Tuple(node.args, ast.Load()), node)
        pairs = self._pairs(node, key, values)
        if pairs is None or (name == "sorted" and len(node.args) != 1):
            return self._marked(node)
        return written(node, f"{name} by", [pairs], _without_key(node))

    def _sorted_in_place(self, node: ast.Call, row: ast.Name) -> ast.expr:
        """Rewrite x.sort(key=...), where x is a variable."""
        key = next((keyword.value for keyword in node.keywords if keyword.arg == "key"), ast.Constant(None))
        if _is_none(key):
            node.keywords = _without_key(node)
            return node
        pairs = self._pairs(node, key, written(node, "list to sort", [row]))
        return node if pairs is None else written(node, "sort by", [row, pairs], _without_key(node))

    def _pairs(self, node: ast.Call, key: ast.expr, values: ast.expr) -> ast.expr | None:
        """Return the list of what a key gives for each value, and the value; None where it cannot be written out."""
        applied = self._applied(node, key)
        if applied is None:
            return None
        result, element = applied
        value = ast.copy_location(ast.Name(element.id, ast.Load()), node)
        pair = ast.copy_location(ast.Tuple([result, value], ast.Load()), node)
        return ast.copy_location(ast.ListComp(pair, [ast.comprehension(element, values, [], 0)]), node)

    def _applied(self, node: ast.Call, given: ast.expr) -> tuple[ast.expr, ast.Name] | None:
        """Return what a function gives for an element, and the element; None where it cannot be written out."""
        match given:
            case ast.Lambda() if (name := _only_parameter(given)) is not None:
                return given.body, name
            case ast.Name() if not _is_element(given):
                called = ast.copy_location(ast.Call(given, [_element(node, ast.Load())], []), node)
                return self._marked(called), _element(node, ast.Store())
            case ast.Attribute() if self._is_of_kind(given):
                return self._on_its_own(node, given, _element(node, ast.Load()), []), _element(node, ast.Store())
            case ast.Attribute(value=ast.Name() | ast.Constant(value=str()) as row) if not _is_element(row):
                called = ast.copy_location(ast.Call(given, [_element(node, ast.Load())], []), node)
                return called, _element(node, ast.Store())
            case _:
                return None

    def _filtered(self, node: ast.Call, given: ast.expr, values: ast.expr) -> ast.expr:
        if isinstance(given, ast.Constant) and given.value is None:
            element, test = _element(node, ast.Store()), _element(node, ast.Load())
            return _generator(node, _element(node, ast.Load()), element, values, test)
        match self._applied(node, given):
            case None:
                return node
            case passed, element:
                value = ast.copy_location(ast.Name(element.id, ast.Load()), node)
                return _generator(node, value, element, values, passed)

    def _is_of_kind(self, method: ast.Attribute) -> bool:
        """Return whether something is a method of a kind, as str.upper is."""
        kind, name = method.value, method.attr
        if not isinstance(kind, ast.Name) or kind.id not in _WITH_METHODS or kind.id in self._own:
            return False
        return name in METHODS and name != "maketrans" and hasattr(getattr(builtins, kind.id), name)

    def _on_its_own(self, node: ast.Call, method: ast.Attribute, value: ast.expr, rest: Sequence[ast.expr]) -> ast.expr:
        """Rewrite a method of a kind that is called on a value."""
        assert isinstance(method.value, ast.Name), "it is a kind's"
        names: list[ast.expr] = [ast.copy_location(ast.Constant(name), node) for name in (method.value.id, method.attr)]
        own = ast.copy_location(ast.Attribute(written(node, "own of", [value, *names]), method.attr, ast.Load()), node)
        return ast.copy_location(ast.Call(own, [*rest], node.keywords if node.func is method else []), node)

    def _kind_name(self, node: ast.expr) -> ast.expr | None:
        """Return the name of what `type(x)` gives, or of a kind; None for all else."""
        match node:
            case ast.Call(ast.Name(id="type"), [value], []) if "type" not in self._own:
                return written(node, "kind name", [value])
            case ast.Name(id=name) if name in KINDS and name not in self._own:
                return ast.copy_location(ast.Constant(name), node)
            case _:
                return None

    def _of_kinds(self, node: ast.Call, value: ast.expr, kinds: ast.expr) -> ast.expr:
        names = [self._kind_name(kind) for kind in (kinds.elts if isinstance(kinds, ast.Tuple) else [kinds])]
        known = [name.value for name in names if isinstance(name, ast.Constant)]
        if len(known) < len(names):
            return node
        return is_of_kind(node, value, [str(name) for name in known])


def is_of_kind(node: ast.expr, value: ast.expr, names: Sequence[str]) -> ast.expr:
    """Return what asks whether a value is of one of some kinds, in the place of a node."""
    every = [*names, "bool"] if "int" in names and "bool" not in names else names
    texts: list[ast.expr] = [ast.copy_location(ast.Constant(name), node) for name in every]
    options = ast.copy_location(ast.Tuple(texts, ast.Load()), node)
    return ast.copy_location(ast.Compare(written(node, "kind name", [value]), [ast.In()], [options]), node)


def _leaves(node: ast.GeneratorExp, name: str) -> bool:
    """Return whether a generator can neither hide nor change a variable, which a function that it calls might."""
    called = any(is_call(part) for part in ast.walk(node) if isinstance(part, ast.expr))
    return not called and name not in bound_in(node)


def _has_star(nodes: Sequence[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


def _is_element(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == ELEMENT


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _without_key(node: ast.Call) -> list[ast.keyword]:
    return [keyword for keyword in node.keywords if keyword.arg != "key"]


def _only_parameter(node: ast.Lambda) -> ast.Name | None:
    match node.args:
        case ast.arguments(posonlyargs=[], args=[one], vararg=None, kwonlyargs=[], kwarg=None, defaults=[]):
            return ast.copy_location(ast.Name(one.arg, ast.Store()), one)
        case _:
            return None


def _element(node: ast.expr, context: ast.expr_context) -> ast.Name:
    return ast.copy_location(ast.Name(ELEMENT, context), node)


def _generator(
    node: ast.expr, result: ast.expr, element: ast.Name, values: ast.expr, *tests: ast.expr
) -> ast.GeneratorExp:
    return ast.copy_location(ast.GeneratorExp(result, [ast.comprehension(element, values, list(tests), 0)]), node)


def _dict_of_keywords(node: ast.Call) -> ast.expr:
    if any(keyword.arg is None for keyword in node.keywords):
        return node
    keys: list[ast.expr | None] = [
        ast.copy_location(ast.Constant(keyword.arg), keyword.value) for keyword in node.keywords
    ]
    return ast.copy_location(ast.Dict(keys, [keyword.value for keyword in node.keywords]), node)
