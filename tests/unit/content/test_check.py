from typing import Any

import pytest

from balie.content.check import Severity
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
