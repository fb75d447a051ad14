from typing import Any

import pytest

from balie.content.findings import Severity
from tests.unit.content.support import Shop, article


def test_content_without_fault_has_no_findings(shop: Shop) -> None:
    assert shop.check() == []


def test_an_intent_without_an_article_is_found(shop: Shop) -> None:
    folder = shop.write()
    taxonomy = folder / "taxonomy.yml"
    taxonomy.write_text(taxonomy.read_text("utf-8") + "    warranty: the guarantee\n", encoding="utf-8")

    from balie.content.check import check_content
    from balie.content.library import load_library

    assert [finding.rule for finding in check_content(load_library(folder))] == ["no-article"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"examples": {"nl": ["een"], "en": []}}, "few-examples"),
        ({"title": {"nl": "Alleen Nederlands"}}, "missing-translation"),
        ({"answer": {"nl": "Alleen Nederlands"}}, "missing-translation"),
        ({"keywords": {"nl": ["alleen"]}}, "missing-translation"),
        ({"keywords": {"nl": ["... gat"], "en": ["gap"]}}, "keyword-collision"),
        ({"buttons": [{"intent": "nowhere"}]}, "dead-button"),
        ({"buttons": [{"link": "nowhere", "title": {"nl": "x", "en": "x"}}]}, "dead-button"),
        ({"buttons": [{"link": "returns", "title": {"nl": "Terug"}}]}, "missing-translation"),
        ({"answer": {"nl": "{{ shop.returns.nothing }}", "en": "x"}}, "cannot-be-said"),
        ({"answer": {"nl": "{{ customer.first_name }}", "en": "x"}}, "cannot-be-said"),
        ({"answer": {"nl": "{% if %}", "en": "x"}}, "cannot-be-said"),
        ({"answer": {"nl": "woord " * 100, "en": "x"}}, "cannot-be-said"),
    ],
)
def test_a_fault_in_an_article_is_found(shop: Shop, changes: dict[str, Any], rule: str) -> None:
    shop.articles[0] = article(**changes)

    assert rule in shop.rules_broken()


def test_the_same_question_under_two_intents_is_an_error(shop: Shop) -> None:
    shop.articles.append(article("get_refund"))
    shop.voices = [
        {"writer": "an", "language": "nl", "examples": {"return_item": ["Mijn geld terug?"]}},
        {"writer": "bo", "language": "nl", "examples": {"get_refund": ["mijn geld terug"]}},
    ]

    (finding,) = shop.check()

    assert finding.rule == "two-intents"
    assert finding.severity is Severity.ERROR
    assert finding.path.name == "bo.yml"


def test_the_same_question_twice_under_one_intent_is_a_warning(shop: Shop) -> None:
    shop.voices = [
        {"writer": "an", "language": "nl", "examples": {"return_item": ["terug ermee", "Terug ermee!"]}}
    ]

    (finding,) = shop.check()

    assert (finding.rule, finding.severity) == ("duplicate", Severity.WARNING)


def test_a_keyword_of_two_articles_is_an_error(shop: Shop) -> None:
    shop.articles[0] = article(keywords={"nl": ["retour"], "en": ["return"]})
    shop.articles.append(article("get_refund", keywords={"nl": ["Retour"], "en": ["refund"]}))

    collisions = [finding for finding in shop.check() if finding.rule == "keyword-collision"]

    assert [finding.severity for finding in collisions] == [Severity.ERROR]


def test_a_keyword_that_fires_on_another_articles_questions_is_a_warning(shop: Shop) -> None:
    shop.articles[0] = article(keywords={"nl": ["vraag"], "en": ["telling"]})
    shop.articles.append(article("get_refund"))

    collisions = [finding for finding in shop.check() if finding.rule == "keyword-collision"]

    assert [finding.severity for finding in collisions] == [Severity.WARNING]


def test_a_reply_is_rendered_with_each_of_its_samples(shop: Shop) -> None:
    shop.replies = {
        "utter_order_late": {
            "sample": [{"days": 3}, {"dagen": 3}],
            "text": {"nl": "{{ days }} te laat", "en": "{{ days }} late"},
        }
    }

    findings = shop.check()

    assert [finding.rule for finding in findings] == ["cannot-be-said", "cannot-be-said"]


def test_a_reply_without_a_translation_is_found(shop: Shop) -> None:
    shop.replies = {"utter_order_late": {"text": {"nl": "te laat"}}}

    assert shop.rules_broken() == {"missing-translation"}


