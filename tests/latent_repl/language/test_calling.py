"""Arguments are bound as Python binds them, and a message is written out character by character."""

from __future__ import annotations

import pytest

from latent_repl.language.calling import bind, sayable, spelled
from latent_repl.language.program import Call, CoreLine, Routine, Slot

A, B, C = Slot(0), Slot(1), Slot(2)
ROUTINE = Routine("f", 5, 0, ("a", "b", "c"), frozenset("c"), {A: "a", B: "b", C: "c"})


@pytest.mark.parametrize(
    ("positional", "named"), [(1, ""), (0, ""), (4, ""), (2, "d"), (2, "b"), (0, "a"), (0, "c"), (5, "c")]
)
def test_arguments_that_do_not_fit_are_refused_in_pythons_words(positional: int, named: str) -> None:
    def f(a: int, b: int, c: int = 3) -> None:
        """Do nothing."""

    with pytest.raises(TypeError) as expected:
        f(*[0] * positional, **dict.fromkeys(named, 0))
    with pytest.raises(TypeError) as caught:
        bind(ROUTINE, Call(A, "f", (A,) * positional, tuple((name, A) for name in named)))
    assert str(caught.value) == str(expected.value).replace(f.__qualname__, "f")


def test_arguments_are_bound_by_place_and_by_name() -> None:
    assert bind(ROUTINE, Call(A, "f", (C,), (("b", A),))) == {A: C, B: A}


def test_a_message_is_written_in_characters_of_lx() -> None:
    assert sayable("name '\u00e9' is not defined") == "name '?' is not defined"
    assert spelled("\u00e9") == spelled("?")


def test_a_message_is_written_by_one_core_line_for_each_character() -> None:
    code = spelled("no").code
    assert code is not None
    assert [line.left for line in code.instructions if isinstance(line, CoreLine)] == [str, "n", "o"]
