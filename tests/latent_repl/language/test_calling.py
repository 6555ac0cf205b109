"""Arguments are bound as Python binds them, and a message is written out character by character."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from latent_repl.language.calling import bind, misfit, sayable, spelled
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


PACKING = (
    Routine("f", 5, 0, ("a", "b", "k", "m"), frozenset("bm"), {}, by_name=("k", "m")),
    Routine("f", 5, 0, ("a", "rest"), frozenset(), {}, rest="rest"),
    Routine("f", 5, 0, ("k", "m", "others"), frozenset(), {}, by_name=("k", "m"), others="others"),
    Routine("f", 5, 0, ("b", "k", "rest", "others"), frozenset("b"), {}, None, ("k",), "rest", "others"),
)


@pytest.mark.parametrize("routine", PACKING)
@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("named", ["", "a", "k", "km", "bk", "x", "xk", "rest others k"])
def test_arguments_by_name_alone_and_packed_ones_are_as_in_python(routine: Routine, count: int, named: str) -> None:
    names = named.split() if " " in named else [*named]
    own = [name + "=1" * (name in routine.defaults) for name in (*routine.placed, *routine.by_name)]
    star = [f"*{routine.rest}"] * bool(routine.rest or routine.by_name)
    header = [
        *own[: len(routine.placed)],
        *star,
        *own[len(routine.placed) :],
        *[f"**{routine.others}"] * bool(routine.others),
    ]
    namespace: dict[str, Callable[..., None]] = {}
    exec(f"def f({', '.join(header)}): pass", namespace)
    said = ""
    try:
        namespace["f"](*range(count), **dict.fromkeys(names, 0))
    except TypeError as error:
        said = str(error)
    assert misfit(routine, count, names) == said


def test_what_is_packed_goes_to_the_parameter_that_takes_it() -> None:
    call = Call(A, "f", (C,), (("k", B),), None, Slot(7), Slot(8))
    assert bind(PACKING[3], call) == {Slot(0): C, Slot(1): B, Slot(2): Slot(7), Slot(3): Slot(8)}


def test_a_count_that_is_not_known_is_called_otherwise() -> None:
    assert misfit(ROUTINE, 9, [], "{}") == "f() takes from 2 to 3 positional arguments but {} were given"


def test_arguments_are_bound_by_place_and_by_name() -> None:
    assert bind(ROUTINE, Call(A, "f", (C,), (("b", A),))) == {A: C, B: A}


def test_a_message_is_written_in_characters_of_lx() -> None:
    assert sayable("name '\u00e9' is not defined") == "name '?' is not defined"
    assert spelled("\u00e9") == spelled("?")


def test_a_message_is_written_by_one_core_line_for_each_character() -> None:
    code = spelled("no").code
    assert code is not None
    assert [line.left for line in code.instructions if isinstance(line, CoreLine)] == [str, "n", "o"]
