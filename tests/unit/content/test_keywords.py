from pathlib import Path

import pytest
import yaml

from balie.content.keywords import compile_pattern, pattern_fires, split_words

CASES = yaml.safe_load((Path(__file__).parents[2] / "fixtures" / "keyword_cases.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['pattern']} ~ {case['text']}")
def test_a_pattern_fires_exactly_where_the_shared_cases_say(case: dict[str, str]) -> None:
    assert pattern_fires(case["pattern"], case["text"]) is case["fires"]


@pytest.mark.parametrize("broken", ["", "... retour", "retour ...", "(retour", "|)", "()"])
def test_a_pattern_that_cannot_be_read_is_refused(broken: str) -> None:
    with pytest.raises(ValueError, match=r"pattern|word"):
        compile_pattern(broken)


def test_every_chinese_character_is_a_word() -> None:
    assert split_words("我要iPhone 15壳") == ["我", "要", "iphone", "15", "壳"]
