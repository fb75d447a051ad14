"""What customers type when a flow asks something: there in every language, never two things at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.content.support import Shop


def answers(**reasons: Any) -> dict[str, Any]:
    usual = {
        "too_small": {"nl": ["te klein"], "en": ["too small"]},
        "too_large": {"nl": ["te groot"], "en": ["too large"]},
    }
    return {"details": {"reason": {**usual, **reasons}}, "questions": {"nl": ["hoe"], "en": ["how"]}}


def test_words_without_fault_have_no_findings(shop: Shop) -> None:
    shop.answer_words = answers()

    assert shop.check() == []


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (answers(damaged={"nl": ["kapot"]}), "missing-translation"),
        (answers(damaged={"nl": ["Te klein!"], "en": ["broken"]}), "two-meanings"),
        ({**answers(), "questions": {"nl": ["hoe"]}}, "missing-translation"),
    ],
)
def test_a_fault_in_the_words_is_found_where_it_stands(shop: Shop, words: dict[str, Any], rule: str) -> None:
    shop.answer_words = words

    [finding] = shop.check()

    assert finding.rule == rule
    assert finding.path.name == "answers.yml"
    assert finding.line > 0
