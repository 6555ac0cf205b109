"""Formatting with `%` gives what Python's gives, or is refused with its place."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from latent_repl.errors import LxSyntaxError
from latent_repl.language.lowering.lower import lower
from latent_repl.language.oracle import core_lines
from latent_repl.language.parsing.parse import parse

FLAGS = st.lists(st.sampled_from("-+ 0"), max_size=2, unique=True).map("".join)
KINDS = st.sampled_from([*"sdirf", ".0f", ".1f", ".2f"])
FIELD = st.tuples(FLAGS, st.sampled_from(["", "3", "6"]), KINDS).map(lambda parts: "%" + "".join(parts))
VALUES = (
    *(st.integers(-2000, 2000), st.sampled_from([0.0, 0.125, -2.5, 1234.56]), st.booleans(), st.none()),
    *(st.text("ab'% ", max_size=4), st.lists(st.integers(0, 9))),
)


def outcome(text: str) -> tuple[str, str]:
    """Return how exact core lines end: the kind of an error, or none, and what it says or what is shown."""
    program = lower(parse(text, rows=True), slots=12, rows=True)
    exact = core_lines.execute(program, (None,) * 12, step_budget=100_000, capacity=(64, 128))
    return ("", "".join(exact.output)) if exact.error is None else (exact.error.kind, exact.error.message)


def in_python(text: str) -> tuple[str, str]:
    names: dict[str, object] = {}
    *before, last = text.split("\n")
    try:
        exec("\n".join(before), names)  # the texts are those below
        return "", repr(eval(last, names))
    except TypeError as error:
        return "TypeError", str(error)


@given(st.lists(st.tuples(FIELD, st.one_of(VALUES)), min_size=1, max_size=3), st.sampled_from(["", "a ", "%%", "{x} "]))
@settings(max_examples=150)
@example([("%5s", "ab"), ("%-5d", True), ("%05d", -42)], "%% ")
@example([("%d", "a")], "")
@example([("%+d", 7), ("% d", 7), ("%-+6d", 7)], "")
@example([("%06.2f", -1.5), ("%-8.1f", 0.25), ("%f", True)], "|")
@example([("%.2f", None)], "")
def test_values_are_written_as_python_writes_them(fields: list[tuple[str, object]], between: str) -> None:
    form = between.join(field for field, _ in fields)
    text = f"{form!r} % ({''.join(f'{value!r}, ' for _, value in fields)})"
    assert outcome(text) == in_python(text)


@pytest.mark.parametrize("value", ["3", "2.75", "'a'", "[1, 2]", "(5,)", "(1, 2)", "()", "None", "{'a': 1}"])
@pytest.mark.parametrize("form", ["%s", "<%r>", "%d", "%.1f"])
def test_one_value_may_stand_alone_and_a_tuple_for_its_values(form: str, value: str) -> None:
    text = f"x = {value}\n{form!r} % x"
    assert outcome(text) == in_python(text)


@pytest.mark.parametrize(
    "text",
    [
        *("'%e' % 3", "'%.2d' % 3", "'%.100f' % 3", "'%.*f' % (1, 3)", "'%s %s' % (1,)", "'%s' % (1, 2)"),
        *("'%(a)s' % {'a': 1}", "'%' % 3", "'%*d' % (3, 1)", "'%c' % 'a'"),
    ],
)
def test_other_formats_are_refused(text: str) -> None:
    with pytest.raises(LxSyntaxError, match="this formatting with % is not in Lx") as caught:
        parse(text, rows=True)
    assert "%s, %d, %.2f or %r" in str(caught.value)
