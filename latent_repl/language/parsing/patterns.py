"""What the patterns of `match` ask and what they capture, in nodes of Lx's tree.

Written, and what it becomes, where `it` is the value that is looked at; names with a space in them are the prelude's:

    case 1 | None:            it == 1 or it is None
    case [a, 2, *rest]:       has parts(it, 2) and it[1] == 2, then a = it[0]; rest = list(it[2:])
    case {"k": v}:            is dict(it) and "k" in it, then v = it["k"]
    case int(x):              isinstance(it, int), then x = it
    case p as x if x:         what p asks, then what p captures; x = it; what stands behind `if` is asked last

What is no pattern of Lx is refused where statements are checked.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from latent_repl.errors import LxSyntaxError
from latent_repl.language.parsing.refusals import (
    CLASS_PATTERN,
    PATTERN_FITS,
    PATTERN_KEY,
    PATTERN_NAME,
    PATTERN_NAMES,
    PATTERN_PLACES,
    PATTERN_STARS,
    VALUE_PATTERN,
)
from latent_repl.language.parsing.simplify_calls import KINDS, is_of_kind
from latent_repl.language.parsing.simplify_stars import ELEMENT, written
from latent_repl.language.parsing.source_text import SourceText

SUBJECT = "match subject"
"""The name of what holds the value that a match statement looks at; no program can write it."""

MOST_REPEATED = 10_000
"""Nodes of what the patterns beside `|` ask, once for each name that they have in different places. Chosen."""


class Subject(ast.expr):
    """The value that the innermost match statement looks at."""

    _fields = ()


class WrittenPattern(ast.pattern):
    """A pattern, written out.

    test: what it asks of the subject, None where it always fits. captures: what it assigns then, one name each.
    line: that of the word `case`.
    """

    _fields = ("test", "captures")
    test: ast.expr | None
    captures: list[ast.Assign]
    line = 0


class RefusedPattern(ast.pattern):
    """A pattern that is not in Lx. fault: why."""

    _fields = ()
    fault: LxSyntaxError


def write_out(node: ast.Match, text: SourceText, own: Collection[str]) -> None:
    """Write out the patterns of a match statement, in place, as far as they are in Lx; own: names of the user's."""
    before = node.subject.end_lineno or node.subject.lineno
    for case in node.cases:
        lines = range(before + 1, case.pattern.lineno + 1)
        line = next((line for line in lines if text.lines[line - 1].lstrip().startswith("case")), case.pattern.lineno)
        try:
            case.pattern = _written(case.pattern, text, own)
            case.pattern.line = line
        except LxSyntaxError as error:
            case.pattern = ast.copy_location(RefusedPattern(), case.pattern)
            case.pattern.fault = error
        before = case.body[-1].end_lineno or case.body[-1].lineno


def written_pattern(case: ast.match_case) -> WrittenPattern:
    """Return a case's pattern, written out. Raises LxSyntaxError for one that is not in Lx."""
    if isinstance(case.pattern, RefusedPattern):
        raise case.pattern.fault
    assert isinstance(case.pattern, WrittenPattern), "all were written out, or refused"
    return case.pattern


def _written(pattern: ast.pattern, text: SourceText, own: Collection[str]) -> WrittenPattern:
    fit = _PatternWriter(text, own).fit(pattern, ast.copy_location(Subject(), pattern))
    captures = [
        ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), value)
        for name, value in fit.captures.items()
    ]
    result = WrittenPattern(test=fit.test if fit.tests else None, captures=captures)  # type: ignore[call-arg]
    return ast.fix_missing_locations(ast.copy_location(result, pattern))


@dataclass(frozen=True)
class _Fit:
    """What a pattern asks of a part of the subject, all of it, and what it captures, by name."""

    tests: Sequence[ast.expr] = ()
    captures: dict[str, ast.expr] = field(default_factory=dict)

    @property
    def test(self) -> ast.expr:
        """All that is asked, where it is anything."""
        first, *others = self.tests
        return ast.copy_location(ast.BoolOp(ast.And(), [first, *others]), first) if others else first


