"""What a checkpoint has no words for is refused where it stands in the text."""

from __future__ import annotations

import pytest

from latent_repl.errors import UnsayableError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.lowering.words import refuse_unsayable
from latent_repl.language.parsing.parse import parse
from latent_repl.language.vocabulary import LEFT, OPERATOR, RIGHT, Vocabulary

WHOLE = Vocabulary.fresh(slots=9, limit=99)
NUMBERS = [token for token in WHOLE.tokens if token not in (*WHOLE.addresses, "True", "False")]
SUMS = WHOLE.narrowed({OPERATOR: ("+", "copy", "del"), LEFT: (*WHOLE.addresses, *NUMBERS), RIGHT: NUMBERS})


def refused(text: str) -> UnsayableError:
    tree = parse(text, file="p.lx")
    with pytest.raises(UnsayableError) as caught:
        refuse_unsayable(tree, lower(tree, slots=9), SUMS)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a = 7\na = 1 + 2 - 3", 2, 11),
        ("a = 7\na *= 2", 2, 3),
        ("a = 7\nif a + 1:\n    b = 5 // 2", 3, 11),
        ("a = 7\nprint(a + 1, a < 3)", 2, 16),
        ("a = 7\na = max(a, 3)", 2, 5),
        ("a = 7\na = 3 + -a", 2, 9),
        ("a = 7\na = 3 + ~a", 2, 9),
        ("a = 7\na = a + a", 2, 9),
        ("a = 7\na += a", 2, 6),
        ("a = 7; b = True", 1, 12),
        # What lowering makes of a line stands at its beginning.
        ("a = 7\nfor i in range(3):\n    a = a + 1", 2, 1),
        ("a = 7\na = 5 ** 2", 2, 1),
        ("def f(x):\n    return x * 2\na = f(2)", 2, 14),
    ],
)
def test_the_caret_points_at_what_has_no_word(text: str, line: int, column: int) -> None:
    error = refused(text)
    assert (error.file, error.line, error.column) == ("p.lx", line, column), str(error)


def test_the_message_says_what_is_missing_and_what_to_do() -> None:
    assert str(refused("a = 7\na = a * 2")).splitlines() == [
        "p.lx:2:7: the checkpoint knows no '*'",
        "    a = a * 2",
        "          ^",
        "its operators are +; another checkpoint, given with --model, may have more",
    ]


@pytest.mark.parametrize("text", ["a = 7\na = a + -5\na += 3", "a = ?", "a = 7\na = a ? 3", "a = 7\n?", "a = 1\ndel a"])
def test_what_can_be_said_and_what_is_a_hole_pass(text: str) -> None:
    tree = parse(text)
    refuse_unsayable(tree, lower(tree, slots=9), SUMS)


def test_a_whole_vocabulary_refuses_nothing() -> None:
    tree = parse("a = 7\nfor i in range(0, 9, 2):\n    a = max(a ** 2 % 5, -i, abs(i)) if a < 3 and not i else a // 2")
    refuse_unsayable(tree, lower(tree, slots=9), WHOLE)
