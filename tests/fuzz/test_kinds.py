"""What ended otherwise once ends alike, and the spread of operands of every kind comes everywhere."""

from __future__ import annotations

import pytest

from tests.fuzz import faults
from tests.fuzz.faults import SPREAD, differing, of_every_kind
from tests.fuzz.kinds import alike

ONCE_OTHERWISE = (
    *("s = 'dzmo wjh aq urm'\nprint(s[::-1])\nprint(s[0:1111])", "s = 'xtqoz zrzs ktz'\nprint(s[6:1010], s[-3:1212])"),
    *("x = y = 0, 228\nx **= 1", "x = (860 + 808, 302) ** 1", "s = 'fxiy'\nprint('-'.split(s.split()))"),
    *("x = [1, 2]\nx.insert(1111, 5)\nx.insert(-1111, 6)\nprint(x)", "print(1111[-1:])", "print(-1111[:1111])"),
    *("print({}[1:])", "d = {}\nprint(d[1111:])", "def f(x):\n    return x[::-1]\nprint(f({}))"),
    *("def f(s, n):\n    return s[:n], s[n:], s[1:n]\nprint(f('abc', None))", "print([1].index(1, None))"),
    *("print((1, 2).count(1, 2))", "print([1].count(1, 2, 3))", "print('a'.index({'a': 1}))", "x = 3\nx.index(3, [])"),
    *("print(pow(-1, -1, 3), pow(2, -1, -5))", "print(pow(2, -1, 4))", "print(pow('a', 1, 2))", "print('a' ** 0)"),
    *("x = None\nx **= 0", "x = 3\nx -= 'a'", "x = [1]\nx += True", "x = {}\nx *= 'a'", "print(+[1])"),
    *("print(divmod(3, {'a': 1}))", "print(int('ab', 1111))", "print(int('0x1f', 0))", "print(int('', None))"),
    *("print('a b'.replace('x', 3))", "print(''.replace({}, 'a'))", "print('a b'.replace(None, 'a'))"),
    *("print('a b'.partition([]))", "print('a b'.rsplit({}, -1))", "print('a'.split('', ''))", "print(''.lstrip({}))"),
    *(
        "print('a'.startswith((1,)))",
        "print('a'.endswith('a', []))",
        "print('a'.expandtabs('a'))",
        "print('a'.zfill({}))",
    ),
    *("print('a'.center(None, [1]))", "print('a'.translate('a'), 'a'.translate(None))", "print(' '.join(3))"),
    *("x = None\nx.casefold()", "x = []\nx.pop('a')", "x = {}\nprint(x.pop([], 1))", "x = [1, 2]\nx['a':] = 3"),
    *("print(sum(3, 'a'))", "print(list(range('a', 'b')))", "print(list(range(True, 3)), 'a'.find('', True))"),
    *("for i in range(2, 'a'):\n    print(i)", "print(list(enumerate('ab', True)))", "print(list(zip(3, None)))"),
)


@pytest.mark.parametrize("text", ONCE_OTHERWISE)
def test_what_ended_otherwise_once_ends_alike(text: str) -> None:
    assert [*differing(text, rows=True, messages=True)] == []


def test_numbers_that_follow_one_another_come_to_every_program_once() -> None:
    size = SPREAD.size
    drawn = [SPREAD.text(number) for number in range(0, size, 97)]
    assert drawn == [SPREAD.text(number + size) for number in range(0, size, 97)]
    texts = {SPREAD.text(number) for number in range(size)}
    assert texts == {place.text(number) for place in SPREAD.places for number in range(place.size)}


def test_neighbours_are_of_other_places() -> None:
    assert sum(text.startswith("print(") for text in map(SPREAD.text, range(300))) < 150


def test_other_words_are_found_unless_they_are_by_design(monkeypatch: pytest.MonkeyPatch) -> None:
    assert alike("must be str, not int", "find() argument 1 must be str, not int")
    assert not alike("must be str, not int", "must be str or None, not int")
    monkeypatch.setattr(faults, "alike", lambda ours, theirs: False)
    assert any("TypeError" in fault.what for fault in of_every_kind(0, 30))
