"""Texts by kind that attackers write and accidents make, each with its right answer: `python -m tests.fuzz.hostile`.

refused("bytes are not in Lx", "b'a'")     the text is outside Lx, and this stands in the message
ends("ZeroDivisionError", "1 // 0")        the program ends in this error
shows("6", "print(6)")                     this is what it shows
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from latent_repl.errors import LatentReplError, UsageError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute
from latent_repl.language.parsing.parse import parse
from latent_repl.language.program import Program
from latent_repl.session import Session

SECONDS, BYTES = 10.0, 2**30
"""What no text may take."""
SLOTS, CAPACITY = 12, (64, 128)
"""Slots, cells of a row and rows, as the checkpoint `base` has them."""
STEPS = 1_000
"""Steps that each may take here; a loop without an end is to end there."""


@dataclass(frozen=True)
class Hostile:
    """A text and its right answer: how it ends, `refused`, an error's name or empty, and what is said or shown."""

    text: str
    end: str
    words: str


def refused(words: str, *texts: str) -> list[Hostile]:
    """Return texts that are refused with these words."""
    return [Hostile(text, "refused", words) for text in texts]


def ends(kind: str, *texts: str) -> list[Hostile]:
    """Return programs that end in an error."""
    return [Hostile(text, kind, "") for text in texts]


def shows(output: str, *texts: str) -> list[Hostile]:
    """Return programs that end well and show this."""
    return [Hostile(text, "", output) for text in texts]


LONG, DEEP = 90_001, 3_000

_TRIED = "{0}try:\n{0} 1\n{0}finally:\n"
NESTED = (
    "".join(" " * depth + "try:\n" for depth in range(21))
    + " " * 21
    + "1\n"
    + "".join(" " * depth + "finally:\n" + " " * depth + " 1\n" for depth in reversed(range(21))),
    "".join(_TRIED.format(" " * depth) for depth in range(21)) + " " * 21 + "1",
)
"""Try statements in one another, and in the blocks behind `finally`."""

