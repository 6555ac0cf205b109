"""The grammar of Lx as one table of weighted productions; its operators and functions are the parser's own.

RULES["sum"].small    {"{term}": 10}
RULES["sum"].large    {"{sum} {additive} {term}": 5}

A template is program text with symbols in braces. A symbol with a number, as {variable1}, stands for the same text
throughout its template. Expressions have one symbol for each level of precedence, so parentheses stand where Python
needs them. The weights are chosen: about one operator a line, as short programs have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from latent_repl.language.operators import (
    NEGATE,
    NOT,
    TABLE,
    Level,
    at_level,
)
from latent_repl.language.values import VALUES

Templates = Mapping[str, float]
Production = tuple[str, str]

# What no rule describes because it depends on the variables in force or on the largest number.
VARIABLES = ("name", "target", "variable", "deleted", "counter")
NUMBERS = ("literal", "negative", "small")
TERMINALS = (*VARIABLES, *NUMBERS)
# What is assigned in these may never run: it stays unknown after them.
BLOCKS = ("block", "loop_block")


@dataclass(frozen=True)
class Rule:
    """How a symbol may be written: templates and their weights, each a share of the sum.

    large: what makes a program grow, open only while it has size left.
    """

    small: Templates
    large: Templates = field(default_factory=dict)


def _at_level(level: Level) -> Templates:
    return {symbol: TABLE[symbol].weight for symbol in at_level(level)}


def _calls(arity: int) -> Templates:
    """Return the calls of the functions of so many arguments that no symbol stands for."""
    rows = (row for row in TABLE.values() if row.function and row.level is None and row.arity == arity)
    return {row.written.format(left="{value}", right="{value}"): row.weight for row in rows}


# The kinds whose literals are words: a symbol for each, by the kind's name. Last word first: a seed goes by the order.
_WORDS = tuple(kind for kind in VALUES if kind.words)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "statement": Rule(
            small={
                "{target} = {value}": 20,
                "{target} = {condition}": 2,
                "{variable} {operator}= {value}": 8,
                "{variable} **= {exponent}": 0.5,
                "{target} = {target} = {value}": 1,
                "{target}, {target} = {value}, {value}": 2,
                "{target}, {target}, {target} = {value}, {value}, {value}": 0.5,
                "{target}, {target} = {target}, {target} = {value}, {value}": 0.3,
                "{variable1}, {variable2} = {variable2}, {variable1}": 1,
                "print({value})": 2,
                "print({value}, {condition})": 0.5,
                "{value}": 3,
                "{condition}": 1,
                "assert {condition}": 1,
                "del {deleted}": 0.7,
                "del {deleted}, {deleted}": 0.3,
                "pass": 0.3,
            },
            large={
                "if {condition}:\n    {block}": 3,
                "if {condition}:\n    {block}\nelse:\n    {block}": 3,
                "if {condition}:\n    {block}\nelif {condition}:\n    {block}": 1,
                "if {condition}:\n    {block}\nelif {condition}:\n    {block}\nelse:\n    {block}": 1,
                "for {target} in range({bound}):\n    {loop_block}": 2,
                "for {target} in range({bound}, {bound}):\n    {loop_block}": 1,
                "for {target} in range({bound}, {bound}, {step}):\n    {loop_block}": 1.5,
                "{counter1} = {small}\nwhile {counter1} > 0:\n    {loop_block}\n    {counter1} -= 1": 1.5,
                "{counter1} = 0\nwhile {counter1} < {small}:\n    {counter1} = {counter1} + 1\n    {loop_block}": 1,
                "{counter1} = {small}\nwhile {counter1} and {condition}:\n    {counter1} -= 1\n    {loop_block}": 0.5,
                # Euclid and Fibonacci: loops whose variables hang together, as a chance draw seldom has them.
                "while {variable1}:\n    {variable2}, {variable1} = {variable1}, {variable2} % {variable1}": 0.7,
                "for {target} in range({small}):\n"
                "    {variable1}, {variable2} = {variable2}, {variable1} + {variable2}": 2,
            },
        ),
        "statements": Rule({"{statement}": 3}, {"{statement}\n{statements}": 2}),
        "loop_statements": Rule(
            small={"{statement}": 3},
            large={
                "{statement}\n{loop_statements}": 2,
                "if {condition}:\n    break\n{loop_statements}": 0.5,
                "if {condition}:\n    continue\n{loop_statements}": 0.5,
            },
        ),
        "block": Rule({"{statements}": 1}),
        "loop_block": Rule({"{loop_statements}": 1}),
        "bound": Rule({"{small}": 4, "-{small}": 1, "{name}": 2}),
        "step": Rule({"1": 1, "2": 2, "3": 1, "-1": 2, "-2": 1}),
        "condition": Rule({"{conjunction}": 8}, {"{conjunction} or {condition}": 1}),
        "conjunction": Rule({"{inversion}": 8}, {"{inversion} and {conjunction}": 1}),
        "inversion": Rule({"{comparison}": 10}, {"not {inversion}": TABLE[NOT].weight}),
        "comparison": Rule(
            small={"{sum} {comparator} {sum}": 10, "{name}": 1, "{bool}": 0.2},
            large={"{sum} {comparator} {sum} {comparator} {sum}": 1},
        ),
        "value": Rule({"{sum}": 12}, {"{sum} if {condition} else {sum}": 1}),
        "sum": Rule({"{term}": 10}, {"{sum} {additive} {term}": 5}),
        "term": Rule({"{factor}": 10}, {"{term} {multiplicative} {factor}": 3}),
        "factor": Rule({"{power}": 14, "{negative}": 2}, {"-{power}": TABLE[NEGATE].weight, "+{power}": 0.2}),
        "power": Rule({"{atom}": 20}, {"{atom} ** {exponent}": 0.7}),
        "atom": Rule(
            small={"{name}": 8, "{literal}": 5, **{f"{{{kind.name}}}": kind.weight for kind in _WORDS}},
            large={
                "({sum} {additive} {term})": 0.7,
                "({condition})": 0.2,
                "({sum} if {condition} else {sum})": 0.2,
                **_calls(1),
                "{extreme}({value}, {value})": 0.7,
                "{extreme}({value}, {value}, {value})": 0.2,
                **_calls(2),
            },
        ),
        "exponent": Rule({"0": 1, "1": 1, "2": 4, "3": 2, "{name}": 1}),
        **{kind.name: Rule(dict.fromkeys([*kind.words][::-1], 1)) for kind in _WORDS},
        "operator": Rule({**_at_level("additive"), **_at_level("multiplicative")}),
        "additive": Rule(_at_level("additive")),
        "multiplicative": Rule(_at_level("multiplicative")),
        "comparator": Rule(_at_level("comparator")),
        "extreme": Rule(_at_level("extreme")),
    }
)

PRODUCTIONS: tuple[Production, ...] = tuple(
    (symbol, template) for symbol, rule in RULES.items() for template in (*rule.small, *rule.large)
)
