from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml

from nlu.articles import KeywordPattern
from nlu.errors import TrainingContentError
from nlu.keywords import KeywordHit, KeywordMatcher

CASES = Path(__file__).resolve().parents[1] / "fixtures" / "keyword_cases.yml"


def matcher(*patterns: str) -> KeywordMatcher:
    return KeywordMatcher(
        [KeywordPattern(pattern, f"intent_{place}", "nl") for place, pattern in enumerate(patterns)]
    )


def shared_cases() -> List[Dict[str, Any]]:
    return list(yaml.safe_load(CASES.read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", shared_cases(), ids=lambda case: f"{case['pattern']} on {case['text']}"[:60])
def test_patterns_mean_here_what_they_mean_in_the_service(case: Dict[str, Any]) -> None:
    assert bool(matcher(case["pattern"]).find(case["text"])) is case["fires"]


def test_a_hit_tells_intent_pattern_and_words() -> None:
    found = matcher("waar (is|blijft) ... pak*").find("Hallo, waar blijft mijn nieuwe pakketje?")

    assert found == [KeywordHit("intent_0", "waar (is|blijft) ... pak*", "waar blijft mijn nieuwe pakketje")]


def test_hits_come_in_the_order_of_the_words_each_pattern_once() -> None:
    found = matcher("retour*", "geld terug", "kapot*").find(
        "kapotte fiets, geld terug of geld terug en retour"
    )

    assert [hit.intent for hit in found] == ["intent_2", "intent_1", "intent_0"]


def test_chinese_needs_no_spaces() -> None:
    assert matcher("退货", "我 ... 货").find("我想退货")[0].text == "我想退货"


@pytest.mark.parametrize("pattern", ["", "  ", "... fiets", "fiets ...", "(a|b", "fiets (", "!?", "(|)"])
def test_an_unreadable_pattern_is_refused_with_its_place(pattern: str) -> None:
    with pytest.raises(TrainingContentError, match="keyword of intent_0"):
        matcher(pattern)


@pytest.mark.parametrize("text", ["", "  ", "😡", "a" * 10_000, "fiets " * 2_000, "\u202eعربى"])
def test_odd_messages_fire_nothing_and_break_nothing(text: str) -> None:
    assert matcher("retour*", "waar is ... pakje").find(text) == []