HOSTILE: dict[str, list[Hostile]] = {
    "ways out": [
        *refused("is not in Lx", "import os", "import os, sys", "from os import system", "from . import a"),
        *refused("is not in Lx", "import builtins as b", "from os import *", "if 1:\n    import os"),
        *refused(
            "is not in Lx",
            "from math import *",
            "import math.a",
            "import math\nmath.__dict__",
            "from math import __name__",
        ),
        *refused("import stands in a block", "if 1:\n    import math", "def f(): import math"),
        *shows("6", "import math\n" * 100 + "print(math.gcd(12, 18))"),
        *refused("unknown function", "eval('1')", "exec('a = 1')", "compile('1', '', 'eval')", "__import__('os')"),
        *refused(
            "unknown function", "globals()", "locals()", "vars()", "dir()", "breakpoint()", "exit()", "memoryview()"
        ),
        *refused(
            "unknown function", "getattr('a', 'upper')", "setattr(a, 'b', 1)", "delattr(a, 'b')", "id(1)", "hash(1)"
        ),
        *refused(
            "unknown function", "object()", "classmethod(1)", "property(1)", "help()", "callable(1)", "issubclass(1, 2)"
        ),
        *refused("reads no files", "open('/etc/passwd')", "open('a', 'w')", "a = open('/dev/zero')"),
        *refused("input is not in Lx", "input()", "a = input('> ')"),
        *refused("attributes are not in Lx", "a = 1\na.__class__", "().__class__.__bases__", "''.__class__.__mro__"),
        *refused("attributes are not in Lx", "[].__class__", "(1).real", "print.__self__", "''.upper"),
        *refused("unknown method", "''.__add__('a')", "[].__len__()", "(1).__class__()", "''.__class__()"),
        *refused("unknown method", "[].__reduce__()", "''.__format__('')", "{}.__getitem__(1)", "''.frobnicate()"),
        *refused("reserved for Python", "__builtins__", "__name__ = 1", "__file__ = 1", "a = __debug__", "__import__"),
        *refused("class is not in Lx", "class A: pass", "class A(object):\n    pass", "super()"),
        *refused("nonlocal", "nonlocal a", "def f():\n    nonlocal a"),
        *refused("global declaration", "a = 1\nglobal a", "def f():\n    print(a)\n    global a"),
        *refused("one line after another", "async def f(): pass", "await a"),
        *refused("decorators are not in Lx", "@f\ndef g(): pass"),
        *refused("is not one variable", "a = 1\na.b = 2"),
        *refused("lambda is not in Lx", "f = [lambda: 1]", "(lambda: 0)()"),
        *refused("is not in Lx", "with open('a') as b: pass"),
        *refused("names of Python's errors", "try:\n    1\nexcept BaseException:\n    2"),
        *refused("names of Python's errors", "try:\n    1\nexcept (KeyError, MemoryError):\n    2"),
        *refused("raise takes", "raise", "raise SystemExit", "raise KeyboardInterrupt()", "raise ValueError from None"),
        *refused("is not in Lx", "def f():\n    yield 1"),
        *refused(
            "no pattern in Lx", "match 1:\n    case Point(): pass", "match 1:\n    case [object(__class__=a)]: pass"
        ),
        *refused(
            "literals and names alone", "match 1:\n    case a.__class__: pass", "match 1:\n    case {a.b: 1}: pass"
        ),
        *refused("comprehension", "[(a := 1) for b in 'c']", "any((a := b) for b in 'c')"),
        *refused("", "def f():\n    while 1:\n        def g(): pass", "def f(a, /): pass"),
        *refused("a function, not a variable", "def f():\n    def g(): pass\n    return g"),
        *refused(
            "too many different functions",
            "def t(f, n): return f(n) if n < 1 else t(lambda x: f(f(x)), n - 1)\nt(abs, 3)",
            "def t(f, g): return t(lambda x: f(g(x)), lambda y: g(f(y))) if f(1) else 0\nt(abs, abs)",
            "def t(f): return f(1)\n" + "".join(f"t(lambda x: {place})\n" for place in range(2000)),
            "".join(f"def g{place}(f): return g{place + 1}(f)\n" for place in range(2000))
            + "def g2000(f): return f(1)\ng0(abs)",
        ),
        *refused("is a function, and f does not call", "f(exec=1, a=print)", "def f(a): return a\nf(abs)"),
        *refused("no value of its own", "a = (b for b in 'c')", "a = [map(str, 'a')]"),
        *refused("** before a value", "def f(**a): pass\nf(**{})", "def f(): return f(**f())"),
        *refused("by name", "def f(*, a): pass\nf(1)"),
        *refused("no character of Lx", "def f(**a): return a\nf(\u00e9=1)"),
        *ends(
            "TypeError",
            "def f(a): return a\nf(*[1, 2])",
            "def f(a): return a\nf(*5)",
            "def f(*, a): return a\nf(*'a', a=1)",
        ),
        *ends("MemoryError", "def f(*a): return a\nf(*[1] * 64, 2)"),
        *shows("(1, 2) {'b': 3}", "def f(*a, **k): print(a, k)\nf(*[1], 2, b=3)"),
    ],
    "depth": [
        *refused("nested", "(" * 99 + "1" + ")" * 99 + "+" + "-" * 150 + "1", "-" * DEEP + "1", "not " * DEEP + "1"),
        *refused("nested", "a = " + "1 if 1 else " * DEEP + "1", "1" + " + 1" * DEEP, "a = 'a'\na" + "[0]" * DEEP),
        *refused(
            "nested", "a = 'a'\na" + ".upper()" * DEEP, "2" + " ** 2" * DEEP, "if 1: pass\n" + "elif 1: pass\n" * DEEP
        ),
        *refused(
            "nested", "(" * DEEP + "1" + ")" * DEEP, "[" * DEEP + "]" * DEEP, "f(" * DEEP + ")" * DEEP, "(" * LONG
        ),
        *refused("", "{" * DEEP + "}" * DEEP, "[" * LONG, "{" * LONG, ")" * LONG, "x = " + "(" * DEEP),
        *refused("", "".join("    " * depth + "if 1:\n" for depth in range(120)) + "    " * 120 + "pass"),
        *refused("nested", "match 1:\n    case " + "[" * 99 + "]" * 99 + ": 1", "match 1:\n    case " + "[" * DEEP),
        *refused("deep", *NESTED),
        *refused("deep", "".join("    " * depth + "while 1:\n" for depth in range(25)) + "    " * 25 + "pass"),
        *refused(
            "nested more than 100",
            "".join(" " * depth + "for i in 'a':\n" for depth in range(99)) + " " * 99 + "0",
        ),
    ],
    "length": [
        *refused("more than the limit of 100,000", "a" * 100_001, "#" * 200_000, "\n" * 150_000, "a=1;" * 30_000),
        *refused(
            "more than 256 slots", "\n".join(f"a{number} = 1" for number in range(9_000)), f"print({'1, ' * 30_000})"
        ),
        *refused("more than 256 slots", f"{', '.join('a' * 9_000)} = {', '.join('1' * 9_000)}"),
        *refused(
            "more than 200 functions",
            "def f0(): return 0\n" + "".join(f"def f{n}(): return f{n - 1}()\n" for n in range(1, 900)) + "f899()",
        ),
        *refused("more than 100 holes", "?\n" * 9_000, f"f({'?, ' * 9_000})", "a = [" + "?, " * 30_000 + "]"),
        *shows("", "match 0:\n    case " + "1 | " * 900 + "1: 2", "match 0:\n" + "    case 1: 2\n" * 900),
        *shows("", "match 0:\n    case [" + "1, " * 2_000 + "1]: 2"),
        *refused("thousands of digits", "9" * LONG, f"a = {'1' * 5_000}"),
        *refused(
            "and 19 more", "import os\n" * 8_000, "a = [" + "{1}, " * 9_000 + "]", "1j\n" * 20_000, "a@b\n" * 20_000
        ),
        *refused("no line assigns a", "a\n" * 40_000, "a < " * 20_000 + "a", "a and " * 12_000 + "a", "a;" * 40_000),
        *refused("", "'" * LONG, '"' * LONG, "\\\n" * 40_000, ":" * LONG, "," * LONG, "=" * LONG, "." * LONG),
        *refused(
            "", "\t" * LONG + "a", " " * LONG + "a = 1", "if 1:\n" + "\t" * LONG + "a", "a = 1\n" + "  b\n" * 20_000
        ),
        *refused(
            "",
            "def f(" + ", ".join(f"a{n}" for n in range(9_000)) + "): pass\nf()",
            "f'" + "{" * LONG,
            "lambda: " * 9_000,
        ),
        *shows("", "\n" * LONG, "#" * LONG, " " * LONG, "# a\n" * 20_000, "a = 1" + " " * LONG, "pass;" * 900),
        *shows("1", "#" * LONG + "\n1", "\n" * LONG + "1", "a = 1" + "\t" * LONG + "\na"),
        *ends("StepBudgetError", "".join(f"def f{number}(x):\n    return x\n" for number in range(2_500)) + "0"),
        *ends(
            "StepBudgetError", "a = 1\n" * 16_000, "a = 1;" * 16_000, "pass\n" * 18_000, "a = 1\n" + "a and a\n" * 9_000
        ),
        *ends(
            "MemoryError",
            f"a = [{'1, ' * 30_000}]",
            f"a = '{'x' * LONG}'",
            "a = (" + "0, " * 65 + ")",
            "'" + "x" * 65 + "'",
        ),
    ],
    "characters": [
        *refused("null bytes", "\x00", "a = 1\x00", "a\x00 = 1", "# \x00", "'\x00'"),
        *refused("", "\ud800", "a = '\ud800'", "# \udfff", "\ud800 = 1", "print('\udcff')"),
        *refused(
            "",
            "\u2028",
            "a\u2028= 1",
            "a = 1\u2029",
            "\u200b1",
            "a\u00a0= 1",
            "\ufeff\ufeff1",
            "“a”",
            "a = ‘b’",
            "a − 1",
        ),
        *refused(
            "", "\x0c\x00", "\x1b[31m", "a = 1\x1b", "\x07", "\x7f", "a = 1 \x08", "√2", "∑", "a ≤ b", "€", "½", "²"
        ),
        *refused("", "'é'", "s = '日本'", "print('🙂')", "a = 'ä' + 'b'", "f'{1}é'"),
        *refused("reserved", "ʔ", "ʔ = 1", "aʔ", "ʔ0 = 3"),
        *shows("", "é = 1", "# é", "变量 = 2", "ﬁ = 1", "𝐱 = 1", "a\x0c= 1", "a = 1\r", "a = 1\r\nb = 2\r\n"),
        *shows("3", "ａ = 3\nprint(a)", "ﬁ = 3\nfi", "𝐱 = 3\nx", "\x0c3", "3 # \u202e"),
        *refused("no line assigns", "а", "e\u0301", "ａ", "µ", "Ａ"),
    ],
    "holes": [
        *refused("hole", "?", "a = ?", "a + ?", "?\n?", "a ? b", "'?' + ?", "a = 1 # ?\n?", "if ?:\n    a = 1"),
        *refused(
            "",
            "a?",
            "?a",
            "??",
            "1?",
            "?1",
            "?\uff3f",
            "\uff3f?",
            "? = 1",
            "a ?= 1",
            "def ?(): pass",
            "for ? in 'a': pass",
        ),
        *refused("", "? ?", "a.?", "? :", "del ?", "?(1)", "f(?=1)", "lambda ?: 1", "import ?", "{?}", "@?", "a ? ? b"),
        *shows("?", "print('?')", "'?'[0:1]\n# ?\nprint('?')".partition("\n")[2]),
    ],
    "numbers": [
        *ends(
            "ZeroDivisionError",
            "1 // 0",
            "a = 0\n1 % a",
            "divmod(1, 0)",
            "5 // (3 - 3)",
            "10 ** 9 // 0",
        ),
        *shows("0.5", ".5", "1 / 2", "float('0.5')", "2 ** -1", "0.25 ** 0.5", "1e-3 * 0 + 0.5", "(1e300 > 1) / 2"),
        *shows("inf", "1e999", "float('inf')", "x = 1.0715086071862673e+301\nx * x", "-1e999 * -2"),
        *shows("0.30000000000000004", "0.1 + 0.2"),
        *ends("OverflowError", "int(1e999)", "round(1e999)", "x = 3.054936363499605e-151\nx * x", "int(-1e999)"),
        *ends("ValueError", "1e999 - 1e999", "2 ** 0.25", "(-1) ** 0.5", "round(15.5, -1)", "float('1.5.')"),
        *ends("MemoryError", "float('1e300')"),
        *ends("StepBudgetError", "1.0000001 ** 10 ** 9", "x = 0.1\nwhile x: x = x / 3"),
        *ends("TypeError", "[1][0.5]", "list(range(1.5))", "'a' * 1.0", "1.5 & 1", "for i in range(2.0): pass", "~1.5"),
        *refused("near to it", "1e-310"),
        *refused("", "1j", "0777", "1__0", "0x", "0b2", "1_", "0o9", "1e", "1a", "00001"),
        *refused("no operator", "1 @ 2", "a @= 1"),
        *ends("StepBudgetError", "1 << 999", "a = 1\na <<= 10 ** 30"),
        *ends(
            "StepBudgetError",
            "while 1:\n    try:\n        1 // 0\n    except:\n        pass",
            "while 1:\n    try:\n        1 // 0\n    finally:\n        continue",
            "def f():\n    try:\n        return f()\n    finally:\n        f()\nf()",
            "def f(n):\n    try:\n        return f(n + 1)\n    except Exception as e:\n        return f(n + 1)\nf(0)",
        ),
        *ends("MemoryError", "try:\n    a = 'a' * 99\nexcept Exception:\n    1"),
        *shows("0", "0 << 10 ** 30", "1 >> 10 ** 9", "1 & 2", "(1 << 8) & ~(1 << 8)", "round(1) >> True"),
        *shows("1048576", "2 ** 20", "a = 2\na ** 20", "1024 * 1024", "int('1048576')", "0x100000"),
        *shows("-1", "-1 // 2", "True - 2", "-(1)", "int('-1')", "0 - 1", "~0 + 0".replace("~0", "-1")),
        *ends("ValueError", "int('')", "int('1.5')", "int('a')", "int('9' * 3 + 'x')", "chr(-1)", "chr(0)", "chr(200)"),
        *ends(
            "TypeError",
            "1 + 'a'",
            "'a' - 1",
            "[1] + (2,)",
            "-'a'",
            "1 < 'a'",
            "None + 1",
            "abs('a')",
            "len(1)",
            "'a' * 'b'",
        ),
        *ends("MemoryError", "10 ** 64 * 10 ** 64 * 10 ** 64"),
    ],
    "loops": [
        *ends(
            "StepBudgetError",
            "while True: pass",
            "while 1:\n    a = 1",
            "a = 0\nwhile a < 1: a = a - 1",
            "while not 0: continue",
        ),
        *ends(
            "StepBudgetError", "for i in range(10 ** 9): pass", "for i in range(999):\n    for j in range(999): pass"
        ),
        *ends(
            "StepBudgetError", "while 1:\n    while 1:\n        break", "while True: print('a')", "while 'a': a = 'b'"
        ),
        *ends(
            "RecursionError",
            "def f(): return f()\nf()",
            "def f(n): return f(n)\nf(1)",
            "def f(): return g()\ndef g(): return f()\ng()",
        ),
        *shows(
            "0", "for i in range(0): pass\n0", "while 0: pass\n0", "for i in []: pass\n0", "for i in '': print(i)\n0"
        ),
        *refused("outside", "break", "continue", "if 1: break", "return 1", "def f(): break"),
    ],
    "memory": [
        *ends(
            "MemoryError",
            "a = [0]\nwhile 1: a = a + a",
            "a = [0]\nwhile 1: a.append(0)",
            "s = 'ab'\nwhile 1: s = s + s",
        ),
        *ends("MemoryError", "a = [0] * 65", "a = 'x' * 100", "[1] * 999 * 999", "list(range(100))"),
        *ends(
            "MemoryError",
            "s = ' '.join(['abcdefghij'] * 20)",
            "'a'.ljust(99)",
            "'x'.replace('x', 'y' * 65)",
            "str(10 ** 64)",
        ),
        *shows("[[...]]", "a = []\na.append(a)\na", "a = [0]\na[0] = a\nprint(a)"),
        *shows("", "a = [0]\nfor i in range(40): a = [a, a]", "a = []\nfor i in range(9): a = [a]", "a = [[]] * 64"),
        *shows("", "a = (0,)\nfor i in range(3): a = (a,) * 60", "a = [['a' * 60] * 60] * 60\nb = a"),
        *ends("RuntimeError", "d = {1: 2}\nfor k in d: del d[k]", "d = {1: 2}\nfor k in d: d[k + 1] = 2"),
    ],
    "values": [
        *ends(
            "IndexError",
            "[][0]",
            "'a'[1]",
            "a = [1]\na[5] = 1",
            "().index".replace(".index", "[0]"),
            "[].pop()",
            "'abc'[99]",
        ),
        *shows("1 [2] True", "match [1, 2, 1]:\n    case [a, *b, c]: print(a, b, a == c)"),
        *shows("3", "match [3]:\n    case " + "[" * 40 + "a" + "]" * 40 + ": a\n    case [b]: print(b)"),
        *shows("9", "match 9:\n    case " + " | ".join(map(str, range(10))) + " as a: print(a)"),
        *ends("KeyError", "{}[0]", "{'a': 1}['b']", "d = {}\ndel d['a']", "{}.pop('a')"),
        *ends(
            "AttributeError",
            "(1).append(2)",
            "''.append('a')",
            "(1,).append(2)",
            "[].upper()",
            "{}.append(1)",
        ),
        *ends(
            "TypeError",
            "'a'[0] = 'b'".replace("'a'[0]", "s = 'a'\ns[0]"),
            "t = (1,)\nt[0] = 2",
            "{[]: 1}",
            "{{}: 1}",
            "[1]['a']",
            "1[0]",
        ),
        *ends(
            "TypeError",
            "for i in 5: pass",
            "a, b = 5",
            "sum(['a'])",
            "sorted([1, 'a'])",
            "min(1, 'a')",
            "len(5)",
            "'a'.join([1])",
        ),
        *ends(
            "ValueError",
            "a, b = [1]",
            "a, b = 'abc'",
            "[].remove(1)",
            "[1].index(2)",
            "'a'.index('b')",
            "min([])",
            "max('')",
        ),
        *ends("AssertionError", "assert 0", "assert ''", "assert 1 == 2, 'no'", "assert not 1", "assert [] or {}"),
        *ends(
            "NameError",
            "if 0: a = 1\na",
            "for i in []: pass\ni",
            "a = 1\nif 1: del a\na",
            "def f(): return k\nf()\nk = 1",
        ),
        *refused(
            "no line assigns", "a", "print(b)", "a = b", "a += 1", "f'{c}'", "del a", "[x for y in 'a']", "a[0] = 1"
        ),
        *refused(
            "",
            "print(print)",
            "print = 1",
            "range",
            "min = max",
            "for print in 'a': pass",
        ),
    ],
    "words that mean something else": [
        *shows("", "len = 2", "def len(): pass", "print = None\n".replace("print", "sum"), "list = [1]", "str = 'a'"),
        *shows("'1=1'", "f'{1=}'"),
        *shows("1", "a = [1]\nfor x in a: a.append(x); a.pop()", "len = 1\nlen"),
        *ends("ValueError", "pow(2, 3, 0)"),
        *ends("MemoryError", "[0] * 900"),
        *refused("function of Lx's own", "def max(a): return 1\nmax(5)"),
        *refused("", "a = 1\na.items()", "f(?)", "\ufeff3"),
    ],
    "syntax": [
        *refused(
            "",
            "if",
            "if 1",
            "if 1:",
            "else:",
            "elif 1:",
            "for",
            "for i",
            "for i in",
            "while",
            "def",
            "def f",
            "def f(",
            "def f():",
        ),
        *refused(
            "",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'",
            '"',
            "'''",
            "a =",
            "= 1",
            "a ==",
            "a +",
            "* a",
            "a b",
            "a, = ",
            "a = 1 2",
        ),
        *refused(
            "",
            "a = = 1",
            "a + = 1",
            "1 = a",
            "f() = 1",
            "a + 1 = 2",
            "None = 1",
            "True = 0",
            "'a' = 1",
            "[a, 1] = 2",
            "() = 1",
        ),
        *refused(
            "", " a = 1", "if 1:\na", "if 1:\n\ta = 1\n        b = 1", "  if 1:\n a", "a = 1\n b = 2", "if 1: if 2: 3"
        ),
        *refused(
            "",
            "print 1",
            "exec 'a'",
            "a <> b",
            "a++b--",
            "a =+ = 1",
            "!a",
            "a && b",
            "a || b",
            "a ? b : c",
            "$a",
            "`a`",
            "a := 1",
        ),
        *refused("", ":vars", ":quit", ":synth a + ? == 1", ":", "::", ": a"),
        *refused("", "f'{'", "f'}'", "f'{a!z}'", "f'{}'", "f'{1:{2:{3}}}'", "b'a'", "'a' 'é'", "r'\\'"),
        *refused(
            "",
            "del",
            "del 1",
            "del f()",
            "del a + b",
            "assert",
            "return",
            "pass 1",
            "import",
            "from a",
            "class",
            "lambda",
        ),
    ],
}
"""Every kind, and its texts."""


