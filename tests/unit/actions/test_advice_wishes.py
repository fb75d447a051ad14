"""What customers say of what they want to be recommended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.advice_wishes import BUDGET, USE, AdviceWish, Kinds, find_budget, hear_wish
from actions.typed_answers import AnswerReader
from balie.advice.terms import AdviceTerms
from balie.catalogue.views import CategoryView
from balie.orders.demo.vocabulary import CATEGORIES
from balie.orders.errors import ShopTermsError
from tests.support.content import real_renderer
from tests.support.goods import demo_goods

SHOP = real_renderer().library.shop
KINDS = Kinds(
    [
        CategoryView(code, {"nl": nl, "en": en}, {"nl": nl_words.split(), "en": en_words.split()})
        for code, (nl, en, nl_words, en_words) in CATEGORIES.items()
    ],
    AdviceTerms.from_shop(SHOP).uses,
)


def heard(text: str, wish: AdviceWish | None = None, *, asked: str | None = None) -> AdviceWish:
    reader = AnswerReader(real_renderer().library.words_of_answers)
    return hear_wish(text, wish or AdviceWish(), reader, KINDS, asked=asked)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("een tent tot 200 euro", 20_000),
        ("het mag maximaal € 49,95 kosten", 4_995),
        ("rond de 80", 8_000),
        ("budget 150", 15_000),
        ("under £60 please", 6_000),
        ("nothing over the top, up to 75.50", 7_550),
        ("80 euro", 8_000),
        ("een rugzak van 40 liter", None),
        ("een tent voor 3 personen", None),
        ("tot 40 liter", None),
        ("a bag good to -10 degrees", None),
        ("€ 0", None),
        ("tot 999999 euro", None),
    ],
)
def test_a_budget_is_found_and_nothing_else_is_taken_for_one(text: str, minor: int | None) -> None:
    assert find_budget(text) == minor


@pytest.mark.parametrize("text", ["150", "hooguit 150", "150 euro max", "about 150"])
def test_a_bare_number_answers_the_question_for_a_budget(text: str) -> None:
    assert find_budget(text, is_asked=True) == 15_000


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("welke fietshelm raad je aan", {"helmets"}),
        ("which tents are good", {"tents"}),
        ("een rugtas voor school", {"backpacks"}),
        ("which panniers", {"bike_bags"}),
        ("iets voor in de sneeuw", {"winter_sports"}),
        ("help me kiezen", set()),
    ],
)
def test_kinds_of_goods_are_known_by_their_words(text: str, categories: set[str]) -> None:
    assert set(heard(text).categories) >= categories
    assert bool(heard(text).categories) is bool(categories)


@pytest.mark.parametrize("text", ["maakt niet uit", "geen idee", "I don't mind", "you choose"])
@pytest.mark.parametrize("question", [USE, BUDGET])
def test_not_minding_is_an_answer_to_what_was_asked(text: str, question: str) -> None:
    answered = heard(text, AdviceWish(asked=(question,)), asked=question)

    assert answered.answered == (question,)
    assert not answered.says_something


@pytest.mark.parametrize("text", ["een cadeau voor mijn vader", "a present for my wife"])
def test_a_gift_is_for_somebody_else(text: str) -> None:
    assert heard(text).is_gift
    assert heard(text).as_wish(3).for_somebody_else


def test_never_more_than_two_questions() -> None:
    wish = AdviceWish().having_asked(USE).having_asked(USE)

    assert wish.next_question is None


@pytest.mark.parametrize("slot", [None, "", "{", "[1]", "7", '{"categories": 7}', '{"budget": "x"}'])
def test_a_slot_that_holds_anything_else_is_no_wish(slot: str | None) -> None:
    assert AdviceWish.from_slot(slot) == AdviceWish()


def test_a_slot_gives_back_what_was_put_in() -> None:
    wish = AdviceWish(("tents",), 5_000, is_gift=True, asked=(USE,), answered=(USE, BUDGET))

    assert AdviceWish.from_slot(wish.as_slot) == wish


def test_a_shop_that_does_not_say_what_to_ask_is_told() -> None:
    with pytest.raises(ShopTermsError):
        AdviceTerms.from_shop({"recommendations": {"uses": []}})


USES = [
    ("wat raad je aan voor een trektocht, max 100 euro", "hiking"),
    ("we lopen dit jaar de vierdaagse", "hiking"),
    ("huttentocht in de Alpen", "hiking"),
    ("ik ga de camino doen", "hiking"),
    ("kampeervakantie met het gezin", "camping"),
    ("op naar het festival, wat moet er mee", "camping"),
    ("scoutskamp in augustus", "camping"),
    ("fietsvakantie langs de Rijn", "cycling"),
    ("ik ben een fietsgek", "cycling"),
    ("leren schaatsen op natuurijs", "winter"),
    ("baantjes trekken", "water"),
    ("trailrun in de duinen", "running"),
    ("I'm off backpacking", "hiking"),
    ("first munro next month", "hiking"),
    ("we do a bit of wild swimming", "water"),
    ("paddleboarding this summer", "water"),
    ("into road cycling", "cycling"),
    ("my commute is seven miles", "cycling"),
    ("glastonbury again", "camping"),
    ("couch to 5k", "running"),
    ("ski trip in january", "winter"),
]


@pytest.mark.parametrize(("text", "use"), USES)
def test_a_use_is_known_by_what_people_call_it(text: str, use: str) -> None:
    assert set(heard(text).categories) == set(KINDS.of_use(use))


@pytest.mark.parametrize(
    ("text", "is_gift", "audience"),
    [
        ("regenjas voor mijn vrouw", True, "women"),
        ("iets voor mijn schoonmoeder", True, "women"),
        ("voor m'n man", True, "men"),
        ("fietshelm voor mijn dochter van 8", True, "girls"),
        ("mijn dochter van 19", True, "women"),
        ("een jongen van 9 die graag buiten is", True, "boys"),
        ("mijn neefje", True, "boys"),
        ("voor onze kinderen", True, "children"),
        ("ik ben een vrouw van 40", False, "women"),
        ("voor mezelf", False, None),
        ("een tent voor 4 man", False, None),
        ("voor mijn vrouw en mijn man", True, None),
        ("a present for my nan", True, "women"),
        ("for my husband", True, "men"),
        ("my lad needs a bike", True, "boys"),
        ("my 12-year-old niece", True, "girls"),
        ("nephew, aged 17", True, "men"),
        ("birthday of a friend", True, None),
        ("just for me", False, None),
    ],
)
def test_for_whom_something_is(text: str, is_gift: bool, audience: str | None) -> None:
    wish = heard(text)

    assert (wish.is_gift, wish.audience) == (is_gift, audience)


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        *(("a jacket for my 40 year old husband", "men"), ("my 35-year-old wife", "women")),
        *(("mijn 40-jarige man", "men"), ("mijn jarige moeder", "women"), ("mijn jarige dochter", "girls")),
        *(("een cadeau voor de jarige", None), ("een fiets voor een 8-jarige", "children")),
        *(("a bike for my 6 year old", "children"), ("my six year old needs a helmet", "children")),
        *(("my 3 year old tent is torn", None), ("my 6 year old son", "boys"), ("zoon (9)", "boys")),
        *(("my son is 12", "boys"), ("my son is 17", "men"), ("mijn zoon, hij is 18", "men")),
        *(("mijn 16-jarige dochter", "women"), ("voor mijn dochter van 16 jaar", "women")),
    ],
)
def test_an_age_belongs_to_whom_it_is_said_of(text: str, audience: str | None) -> None:
    assert heard(text).audience == audience


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        *(("een fiets van 20 inch voor mijn dochter", "girls"), ("voor mijn dochter van 20 inch", "girls")),
        *(("helm voor mijn zoon, budget is 50", "boys"), ("mijn dochter, prijs van 40 tot 60 euro", "girls")),
        *(("for my daughter, my budget is 60", "girls"), ("een jas voor mijn zoon, zijn maat is 36", "boys")),
        *(("shoes for my son, his size is 38", "boys"), ("voor mijn dochter van 40 tot 60 euro", "girls")),
        *(("a helmet for my son with 20 years warranty", "boys"), ("mijn zoon is 98 cm", "boys")),
    ],
)
def test_prices_inches_and_sizes_are_no_ages(text: str, audience: str) -> None:
    assert heard(text).audience == audience


@pytest.mark.parametrize(
    ("text", "audience"),
    [
        *(("mijn nicht van 8", "girls"), ("mijn neef (9)", "boys"), ("my niece is 7", "girls")),
        *(
            ("mijn nicht van 18", "women"),
            ("my nephew, aged 12", "boys"),
            ("mijn zus is moeder van 3", "women"),
        ),
        ("my 10 year old brother", "boys"),
    ],
)
def test_who_may_be_of_any_age_is_a_child_under_fifteen(text: str, audience: str) -> None:
    assert heard(text).audience == audience


def test_what_something_is_comes_before_what_it_is_for() -> None:
    goods = demo_goods()
    bag = replace(KINDS, said=goods.find("een tas om mee te wandelen"))
    anything = replace(KINDS, said=goods.find("iets voor op de fiets"))

    assert bag.choose("een tas om mee te wandelen", KINDS.of_use("hiking"))[1] in (
        ("bike_bags",),
        ("backpacks",),
    )
    assert anything.choose("iets voor op de fiets", KINDS.of_use("cycling")) == ((), KINDS.of_use("cycling"))


def test_a_slot_keeps_words_and_for_whom() -> None:
    wish = AdviceWish(("jackets",), words=("regenjas",), audience="women")

    assert AdviceWish.from_slot(wish.as_slot) == wish
    assert AdviceWish.from_slot('{"audience": "cats"}') == AdviceWish()
