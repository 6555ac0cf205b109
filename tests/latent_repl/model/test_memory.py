"""What was computed once is not computed again, and no more is kept than was said."""

from __future__ import annotations

from latent_repl.model.memory import Counts, Memory


class Squares:
    """Squares of numbers, which remember what was computed."""

    def __init__(self, most: int) -> None:
        self.memory: Memory[int, int] = Memory(most)
        self.computed: list[int] = []

    def __call__(self, *numbers: int) -> list[int]:
        return self.memory.results(numbers, lambda places: [self._square(numbers[place]) for place in places])

    def _square(self, number: int) -> int:
        self.computed.append(number)
        return number**2


def test_equal_keys_are_computed_once() -> None:
    squares = Squares(10)
    assert squares(3, 4, 3) == [9, 16, 9]
    assert squares(4, 5) == [16, 25]
    assert squares.computed == [3, 4, 5]
    assert squares.memory.counts == Counts(5, 2)


def test_the_oldest_go_first_and_never_more_are_kept_than_was_said() -> None:
    squares = Squares(4)
    for number in range(5):
        assert squares(number) == [number**2]
        assert len(squares.memory) <= 4
    squares.computed.clear()
    assert squares(4, 3, 0) == [16, 9, 0]
    assert squares.computed == [0]


def test_a_request_larger_than_the_memory_is_answered_whole() -> None:
    squares = Squares(2)
    assert squares(*range(7)) == [number**2 for number in range(7)]
    assert len(squares.memory) <= 2


def test_a_memory_that_is_turned_off_keeps_nothing() -> None:
    squares = Squares(10)
    squares(1, 2)
    squares.memory.turn_off()
    squares.computed.clear()
    assert squares(1) == squares(1) == [1]
    assert squares.computed == [1, 1] and len(squares.memory) == 0


def test_what_computes_may_ask_for_more_and_keep_more() -> None:
    squares = Squares(4)
    squares(0, 1, 2, 3)

    def fourth_powers(places: list[int]) -> list[int]:
        squares.memory.add([10, 11, 12], [100, 121, 144])  # the oldest half goes
        return [squares(place + 4)[0] ** 2 for place in places]

    assert squares.memory.results([0, -1], fourth_powers) == [0, 625]
    assert len(squares.memory) <= 4
