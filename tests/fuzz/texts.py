"""Texts drawn at random: programs of the grammar and `match` statements, the same with pieces exchanged, pieces in any
order, characters."""

from __future__ import annotations

import random
import re

from grammar.programs.sample import ProgramLimits, sample_program
from grammar.suites.rows import ROWS


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a text."""
    return tuple(text.split())


NAMES = listed("a b k x xs s d f _ print range min is_prime __import__ \u00e9 a_2 None True")
LITERALS = listed("0 1 -1 71 999 1000 -999 10**9 123456789 0x1f 1.5 1e9 1j 's' 'abc' \" f'{a}' f'{s:>5}' b'x' ...")
ON_ROWS = listed(
    "[] {} () (1,) [1,2] {'a':1} xs[0] xs[-1:] xs[::2] s[9] d['k'] .append(1) .pop() .upper() .split() .items() "
    ".join(xs) len(xs) sorted(xs) sum(xs) list(s) str(a) int(s) zip(xs,s) enumerate(s) x,a=xs"
)
WORDS = listed(
    "if else elif while for in def return break continue pass and or not is del assert lambda import from class try "
    "except finally with yield global nonlocal await match case raise as ValueError KeyError Exception"
)
SIGNS = listed("+ - * / // % ** @ << & | ^ ~ == != < <= > >= = += //= := -> ( ) [ ] { } , : ; . ? ?? ! $ \\ # `")
# What separates them, and what only looks as if it did.
SPACES = (
    *(" ", "  ", "\n", "\n    ", "\n        ", "\t", "\n\t", "\r\n", "\f"),
    *("\x00", "\ufeff", "\u2028", "\ud800", "\uff3f", "\u00a0"),
)
PIECES = (NAMES, LITERALS, ON_ROWS, WORDS, SIGNS, SPACES)
COMMANDS = (
    *(
        "help",
        "synth",
        "undo",
        "redo",
        "goto",
        "branch",
        "diff",
        "state",
        "vars",
        "functions",
        "steps",
        "check",
        "mode",
    ),
    *("load", "save", "reset", "model", "time", "nearest", "lerp", "budget", "resync", "history", "nothing", "s", ""),
)
LIMITS = ProgramLimits(statements=5, size=4, maximum=999, lines=40, errors=0.2)

UNASSIGNED = "if 0:\n    k = 1\n"
"""Before some texts: their k has no value, which is to be said where Python reads it."""

PACKING = (
    "def f(*xs):\n    return len(xs)\na = f()\nb = f(1, a, *'ab')",
    "def f(a, *xs, k=1):\n    return xs[:k]\nxs = f(1, 2, 3)\nx = f(*xs, k=2)",
    "def f(a, b=2, *, k):\n    return a - b * k\na, b = f(3, k=1), f(*(1, 2), k=0)",
    "def f(a, **d):\n    return d\nd = f(1, k=2, x='s')\nx = f(a=d)",
    "def g():\n    return f(*s)\ndef f(*xs): return xs\ns = 'abc'\na = g()\ndef f(a, b, c=1): return c\nb = g()",
)
"""Programs whose functions pack their arguments."""

PIECE = re.compile(r"\w+|\s+|[^\w\s]+")


def program(generator: random.Random) -> str:
    """Return a program of the grammar, one on rows, or a match statement, and of some the errors caught."""
    text = plain(generator) if generator.random() < 0.9 else matched(generator)
    return caught(text, generator) if generator.random() < 0.3 else text


def matched(generator: random.Random) -> str:
    """Return a match statement on one of the values that programs hold."""
    patterns = ("1", "-1 | 0", "None", "True", "'a'", "[]", "[a]", "[a, *b]", "(a, _, *_)", "{'a': a}", "x as a", "_")
    drawn = (generator.choice(patterns) + generator.choice(("", " if a", " if a == b")) for _ in range(3))
    cases = "".join(f"\n    case {pattern}:\n        print(a, b)" for pattern in drawn)
    return f"a = b = 0\nmatch {generator.choice(('xs', 's', 'd', '[1, 2]', '(1, [2, 3], 4)'))}:{cases}"


def caught(text: str, generator: random.Random) -> str:
    """Return a program whose errors are caught, if they are of the kinds that are drawn."""
    if "def " in text:  # stands in no block
        return text
    name = generator.choice(("Exception", "ValueError", "ZeroDivisionError as e", "(KeyError, IndexError) as e", ""))
    body, shown = text.replace("\n", "\n    "), generator.choice(("print(e)", "pass", "raise ValueError('again')"))
    final = generator.choice(("", "\nfinally:\n    b = 3"))
    return f"try:\n    {body}\nexcept {name}:\n    {shown}\nelse:\n    a = 1{final}\na = 2"


def plain(generator: random.Random) -> str:
    """Return a program that catches nothing."""
    if generator.random() < 0.1:
        return generator.choice(PACKING)
    if generator.random() < 0.4:
        return sample_program(generator, LIMITS).source
    [family] = ROWS[generator.choice([*ROWS])]
    return family(generator, LIMITS.maximum)


def pieces(generator: random.Random) -> str:
    """Return words, signs, spaces and literals in any order."""
    drawn = (generator.choice(generator.choice(PIECES)) for _ in range(generator.randint(1, 14)))
    return "".join(piece + generator.choice((" ", "", " ")) for piece in drawn)


def characters(generator: random.Random) -> str:
    """Return a few characters of anywhere."""
    count = generator.randint(0, 12)
    return "".join(chr(generator.choice((generator.randrange(128), generator.randrange(0x3000)))) for _ in range(count))


def changed(text: str, generator: random.Random) -> str:
    """Return a text with up to three pieces dropped, doubled, exchanged or put in."""
    parts = PIECE.findall(text) or [""]
    for _ in range(generator.randint(1, 3)):
        place = generator.randrange(len(parts))
        other = generator.choice((*parts, generator.choice(generator.choice(PIECES))))
        parts[place] = generator.choice(("", parts[place] * 2, other, parts[place] + other))
    return "".join(parts)


class Texts:
    """Texts of all sorts. Programs take the longest to draw, so some are kept and changed again and again."""

    def __init__(self, seed: int, kept: int = 40) -> None:
        self.generator = random.Random(seed)
        self.programs = [program(self.generator) for _ in range(kept)]

    def text(self) -> str:
        """Return a program, one with changes, pieces, or characters."""
        one, sort = self.generator.choice(self.programs), self.generator.random()
        if sort < 0.15:
            return one
        if sort < 0.65:
            return (UNASSIGNED if sort < 0.25 else "") + changed(one, self.generator)
        return pieces(self.generator) if sort < 0.9 else characters(self.generator)

    def command(self) -> str:
        """Return a line that begins with a colon."""
        name = self.generator.choice(COMMANDS)
        argument = self.generator.choice(
            ("", "1", "-3", "a", "main", "a b c", "999999999999", self.text(), characters(self.generator))
        )
        return f":{name} {argument}".replace("\n", ";")

    def problem(self) -> str:
        """Return a program with a hole or two in the place of pieces, and mostly a condition behind it.

        Some conditions ask for numbers that no cell holds, and some holes stand for a whole line.
        """
        parts = PIECE.findall(self.generator.choice(self.programs))
        for _ in range(self.generator.randint(1, 2)):
            parts[self.generator.randrange(len(parts))] = "?"
        ending = self.generator.choice(
            (
                *("", "\na == 3", "\na == b", "\nassert a < 5", "\nb != 2", f"\n{pieces(self.generator)}"),
                *("\na == 2000", "\na + ? == b * 1000", "\n?\nc == 9", "\n?\nlen(c) == 2"),
            )
        )
        return "".join(parts) + ending
