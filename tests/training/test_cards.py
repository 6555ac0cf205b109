"""A model hub can read the cards: their front matter says library, licence, tags and figures."""

from __future__ import annotations

import json

import pytest
from huggingface_hub import ModelCard

from latent_repl.model.checkpoint import METRICS, SHIPPED, names
from training.cards import with_front_matter


@pytest.mark.parametrize("name", names())
def test_each_shipped_card_has_the_front_matter_of_its_metrics(name: str) -> None:
    text = (SHIPPED / name / "README.md").read_text(encoding="utf-8")
    metrics = json.loads((SHIPPED / name / METRICS).read_text(encoding="utf-8"))
    assert text == with_front_matter(text, name, metrics)
    data = ModelCard(text).data.to_dict()
    assert (data["library_name"], data["license"], data["metrics"]) == ("latent-repl", "mit", ["exact_match"])
    assert "program-synthesis" in data["tags"]
    [result] = data["model-index"][0]["results"]
    assert result["metrics"][0]["value"] == round(100 * metrics.get("line", metrics)["exact"], 4)


def test_front_matter_takes_the_place_of_what_was_there() -> None:
    metrics = {"exact": 0.5, "sums": 4}
    once = with_front_matter("---\nlicense: other\n---\n\n# card\n", "card", metrics)
    assert once == with_front_matter(once, "card", metrics)
    assert "license: other" not in once and once.endswith("\n\n# card\n")
