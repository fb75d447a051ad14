from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balie.catalogue.search import ProductIndex, SearchableProduct


def product(sku: str, brand: str, nl: str, en: str, words: str = "") -> SearchableProduct:
    return SearchableProduct(
        sku=sku,
        brand=brand,
        names={"nl": f"{brand} {nl}", "en": f"{brand} {en}"},
        category_words={"nl": words.split()},
        descriptions={"nl": "", "en": ""},
    )


INDEX = ProductIndex(
    [
        product("DD-1", "Fjellvik", "Torsa koepeltent", "Torsa dome tent", "tenten tent kamperen"),
        product("DD-2", "Fjellvik", "Halde slaapzak", "Halde sleeping bag", "slapen kamperen"),
        product("DD-3", "Duinroos", "Kwelder regenjas dames", "Kwelder women's rain jacket", "jassen jas"),
        product("DD-4", "Duinroos", "Kwelder regenjas heren", "Kwelder men's rain jacket", "jassen jas"),
        product("DD-5", "Spaakwiel", "Otter fietshelm", "Otter bike helmet", "fietshelmen helm"),
        product("DD-6", "Polderwerk", "Lynx stadsfiets", "Lynx city bike", "fietsen fiets rijwiel"),
        product("DD-7", "Lichtvoet", "Pico hardloopschoenen", "Pico running shoes", "schoenen schoen"),
        SearchableProduct("DD-8", "Wei", {"zh": "登山鞋"}, {}, {}),
    ]
)


@pytest.mark.parametrize(
    ("text", "language", "sku"),
    [
        ("Fjellvik Torsa koepeltent", "nl", "DD-1"),
        ("hebben jullie de torsa tent nog?", "nl", "DD-1"),
        ("tenten", "nl", "DD-1"),
        ("do you still have the Halde sleeping bag", "en", "DD-2"),
        ("slaapzakken", "nl", "DD-2"),
        ("slaapzk", "nl", "DD-2"),
        ("regenjas heren", "nl", "DD-4"),
        ("women's rain jacket", "en", "DD-3"),
        ("regen jas dames", "nl", "DD-3"),
        ("rain jaket for men", "en", "DD-4"),
        ("helm", "nl", "DD-5"),
        ("bike helmet", "nl", "DD-5"),
        ("een rijwiel", "nl", "DD-6"),
        ("harloopschoenen", "nl", "DD-7"),
        ("running shoe", "en", "DD-7"),
        ("dd-7", "nl", "DD-7"),
        ("登山鞋", "zh", "DD-8"),
    ],
)
def test_best_find_is_what_the_customer_meant(text: str, language: str, sku: str) -> None:
    assert INDEX.search(text, language, 1)[0].sku == sku


@pytest.mark.parametrize(
    "text", ["", "   ", "pizza margherita", "hoe laat zijn jullie open", "🙂🙂", "'; DROP TABLE"]
)
def test_what_is_not_sold_is_not_found(text: str) -> None:
    assert INDEX.search(text, "nl", 3) == []


@pytest.mark.parametrize("text", ["i never ordered this", "it was delivered broken"])
def test_what_was_ordered_is_not_a_red_one(text: str) -> None:
    index = ProductIndex([product("DD-1", "Duinroos", "regenjas rood", "rain jacket red")])

    assert index.search(text, "en", 1) == []


@pytest.mark.parametrize("text", ["er is iets aangekomen", "meegenomen", "ik ben bij jullie gekomen"])
def test_what_has_come_is_not_for_men(text: str) -> None:
    assert INDEX.search(text, "nl", 1) == []


@pytest.mark.parametrize("text", ["that's right", "it’s not mine", "let's see", "i don't know, can't say"])
def test_what_follows_an_apostrophe_names_nothing(text: str) -> None:
    assert INDEX.search(text, "en", 1) == []


def test_full_name_scores_higher_than_a_part_of_it() -> None:
    [whole], [part] = (INDEX.search(text, "nl", 1) for text in ("Fjellvik Torsa koepeltent", "koepeltent"))

    assert 1.0 >= whole.score > part.score


def test_typo_scores_lower_than_the_right_word() -> None:
    [right], [typo] = (INDEX.search(text, "nl", 1) for text in ("slaapzak", "slaapzka"))

    assert right.score > typo.score


def test_no_more_are_found_than_asked_for() -> None:
    assert len(INDEX.search("regenjas", "nl", 1)) == 1


def test_empty_catalogue_finds_nothing() -> None:
    assert ProductIndex(()).search("tent", "nl", 5) == []


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_searched_for(text: str) -> None:
    for match in INDEX.search(text, "nl", 5):
        assert 0.0 < match.score <= 1.0
