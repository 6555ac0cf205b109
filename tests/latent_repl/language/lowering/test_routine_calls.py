"""Calls of methods and builtins, `in`, and `is`."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.oracle.core_lines import Execution
from latent_repl.language.program import Call, Program

Same = Callable[[str], Execution]

TEXTS = (
    "s = ' Hello World '\na = s.strip().lower()\nb = s.split()\nc = '-'.join(b)\nd = s.replace('l', 'L', 2)",
    "a = 'a,b,c'.split(',', 1)\nb = 'a b'.split(maxsplit=1)\nc = 'a,b'.rsplit(sep=',')\nd = '1'.zfill(3)",
    "x = [3, 1, 2]\nx.sort()\ny = sorted(x, reverse=True)\nx.sort(reverse=True)\nz = x.copy()\nz.reverse()",
    "x = [1, 2, 3]\na = x.pop()\nb = x.pop(0)\nx.insert(0, 9)\nx.extend('ab')\nx.remove(9)\nc = x.index('a')",
    "d = {'a': 1}\na = d.get('a')\nb = d.get('b')\n"
    "c = d.get('b', 0)\ne = d.pop('a')\nf = d.pop('a', None)\nd.update({1: 2})",
    "d = {'a': 1}\nx = list(d.items())\ny = list(d)\nz = sorted(d.values())\nd.setdefault('k', []).append(1)",
    "a = len('abc') + len([]) + len({1: 2})\nb = sum([1, 2]) + max([1, 5]) + min(4, 3)\nc = abs(-3)\nd = max('ab')",
    "a = str(12)\nb = int('34')\nc = repr('x')\n"
    "d = list('ab')\ne = tuple([1])\nf = bool([])\ng = int('ff', 16)\nh = str(True)",
    "a = ord('a')\nb = chr(98)\nc = divmod(7, 2)\nd = any([0, 1])\n"
    "e = all([])\nf = list(range(3))\ng = list(zip('ab', [1, 2]))",
    "a = list(enumerate('ab', 1))\nb = list(reversed([1, 2]))\nc = sum([[1], [2]], [])\nd = pow(3, 4, 5)\ne = int()",
    "a = 1 in [1, 2]\nb = 'lo' in 'hello'\nc = 3 not in {3: 4}\nd = (1, 2) in [(1, 2)]\ne = 1 < 2 in [2]",
    "n = None\no = 1\nt = True\na = n is None\nb = [] is None\nc = o is True\n"
    "d = t is True\ne = n is not None\nf = o is not False",
    "x = [1].append(2)\ny = {}.clear()\nprint(x, y, [3].sort())",
    "a = '{} {}'.format(1, 'b')\nb = '{1}{0}{x:>3}'.format(1, 2, x='q')\nc = 'x'.upper().lower().title()",
    "a = 2 ** 40\nb = 10 ** 12 // 7\nc = 123456789 * 987654321\nd = a > b\ne = str(c)\nf = -a % 1000",
    "x = 5\nx.upper()",
    "print('a'.index('b'))",
    "int('x')",
    "[].pop()",
    "print(1 in 2)",
    "x = 'ab'\nx.append('c')",
    "print(', '.join([1]))",
)


@pytest.mark.parametrize("text", TEXTS)
def test_calls_do_what_python_does(text: str, same: Same) -> None:
    same(text)


def test_a_function_of_the_users_hides_the_builtin(same: Same) -> None:
    same("def sum(a):\n    return a * 2\nx = sum(4)")


def test_a_bare_call_that_gives_none_shows_nothing(run: Callable[[str], Execution]) -> None:
    assert run("x = [2, 1]\nx.sort()\nx.append(3)\nx\nx.index(1)\n'a' + 'b'").output == ("[1, 2, 3]", "0", "'ab'")


def test_what_is_known_to_be_a_list_grows_by_one_core_line(lowered_rows: Callable[[str], Program]) -> None:
    calls = [
        each.function for each in lowered_rows("x = []\nx.append(1)\nx += 'a'").instructions if isinstance(each, Call)
    ]
    assert calls == [".added"]
    calls = [
        each.function
        for each in lowered_rows("def f(x):\n    x.append(1)\nf([])").instructions
        if isinstance(each, Call)
    ]
    assert calls == ["f", ".append"]
