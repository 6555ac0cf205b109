"""The table of operators: one row is all that an operator needs, and nowhere else is one spelled out."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import latent_repl
from latent_repl.language.operators import ADD, COPY, DELETE, OPERATORS, TABLE
from latent_repl.language.values import VALUES

ROOT = Path(latent_repl.__file__).parent.parent
# Where such a string means something else: standard input, a hidden name, the current branch, an option, a keyword, a
# method.
OTHER_MEANINGS = {
    ("latent_repl/files.py", "-"),
    ("latent_repl/evaluation.py", "%"),
    ("latent_repl/repl/commands/history.py", "*"),
    ("latent_repl/repl/completion.py", "-"),
    ("latent_repl/repl/completion.py", "del"),
    ("latent_repl/language/parsing/holes.py", "del"),
    ("latent_repl/language/lowering/kinds.py", "copy"),
    ("latent_repl/display.py", "<"),  # of <locals>
    ("latent_repl/language/parsing/imports.py", "<"),  # of <locals>
    ("latent_repl/language/parsing/imports.py", "*"),  # import *
}


def strings_in(path: Path) -> Iterator[str]:
    """Yield the string literals of a module, without the pieces of formatted ones."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value


def test_an_operator_is_spelled_out_in_the_table_and_at_most_four_modules_more() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for package in ("latent_repl", "grammar")
        for path in (ROOT / package).rglob("*.py")
        for text in strings_in(path)
        if text in OPERATORS
    }
    assert found >= OTHER_MEANINGS, "remove what is no longer there"
    assert len({path for path, _ in found - OTHER_MEANINGS}) <= 5


def test_every_operator_but_the_deletion_says_what_it_takes_and_how_it_is_written() -> None:
    for symbol in OPERATORS:
        row = TABLE[symbol]
        assert set(row.takes) <= set(VALUES)
        assert row.core.count("{") == row.written.count("{") == row.arity
    assert [symbol for symbol in OPERATORS if not TABLE[symbol].written] == [DELETE]
    assert TABLE[COPY].function is None
    assert TABLE[ADD].exact(2, 3) == 5


GCD = '_function("gcd2", 2, __import__("math").gcd),'

PARSES_LOWERS_AND_RUNS = """
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle.core_lines import execute, run_source
from latent_repl.language.parsing.parse import parse

tree = parse("a = gcd2(12, 18)\\nprint(gcd2(a, 4) + 1)")
program = lower(tree, slots=4)
assert "s0 = gcd2 12 18" in map(str, program.instructions), program.instructions
assert execute(program, (None,) * 4).output == run_source(tree).output == ("3",)
"""

IS_DRAWN_AND_NUMBERED = """
import random
import numpy as np
from grammar.core_lines.arithmetic import apply
from grammar.core_lines.sample import Mixture, sample
from grammar.programs.sample import ProgramLimits, sample_program
from latent_repl.language.operators import OPERATORS
from latent_repl.language.vocabulary import Vocabulary

vocabulary = Vocabulary.fresh(slots=4, limit=99)
number = OPERATORS.index("gcd2")
assert "gcd2" in vocabulary.ids and "gcd2" in vocabulary.operators
chain = sample(np.random.default_rng(0), Mixture(live=(2, 4)), vocabulary, count=500, steps=1)
lines = [vocabulary.core_line(row) for row in chain.lines[0][chain.operators[0] == number].tolist()]
assert lines and all(line.operator == "gcd2" for line in lines)
numbers, bools = (np.array([[12, 7, 0], [-18, 21, 5]]), np.zeros((2, 3), bool))
assert apply(np.full(3, number), numbers[0], bools[0], numbers[1], bools[1], maximum=99).numbers.tolist() == [6, 7, 5]
assert any("gcd2(" in sample_program(random.Random(seed), ProgramLimits()).source for seed in range(200))
"""

AN_OLDER_CHECKPOINT_RUNS = """
from latent_repl.errors import UnsayableError
from latent_repl.session import Session

session = Session("base")
assert "gcd2" not in session.model.vocabulary.operators
assert dict(session.run("a = 71\\nb = a + 5").state) == {"a": 71, "b": 76}
try:
    session.run("if b:\\n    c = 2 + gcd2(a, 4)", file="p.lx")
except UnsayableError as error:
    message = str(error).splitlines()
    assert message[0] == "p.lx:2:13: the checkpoint knows no 'gcd2'", message
    assert message[2].index("^") == message[1].index("gcd2")
    assert "--model" in message[3]
else:
    raise AssertionError("the line was not refused")
assert dict(session.state) == {"a": 71, "b": 76}
solution = session.synth("a ? 3 == 68", search="random", budget=64)
assert solution.verified, solution
"""


@pytest.mark.parametrize("script", [PARSES_LOWERS_AND_RUNS, IS_DRAWN_AND_NUMBERED, AN_OLDER_CHECKPOINT_RUNS])
def test_an_operator_needs_no_more_than_its_row(script: str, with_rows: Callable[..., None]) -> None:
    with_rows(script, operator=GCD)