def exact_answer(text: str) -> Hostile:
    """Return what a text comes to by exact execution, without any model."""
    try:
        program = lowered(text)
    except LatentReplError as error:
        return Hostile(text, "refused", str(error))
    run = execute(program, (None,) * SLOTS, step_budget=STEPS, capacity=CAPACITY)
    return Hostile(text, "" if run.error is None else run.error.kind, "\n".join(run.output))


def lowered(text: str) -> Program:
    """Return a text's core lines. Raises what a session would."""
    tree = parse(text, rows=True)
    if tree.holes:
        raise UsageError(f"the text has {tree.holes} hole(s)")
    return lower(tree, slots=SLOTS, rows=True)


def answer(session: Session, text: str) -> Hostile:
    """Return what a session makes of a text, from its beginning."""
    session.reset()
    try:
        result = session.run(text)
    except LatentReplError as error:
        return Hostile(text, "refused", str(error))
    return Hostile(text, "" if result.error is None else result.error.kind, "\n".join(result.output))


def is_right(given: Hostile, wanted: Hostile) -> bool:
    """Return whether an answer is the right one."""
    if wanted.end != given.end:
        return False
    return wanted.words in given.words if wanted.end == "refused" else wanted.end != "" or wanted.words == given.words


def main() -> Iterator[str]:
    """Yield what went wrong or took too long, and at the end what the whole catalogue took."""
    session, slowest, total = Session(step_budget=STEPS), (0.0, ""), 0.0
    every = [(kind, each) for kind, texts in HOSTILE.items() for each in texts]
    for kind, wanted in every:
        begun = time.process_time()
        given = answer(session, wanted.text)
        seconds = time.process_time() - begun
        named = f"{kind}: {wanted.text[:60]!r}"
        slowest, total = max(slowest, (seconds, named)), total + seconds
        if not is_right(given, wanted) or seconds > SECONDS:
            got = f"{given.end} {given.words[:200]!r}"
            yield f"{named}: {got}, expected {wanted.end} {wanted.words!r}; {seconds:.1f} s"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    if memory > BYTES:
        yield f"{memory:,} bytes"
    print(f"{len(every)} texts, {total:.0f} s, slowest {slowest}, {memory / 2**20:.0f} MiB")


if __name__ == "__main__":
    lines = [*main()]
    print("\n".join(lines).encode("ascii", "backslashreplace").decode())
    sys.exit(len(lines) > 1)
