"""Templates are read into pieces; what is written reads only variables that hold a value."""

from __future__ import annotations

import random

from grammar.programs.derive import Writer, needs, open_templates, pieces
from latent_repl.language.parsing.parse import parse


def test_a_template_is_text_and_symbols() -> None:
    assert pieces("{name} + 1") == (("", "name"), (" + 1", None))


def test_a_template_needs_as_many_variables_as_it_names() -> None:
    assert needs("{variable1}, {variable2} = {variable2}, {variable1}") == (2, 2)
    assert needs("{literal}") == (0, 0)
    assert needs("{name} + {name}")[0] == 1


def test_a_template_is_open_where_its_variables_hold_a_value() -> None:
    assert "{name}" not in open_templates("atom", False, 0, 0)
    assert "{name}" in open_templates("atom", False, 1, 0)


def test_statements_read_only_what_is_defined_and_are_the_seeds_alone() -> None:
    for seed in range(40):
        first, again = (Writer(random.Random(seed), maximum=99, size=6, defined=("a",)) for _ in range(2))
        text = first.statement()
        assert again.statement() == text
        parse(f"a = 1\n{text}", minimum=-99, maximum=99)  # refuses a name that may hold nothing
        assert all(name == "a" or name in text for name in first.defined)
