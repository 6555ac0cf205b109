"""Messages of the page: what is not as it has to be is refused, field by field."""

from __future__ import annotations

import math
from typing import Any

import pytest

from latent_repl.errors import UsageError
from latent_repl.explore.message import LONGEST, Message


def test_fields_are_read_as_what_they_have_to_be() -> None:
    message = Message({"ask": "point", "size": 3, "at": {"x": 1, "y": -0.5}})
    assert message.text("ask") == "point"
    assert message.whole("size", 0, 3) == 3
    assert message.point("at") == (1.0, -0.5)
    assert "size" in message and "seed" not in message


@pytest.mark.parametrize("value", [None, "1", True, 1.5, -1, 4, [1]])
def test_what_is_no_whole_number_in_range_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="whole number from 0 to 3"):
        Message({"size": value}).whole("size", 0, 3)


@pytest.mark.parametrize("value", [None, "1", math.nan, math.inf, 10**400, {}])
def test_what_is_no_finite_number_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="x has to be a number"):
        Message({"at": {"x": value, "y": 0}}).point("at")


@pytest.mark.parametrize("value", [None, 3, "a" * (LONGEST + 1)])
def test_what_is_no_text_or_far_too_long_is_refused(value: Any) -> None:
    with pytest.raises(UsageError, match="text of at most"):
        Message({"ask": value}).text("ask")


@pytest.mark.parametrize("fields", [None, 3, "ask", ["ask"]])
def test_a_message_that_is_no_object_is_refused(fields: Any) -> None:
    with pytest.raises(UsageError, match="a message is an object"):
        Message(fields)
