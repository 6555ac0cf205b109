"""Expressions with parts: all that is in Lx is accepted, the rest is refused where it stands."""

from __future__ import annotations

import pytest

from latent_repl.language.parsing.parse import parse
from tests.latent_repl.language.parsing.conftest import assert_refused

ACCEPTED = """
s, xs, t, d, e = 'cat', [1, [2]], (1,), {'a': 1, (1, 2): []}, None
xs[0] = xs[-1][1:] = s[::-1]
xs[1:3], d['b'] = [], {}
xs[0] += 1
d['a'] -= -1
xs += [3]
(a, [b, c]), k = ((1, 'xy'), 2)
a, b = b, a
del xs[0], d['a'], xs[1:]
for i, (key, value) in enumerate(d.items()): print(i, key, value, sep=', ', end='')
for x in xs: pass
else: print(end=None)
for character in s: pass
ys = [x * 2 for x in xs if x if x > 1 for y in range(x) if y in xs]
ys = [[x for x in y] for y in [xs]]
zs = {k: v for k, v in zip(s, xs)}
n = sum(x for x in xs) + len(s) - min([1, 2], [3]) + max(1, 2)
s.upper().split(sep=', ', maxsplit=1)
x = xs if e is None else xs[0] if s not in d else None is not e
x = 'a' < 'b' <= s != ''
print(f'{s!r:>9} {x} {xs[0]}', 'a' in 'abc', 1 in (1, 2), 'b' in d.values())
assert xs == [1], f'no {xs}'
assert any(x for x in xs), 'none'
xs.sort(reverse=True)
ys = sorted(reversed(xs), reverse=False)
def f(a, b):
    xs = a[:]
    del xs[0]
    return [x for x in xs if x in b], ', '.join(str(x) for x in range(3))
f(xs, list(d.keys()))
n = f(1, 2)
"""

# source, line, column, part of the message, part of the remedy
REFUSED = [
    ("a[0].b = 1", 1, 1, "a[0].b is not one variable", "names on the left"),
    ("a, *b, *c = [1, 2]", 1, 4, "* before a name", "slice"),
    ("for a, *b in [[1, 2]]: pass", 1, 8, "* before a name", "slice"),
    ("() = []", 1, 1, "() is not one variable", "names on the left"),
    ("f(1)[0] = 1", 1, 1, "unknown function f", "abs"),
    ("1[0]: int", 1, 1, "a declaration", "give it one"),
    ("for a[0] in b: pass", 1, 5, "a[0] is not one variable", "for i in"),
    ("[x for x[0] in a]", 1, 8, "x[0] is not one variable", "names"),
    ("a = max(*b)", 1, 9, "* before a value", "one by one"),
    ("print(a, end=b)", 1, 14, "end is no literal string", "in quotes"),
    ("print(a, file=b)", 1, 15, "print takes no file", "sep and end"),
    ("a = b[1, 2:3]", 1, 10, "a slice stands alone", "a[1:3]"),
    ("a is b", 1, 3, "is compares with None, True or False alone", "write =="),
    ("a is not 1", 1, 3, "is not compares with None", "write !="),
    ("a = 'x %c' % 1", 1, 12, "formatting with %", "f in front"),
    ("a = (x for x in b)", 1, 5, "a generator has no value", "list comprehension"),
    ("for x in (y for y in b for z in b): pass", 1, 10, "a generator has no value", "list comprehension"),
    ("for x in enumerate(y for y in b): pass", 1, 19, "a generator has no value", "list comprehension"),
    ("for i, x in enumerate((y for y in b), 1, 2): pass", 1, 13, "enumerate takes 1 to 2 values, not 3", "1 to 2"),
    ("a = [x for x in (x + y for y in b)]", 1, 18, "x is the comprehension's here", "another name"),
    ("[x async for x in a]", 1, 19, "one line after another", "one after another"),
    ("a = {1, 2}", 1, 5, "a set that is kept", "or a list"),
    ("a = b.c", 1, 5, "attributes", "method"),
    ("? in a; ?[0] = 1; ? = 1", 1, 19, "cannot be assigned to", "write =="),
    ("for x, ? in a: pass", 1, 8, "cannot be assigned to", "write =="),
    ("a = [x for abs in b]", 1, 12, "abs is a function", "another name"),
    ("del (a, b)", 1, 5, "is not one variable", "del a, b"),
    ("xs[0].append = 1", 1, 1, "is not one variable", "names on the left"),
]

# Whatever reaches for more than values.
ATTACKS = [
    "''.__class__",
    "''.__class__()",
    "[].__class__.__mro__",
    "().__len__()",
    "f'{a.__class__}'",
    "f'{a.__class__()}'",
    "f'{(lambda: 1)()}'",
    "[x.__class__ for x in [1]]",
    "str.__subclasses__()",
    "str.join",
    "dict.fromkeys.__self__",
    "{}.__getitem__('a')",
    "list.append.__globals__",
    "xs.append.__self__",
    "[__builtins__]",
    "[eval for eval in [1]][0]('1')",
    "getattr('', 'upper')",
    "print.__self__",
    "(print)(1)[0]",
    "vars()['a']",
    "type('')",
    "str(object=b'a', encoding='utf8')",
    "'a'.encode()",
    "s.translate.__call__(1)",
]


def test_all_of_lx_with_parts_is_accepted() -> None:
    assert len(parse(ACCEPTED, rows=True).module.body) == 27


@pytest.mark.parametrize(("source", "line", "column", "message", "remedy"), REFUSED)
def test_the_place_and_the_remedy_of_an_expression_outside_lx(
    source: str, line: int, column: int, message: str, remedy: str
) -> None:
    assert_refused(source, line, column, message, remedy, rows=True)


@pytest.mark.parametrize("source", ATTACKS)
def test_nothing_reaches_beyond_values(source: str) -> None:
    assert_refused(source, 1, None, "", "", rows=True)


def test_a_comprehensions_variables_are_its_own() -> None:
    assert parse("sum = [sum for sum in [1]]\n", rows=True).module.body
    assert parse("[sum for sum in [1]]\nsum([1])", rows=True).module.body
    assert_refused("[list(list) for list in [1]]", 1, 2, "list is a variable", "another name", rows=True)