class _PatternWriter:
    """Writes patterns out; each part of the subject has the place of the pattern that it is to fit.

    One node may stand in several places of what comes out.
    """

    def __init__(self, text: SourceText, own: Collection[str]) -> None:
        self._text, self._kinds = text, frozenset(KINDS) - frozenset(own)

    def fit(self, pattern: ast.pattern, part: ast.expr) -> _Fit:
        match pattern:
            case ast.MatchValue(value):
                return _Fit([_compared(part, ast.Eq(), self._literal(value))])
            case ast.MatchSingleton(value):
                return _Fit([_compared(part, ast.Is(), ast.copy_location(ast.Constant(value), part))])
            case ast.MatchAs():
                inner = _Fit() if pattern.pattern is None else self.fit(pattern.pattern, part)
                return inner if pattern.name is None else self._together([inner, _Fit((), {pattern.name: part})])
            case ast.MatchOr():
                return self._either(pattern, part)
            case ast.MatchSequence():
                return self._sequence(pattern, part)
            case ast.MatchMapping():
                return self._mapping(pattern, part)
            case ast.MatchClass(ast.Name(id=kind), patterns, []) if kind in self._kinds and len(patterns) < 2:
                asked = is_of_kind(part, part, [kind])
                return self._together([_Fit([asked]), *(self.fit(each, _part(part, each)) for each in patterns)])
            case _:
                raise self._text.fault_at(pattern, *CLASS_PATTERN)

    def _literal(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Attribute | ast.JoinedStr):
            raise self._text.fault_at(node, *VALUE_PATTERN)
        return node

    def _together(self, fits: Sequence[_Fit]) -> _Fit:
        captures = dict[str, ast.expr]()
        for fit in fits:
            for name, value in fit.captures.items():
                if name in captures:
                    message, remedy = PATTERN_NAME
                    raise self._text.fault_at(value, message.format(name=name), remedy)
                captures[name] = value
        return _Fit([test for fit in fits for test in fit.tests], captures)

    def _either(self, pattern: ast.MatchOr, part: ast.expr) -> _Fit:
        fits = [self.fit(each, _part(part, each)) for each in pattern.patterns]
        for each, fit in zip(pattern.patterns, fits, strict=True):
            if fit.captures.keys() != fits[0].captures.keys():
                raise self._text.fault_at(each, *PATTERN_NAMES)
            if not fit.tests and each is not pattern.patterns[-1]:
                raise self._text.fault_at(each, *PATTERN_FITS)
        elsewhere = sum(len({ast.dump(fit.captures[name]) for fit in fits}) > 1 for name in fits[0].captures)
        if elsewhere * sum(1 for fit in fits for test in fit.tests for _ in ast.walk(test)) > MOST_REPEATED:
            raise self._text.fault_at(pattern, *PATTERN_PLACES)
        captures = {name: _of_first(name, fits) for name in fits[0].captures}
        if not fits[-1].tests:
            return _Fit((), captures)
        return _Fit([ast.copy_location(ast.BoolOp(ast.Or(), [fit.test for fit in fits]), pattern)], captures)

    def _sequence(self, pattern: ast.MatchSequence, part: ast.expr) -> _Fit:
        stars = [each for each in pattern.patterns if isinstance(each, ast.MatchStar)]
        if len(stars) > 1:
            raise self._text.fault_at(stars[1], *PATTERN_STARS)
        count = len(pattern.patterns) - len(stars)
        least_and_most = [ast.copy_location(ast.Constant(count), part) for _ in range(1 if stars else 2)]
        fits = [_Fit([written(part, "has parts", [part, *least_and_most])])]
        behind = False
        for index, each in enumerate(pattern.patterns):
            if isinstance(each, ast.MatchStar):
                behind = True
                fits.append(_rest(each, part, index, count - index))
            else:
                place = ast.Constant(index - len(pattern.patterns) if behind else index)
                fits.append(self.fit(each, _item(part, place, each)))
        return self._together(fits)

    def _mapping(self, pattern: ast.MatchMapping, part: ast.expr) -> _Fit:
        fits, keys = [_Fit([written(part, "is dict", [part])])], set[object]()
        for key, each in zip(pattern.keys, pattern.patterns, strict=True):
            if (value := ast.literal_eval(self._literal(key))) in keys:
                raise self._text.fault_at(key, *PATTERN_KEY)
            keys.add(value)
            fits += [_Fit([_compared(key, ast.In(), part)]), self.fit(each, _item(part, key, each))]
        if pattern.rest is not None:
            fits.append(_Fit((), {pattern.rest: _others(part, pattern.keys)}))
        return self._together(fits)


def captured_in(module: ast.Module) -> Iterator[str]:
    """Return the names that patterns capture."""
    for node in ast.walk(module):
        match node:
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                yield name


def _compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Compare(left, [operator], [right]), left)


def _part(part: ast.expr, pattern: ast.pattern) -> ast.expr:
    return ast.copy_location(copy.copy(part), pattern)


def _item(part: ast.expr, place: ast.expr, pattern: ast.pattern) -> ast.expr:
    return ast.copy_location(ast.Subscript(part, place, ast.Load()), pattern)


def _rest(star: ast.MatchStar, part: ast.expr, before: int, after: int) -> _Fit:
    """Return what captures the values between so many at the beginning and so many at the end."""
    if star.name is None:
        return _Fit()
    ends = ast.Slice(ast.Constant(before) if before else None, ast.Constant(-after) if after else None)
    row = _item(part, ends, star) if before or after else _part(part, star)
    return _Fit((), {star.name: written(row, "list", [row])})


def _others(part: ast.expr, keys: Sequence[ast.expr]) -> ast.expr:
    """Return a dict of what another one holds under other keys."""
    key, stored = ast.Name(ELEMENT, ast.Load()), ast.Name(ELEMENT, ast.Store())
    conditions = [_compared(key, ast.NotIn(), ast.Tuple([*keys], ast.Load()))] if keys else []
    generator = ast.comprehension(stored, part, conditions, 0)
    others = ast.DictComp(key, ast.Subscript(part, key, ast.Load()), [generator])
    return ast.fix_missing_locations(ast.copy_location(others, part))


def _of_first(name: str, fits: Sequence[_Fit]) -> ast.expr:
    """Return what the first pattern that fits captures by a name; the last is asked nothing."""
    value = fits[-1].captures[name]
    for fit in reversed(fits[:-1]):
        own = fit.captures[name]
        if ast.dump(own) != ast.dump(value):
            value = ast.copy_location(ast.IfExp(fit.test, own, value), own)
    return value
