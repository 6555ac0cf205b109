"""Code latents back to fillings, under the templates' constraint: fixed tokens stay, holes take what may fill them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from latent_repl.language.program import Hole
from latent_repl.language.vocabulary import LEFT, NONE, OPERATOR, RIGHT, TARGET, Vocabulary
from latent_repl.shapes import Float
from latent_repl.synthesis.problem.domains import (
    Assignment,
    Assignments,
    Atoms,
    Domain,
    Fill,
    Filling,
    Operators,
    is_name,
)
from latent_repl.synthesis.problem.space import CodeEncoder, Space
from latent_repl.synthesis.problem.template import Template


class Decoder:
    """Decodes points that hold one code latent for each template, side by side."""

    def __init__(self, space: Space, model: CodeEncoder) -> None:
        self.space, self.model = space, model
        self._readers = [
            reader for template in space.templates for reader in _readers(template, space.domains, model.vocabulary)
        ]

    def __call__(self, latents: Float[np.ndarray, "N F"]) -> list[Filling]:
        """Return the likeliest filling behind each point."""
        parts = np.split(latents.astype(np.float32), len(self.space.templates), axis=1)
        logits = {
            template.holes: self.model.code_logits(part)
            for template, part in zip(self.space.templates, parts, strict=True)
        }
        columns = dict[int, list[Fill]]()
        for template, number, read in self._readers:
            columns[number] = read(logits[template.holes])
        return list(zip(*(columns[number] for number in sorted(columns)), strict=True))


FillReader = Callable[[Float[np.ndarray, "N T A"]], list[Fill]]


def _readers(
    template: Template, domains: Sequence[Domain], vocabulary: Vocabulary
) -> list[tuple[Template, int, FillReader]]:
    if template.line is None:
        number = template.holes[0].number
        domain = domains[number]
        assert isinstance(domain, Assignments), "a line's hole is filled by a line"
        return [(template, number, _line_reader(domain, template, vocabulary))]
    places = ((OPERATOR, template.line.operator), (LEFT, template.line.left), (RIGHT, template.line.right))
    return [
        (template, part.number, _token_reader(place, domains[part.number], template, vocabulary))
        for place, part in places
        if isinstance(part, Hole)
    ]


def _token_reader(place: int, domain: Domain, template: Template, vocabulary: Vocabulary) -> FillReader:
    assert isinstance(domain, Atoms | Operators), "one token is filled by a value or an operator"
    fills = [domain[index] for index in range(len(domain))]
    ids = [
        vocabulary.ids[fill]
        if isinstance(domain, Operators) and isinstance(fill, str)
        else _value_id(fill, template, vocabulary)
        for fill in fills
    ]

    def read(logits: Float[np.ndarray, "N T A"]) -> list[Fill]:
        return [fills[best] for best in logits[:, place].take(ids, axis=1).argmax(-1).tolist()]

    return read


def _line_reader(domain: Assignments, template: Template, vocabulary: Vocabulary) -> FillReader:
    targets = list(domain.assigned)
    target_ids = [_value_id(name, template, vocabulary) for name in targets]
    operators = [vocabulary.ids[operator] for operator, _, _ in domain.forms]
    operands = [((LEFT, tuple(lefts)), (RIGHT, tuple(rights))) for _, lefts, rights in domain.forms]
    every = list(dict.fromkeys(operand for pair in operands for operand in pair))
    ids = [[_value_id(value, template, vocabulary) for value in values] for _, values in every]
    places = [(every.index(left), every.index(right)) for left, right in operands]

    def read(logits: Float[np.ndarray, "N T A"]) -> list[Fill]:
        best = [_likeliest(logits[:, place], its) for (place, _), its in zip(every, ids, strict=True)]
        scores = [
            logits[:, OPERATOR, operator] + best[left][1] + best[right][1]
            for operator, (left, right) in zip(operators, places, strict=True)
        ]
        chosen = np.stack(scores).argmax(0).tolist()
        names = [targets[place] for place in logits[:, TARGET, target_ids].argmax(-1).tolist()]
        return [
            Assignment(name, domain.forms[form][0], *(every[each][1][best[each][0][row]] for each in places[form]))
            for row, (name, form) in enumerate(zip(names, chosen, strict=True))
        ]

    return read


def _likeliest(logits: Float[np.ndarray, "N A"], ids: Sequence[int]) -> tuple[list[int], Float[np.ndarray, " N"]]:
    """Return the place of the likeliest of these tokens, and its logit."""
    if not ids:
        return [0] * len(logits), np.full(len(logits), -np.inf, dtype=logits.dtype)
    of_values = logits.take(ids, axis=1)
    return of_values.argmax(-1).tolist(), of_values.max(-1)


def _value_id(value: Fill | None, template: Template, vocabulary: Vocabulary) -> int:
    assert not isinstance(value, Assignment), "a line is no value"
    if value is None:
        return vocabulary.ids[NONE]
    if is_name(value):
        return vocabulary.ids[str(dict(template.slots)[value])]
    # A character's literal is its token.
    return vocabulary.ids[value] if isinstance(value, str) else vocabulary.value_id(value)