def test_a_reply_that_stands_in_two_files_is_found(shop: Shop) -> None:
    once = {"utter_menu": {"text": {"nl": "Zeg het maar.", "en": "Tell me."}}}
    shop.replies = once
    assert shop.check() == []

    shop.more_replies = once

    assert shop.rules_broken() == {"two-replies"}


def test_a_finding_names_file_and_line(shop: Shop) -> None:
    shop.articles[0] = article(buttons=[{"intent": "nowhere"}])

    findings = [finding for finding in shop.check() if finding.rule == "dead-button"]
    (finding,) = findings
    line = (shop.folder / "faq" / "all.yml").read_text("utf-8").splitlines()[finding.line - 1]

    assert finding.path.name == "all.yml"
    assert "nowhere" in line


def test_too_few_near_misses_are_found(shop: Shop) -> None:
    shop.articles[1]["near_misses"] = {}

    assert shop.rules_broken() == {"few-near-misses"}


def test_a_shop_without_words_for_moods_is_found(shop: Shop) -> None:
    shop.mood_words = None

    assert shop.rules_broken() == {"few-openings"}


@pytest.mark.parametrize(
    ("place", "ways", "rule"),
    [
        (("openings", "anger", "nl"), ["Sorry."] * 6, "few-openings"),
        (("openings", "anger", "nl"), [], "few-openings"),
        (("openings", "anger", "fr"), ["Pardon."], "few-openings"),
        (("openings", "boredom", "nl"), ["Gaap."], "unknown-mood"),
        (("remarks", "review", "en"), ["Review?", "Please review."], "few-openings"),
        (("openings", "joy", "nl", 2), "Fijn, {{ customer.first_name }}.", "unfit-opening"),
        (("openings", "joy", "nl", 2), "Fijn!", "unfit-opening"),
        (("openings", "joy", "nl", 2), "fijn " * 15, "unfit-opening"),
        (("openings", "joy", "nl", 2), "Ik beloof dat het goed komt.", "unfit-opening"),
        (("remarks", "person", "en", 0), "We promise you a person.", "unfit-opening"),
    ],
)
def test_words_for_a_mood_that_are_not_fit_are_found(
    shop: Shop, place: tuple[str | int, ...], ways: Any, rule: str
) -> None:
    *way_there, last = place
    part: Any = shop.mood_words
    for step in way_there:
        part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
    part[last] = ways

    assert shop.rules_broken() == {rule}


def test_words_for_a_mood_in_a_language_to_come_are_welcome(shop: Shop) -> None:
    assert shop.mood_words is not None
    shop.mood_words["openings"]["anger"]["zh"] = [f"真的很抱歉给您添麻烦了{number}。" for number in range(6)]

    assert shop.check() == []


def test_an_answer_whose_first_part_asks_two_things_needs_a_short_form(shop: Shop) -> None:
    two = {"nl": "Welke maat? Welke kleur?\n\nDan zoeken we hem.", "en": "Which?\n\nThen we look."}
    shop.articles[0] = article(answer=two)
    assert shop.rules_broken() == {"short-form"}

    shop.articles[0] = article(answer=two, short={"nl": "Welke maat?", "en": "Which size?"})
    assert shop.check() == []

    shop.articles[0] = article(answer=two, short={"nl": "Welke maat?"})
    assert shop.rules_broken() == {"missing-translation"}

    shop.articles[0] = article(answer=two, may_be_shortened=False)
    assert shop.check() == []


def test_a_text_that_links_to_an_offer_must_be_marked(shop: Shop) -> None:
    shop.facts = {**shop.facts, "offer_links": ["returns"]}
    selling = {"nl": "Koop [hier]({{ shop.links.returns }}).", "en": "Buy."}
    shop.articles[0] = article(answer=selling)
    shop.replies = {"utter_menu": {"text": selling}}
    assert [finding.rule for finding in shop.check()] == ["unmarked-offer", "unmarked-offer"]

    shop.articles[0] = article(answer=selling, offer=True)
    shop.replies = {"utter_menu": {"text": selling, "offer": True}}
    assert shop.check() == []


def test_a_page_that_sells_must_be_a_page(shop: Shop) -> None:
    shop.facts = {**shop.facts, "offer_links": ["nowhere"]}

    assert shop.rules_broken() == {"dead-button"}


def test_an_answer_is_said_with_the_mood_read_and_without(shop: Shop) -> None:
    shop.articles[0] = article(
        answer={"nl": "{% if not emotion_is_read %}{{ nothing }}{% endif %}Ja.", "en": "Yes."}
    )

    assert shop.rules_broken() == {"cannot-be-said"}
