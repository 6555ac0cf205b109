"""The picture of the stages shows what a session answers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from tests import diagram


def words(picture: str) -> list[str]:
    """Return the texts of a picture, without confidences."""
    texts = (element.text or "" for element in ElementTree.fromstring(picture).iter() if element.tag.endswith("text"))
    return [re.sub(r"[01]\.\d{4}", "", each) for each in texts]


def test_the_picture_has_seven_stages_and_what_the_session_answers() -> None:
    drawn = words(diagram.draw())
    stages = ["parse", "lower", "tokenise", "encode", "execute", "decode", "display"]
    assert [word for word in drawn if word in stages] == stages
    assert any(re.fullmatch(r" *b = 42 +✓", word) for word in drawn)
    assert words(diagram.PICTURE.read_text(encoding="utf-8")) == drawn, "run `python -m tests.diagram`"
