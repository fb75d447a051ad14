"""What a sentence that names goods plainly asks: read by the shop's words, and above all what is not read."""

from __future__ import annotations

import pytest

from actions.goods_questions import GoodsAsked, find_asked
from actions.typed_answers import AnswerReader
from tests.support.content import real_renderer

READER = AnswerReader(real_renderer().library.words_of_answers)


@pytest.mark.parametrize(
    "text",
    [
        *("welke koepeltent tot 60 euro raad je aan?", "Kun je een regenjas aanraden?"),
        *("welke slaapzak raden jullie mij aan", "heb je een aanrader voor een rugzak"),
        *("which sports nutrition do you recommend?", "Any suggestions for a head torch?"),
        *("which tent should I buy", "which rucksack would you go for"),
    ],
)
def test_advice_is_asked_for(text: str) -> None:
    assert find_asked(text, READER) is GoodsAsked.ADVICE


@pytest.mark.parametrize(
    "text",
    [
        *("is de Fjellvik Varen koepeltent op voorraad?", "zijn die tenten nog leverbaar"),
        *("is de koepeltent niet meer verkrijgbaar?", "is the dome tent in stock", "is the tent sold out?"),
    ],
)
def test_it_is_asked_whether_there_is_any(text: str) -> None:
    assert find_asked(text, READER) is GoodsAsked.STOCK


def test_advice_about_what_is_in_stock_is_advice() -> None:
    assert find_asked("welke tent die op voorraad is raad je aan", READER) is GoodsAsked.ADVICE


@pytest.mark.parametrize(
    "text",
    [
        *("welke verzekering raad je aan voor mijn fiets", "can you recommend a bike route"),
        *("kan ik een tent huren die op voorraad is", "where can I hire a kayak"),
        *("mijn fiets is gestolen", "can I take my bike on the train"),
    ],
)
def test_what_is_said_with_goods_may_be_about_something_else(text: str) -> None:
    assert find_asked(text, READER) is GoodsAsked.ELSEWHERE


@pytest.mark.parametrize(
    "text",
    [
        *("kun je mijn tent opzetten", "how do I wash a tent", "", "de koepeltent"),
        *("ik zou deze tent niemand aanraden", "I would not recommend this tent to anyone"),
        *("I can't recommend this bike to anyone", "nobody would recommend that jacket"),
    ],
)
def test_what_is_not_plainly_asked_is_not_read(text: str) -> None:
    assert find_asked(text, READER) is None


@pytest.mark.parametrize(
    "text",
    [
        "ik zoek een helm voor op het fietspad, wat raad je aan",
        "I'm going to hire a kayak, which life jacket do you recommend",
        "I need a tent for a job at a festival, what do you recommend",
        "which bike do you recommend to rent",
    ],
)
def test_advice_is_not_refused_for_where_or_when_it_is_needed(text: str) -> None:
    assert find_asked(text, READER) is None


@pytest.mark.parametrize("text", ["kan je mij geen tent aanraden", "can't you recommend a tent"])
def test_a_question_with_not_asks_for_advice_all_the_same(text: str) -> None:
    assert find_asked(text, READER) is GoodsAsked.ADVICE


@pytest.mark.parametrize(
    "text",
    [
        *("wat een waardeloze zak ben je", "stik de moord in je tent", "jullie tent is waardeloos"),
        *("wat ben jij een muts", "what a load of pants", "de prijzen klimmen de pan uit"),
        "my husband went swimming and drowned",
    ],
)
def test_what_is_said_of_people_or_in_anger_asks_about_no_goods(text: str) -> None:
    assert find_asked(text, READER) is GoodsAsked.CURSED


def test_advice_is_asked_for_even_where_the_old_one_is_cursed() -> None:
    assert find_asked("mijn tent is waardeloos, welke raad je aan", READER) is GoodsAsked.ADVICE
