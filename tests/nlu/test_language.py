from __future__ import annotations

from typing import Optional, Tuple

import pytest

from nlu.language import KnownLanguages, LanguageModel, stop_words

DUTCH = ["waar is mijn pakje", "ik wil iets ruilen", "hoe lang duurt de bezorging", "kan ik achteraf betalen"]
ENGLISH = ["where is my parcel", "i want to swap something", "how long does delivery take", "can i pay later"]


@pytest.fixture(scope="module")
def model() -> LanguageModel:
    words = stop_words()
    texts = {"nl": [*DUTCH, *words.pop("nl")], "en": [*ENGLISH, *words.pop("en")], **words}
    return LanguageModel.learn(texts, spoken=["nl", "en"])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("waar blijft mijn bestelling toch", "nl"),
        ("where has my order got to", "en"),
        ("我的订单在哪里", "zh"),
        ("我的 order 在哪里", "zh"),
        ("où est-ce que vous êtes et pourquoi est-ce que je ne peux pas vous joindre", "fr"),
    ],
)
def test_a_sentence_speaks_for_itself(model: LanguageModel, text: str, language: str) -> None:
    code, confidence = model.detect(text)

    assert code == language
    assert confidence > 0.8


@pytest.mark.parametrize(
    ("known", "language"),
    [
        (KnownLanguages(), "nl"),
        (KnownLanguages(page="en"), "en"),
        (KnownLanguages(remembered=("nl", "en"), page="nl"), "nl"),
        (KnownLanguages(remembered=("en", "en", "en"), page="nl"), "en"),
        (KnownLanguages(page="xx"), "nl"),
    ],
)
def test_what_is_known_decides_where_the_text_says_nothing(
    model: LanguageModel, known: KnownLanguages, language: str
) -> None:
    for text in ("", "DD1048213", "😡😡", "12,50", "‹phone›", "‹e-mail›, ‹account›"):
        assert model.detect(text, known)[0] == language


def test_a_clear_sentence_overrules_memory_and_page(model: LanguageModel) -> None:
    known = KnownLanguages(remembered=("nl", "nl", "nl"), page="nl")

    assert model.detect("where is my parcel and how long does delivery take", known)[0] == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Kerkstraat 12, 3581 RD Utrecht", "en"),
        ("Nieuwe Rijn 44, 2312 JD Leiden", "en"),
        ("no wait, Lange Voorhout 14, 2514 EA Den Haag", "en"),
        ("naar Kerkstraat 5-a, 1012 AB Amsterdam", "nl"),
    ],
)
def test_an_address_does_not_say_what_somebody_speaks(model: LanguageModel, text: str, language: str) -> None:
    assert model.detect(text, KnownLanguages(remembered=("en",), page="en"))[0] == language


def test_the_customers_own_switch_overrules_everything(model: LanguageModel) -> None:
    assert model.detect("where is my parcel", KnownLanguages(chosen="nl")) == ("nl", 1.0)


@pytest.mark.parametrize(
    ("metadata", "known"),
    [
        (None, (None, (), None)),
        ("odd", (None, (), None)),
        ({"language": None, "languages": None, "page_language": ""}, (None, (), None)),
        ({"language": 4, "languages": "nl", "page_language": ["nl"]}, (None, (), None)),
        ({"language": "EN-gb", "languages": ["nl_BE", 3], "page_language": "nl"}, ("en", ("nl",), "nl")),
    ],
)
def test_odd_metadata_counts_as_unknown(
    metadata: object, known: Tuple[Optional[str], Tuple[str, ...], Optional[str]]
) -> None:
    found = KnownLanguages.from_metadata(metadata)

    assert (found.chosen, found.remembered, found.page) == known
