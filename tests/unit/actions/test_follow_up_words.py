"""What is typed about cards, word by word: what is read of it, and above all what is left alone."""

from __future__ import annotations

import pytest

from actions.follow_up_words import CardWish, FollowUp, FollowUpWords
from balie.conversations.cards import ProductCard
from balie.kernel.money import Money
from tests.support.content import real_renderer

WORDS = FollowUpWords(real_renderer().library.words_of_answers)


def card(name: str, price: int) -> ProductCard:
    return ProductCard(sku=name, name=name, price=Money(price), reason="Veel gekozen.", key="k")


TENTS = (
    card("Fjellvik Duin koepeltent 2p", 19_995),
    card("Noordkaap Ven tunneltent 3p", 29_995),
    card("Torsa Hei koepeltent 3p", 9_995),
)
MIXED = (card("Fjellvik Gravel 2", 179_900), card("Torsa fietshelm", 7_995), card("Torsa rugzak 40", 8_995))


def read(text: str, cards: tuple[ProductCard, ...] = TENTS) -> FollowUp | None:
    return WORDS.read(text, cards)


def wish_of(text: str, cards: tuple[ProductCard, ...] = TENTS) -> CardWish | None:
    found = read(text, cards)
    return None if found is None else found.wish


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        *((CardWish.MORE, text) for text in ("laat maar wat anders zien", "iets anders graag", "nog meer?")),
        *(
            (CardWish.MORE, text)
            for text in ("heb je er nog een paar", "laat die andere eens zien", "andere")
        ),
        *((CardWish.MORE, text) for text in ("show me something else", "anything else?", "any others?")),
        *((CardWish.MORE, text) for text in ("have you got some more", "other tents?", "another one please")),
        *((CardWish.CHEAPER, text) for text in ("heb je ook iets goedkopers?", "te duur allemaal")),
        *((CardWish.CHEAPER, text) for text in ("kan het wat goedkoper?", "goedkopere tenten?")),
        *((CardWish.CHEAPER, text) for text in ("niet zo duur graag", "dat is me veel te duur")),
        *((CardWish.CHEAPER, text) for text in ("anything cheaper?", "that's a bit much", "too expensive")),
        *(
            (CardWish.CHEAPER, text)
            for text in ("show me something cheaper", "do you have any cheaper tents")
        ),
        *((CardWish.DEARER, text) for text in ("heb je iets beters?", "iets luxers graag", "beter dan dit?")),
        *(
            (CardWish.DEARER, text)
            for text in ("is there anything better?", "something fancier", "a better one")
        ),
        *(
            (CardWish.WHY, text)
            for text in ("waarom deze?", "waarom raad je deze aan?", "hoe kom je hierbij")
        ),
        *((CardWish.WHY, text) for text in ("why these?", "how come", "why do you recommend those")),
        *((CardWish.DISLIKED, text) for text in ("niet interessant", "niks voor mij", "geen van deze")),
        *((CardWish.DISLIKED, text) for text in ("ik vind ze niet mooi", "die spreken me niet aan")),
        *(
            (CardWish.DISLIKED, text)
            for text in ("don't like any of these", "dont like them", "none of these")
        ),
        *((CardWish.DISLIKED, text) for text in ("not for me", "none of these, thanks")),
        *((CardWish.DISLIKED, text) for text in ("none of these, show me something else",)),
        *((CardWish.DISLIKED, text) for text in ("geen van deze, laat iets anders zien",)),
        *((CardWish.MORE, text) for text in ("nee, iets anders graag", "no, something else please")),
    ],
)
def test_what_is_said_of_all_cards_is_understood(wish: CardWish, text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card, found.budget) == (wish, None, None)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *(
            (0, text)
            for text in ("de eerste", "the first one", "nummer 1", "1", "die van Fjellvik", "fjelvik")
        ),
        *(
            (1, text)
            for text in ("de tweede graag", "number 2", "nr. 2", "2", "die tunneltent", "the middle one")
        ),
        *(
            (1, text)
            for text in ("vertel meer over de tweede", "tell me more about number two", "de duurste")
        ),
        *((2, text) for text in ("de laatste", "the last one", "option 3", "the torsa one", "koepeltent 3p")),
        *(
            (2, text)
            for text in ("wat is de goedkoopste?", "the cheapest please", "I'd like to see the third")
        ),
    ],
)
def test_one_is_named_by_its_place_its_price_or_its_name(number: int, text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.SHOW, number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *(
            (0, text)
            for text in ("doe de eerste maar in mijn mandje", "I'll take the first one", "neem nr. 1")
        ),
        *((1, text) for text in ("doe maar nummer 2", "put the second in my basket", "bestel de tweede")),
        *(
            (2, text)
            for text in ("de laatste wordt het", "add the last one to my cart", "doe die van torsa maar")
        ),
    ],
)
def test_one_that_is_taken_goes_into_the_basket(number: int, text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.TAKE, number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((1, text) for text in ("ik neem de tweede", "can i have the second one", "Can I have number 2?")),
        *((0, text) for text in ("can I buy the first one please", "i'd like to buy the first one")),
    ],
)
def test_a_plain_wish_is_taken_at_its_word(number: int, text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.TAKE, number)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        *((1, text) for text in ("Can I have a look at the second one?", "can i see the second")),
        *((0, text) for text in ("Could I have more info on the first one?", "take a look at the first one")),
        (1, "Can I have more information about the second?"),
        *((1, text) for text in ("Would you buy the second one?", "Zou je de tweede kopen?")),
        (1, "What would it cost to buy the second one?"),
        *((1, text) for text in ("Wat kost het om de tweede te kopen?", "kan ik de tweede bestellen?")),
        *(
            (1, text)
            for text in ("doe je de tweede ook", "I'll take a look at the second one", "buy the second")
        ),
        *((0, text) for text in ("de eerste is mooi, bedankt", "nice, the first one")),
    ],
)
def test_who_looks_or_asks_is_shown_it_and_buys_nothing(number: int, text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.SHOW, number)


@pytest.mark.parametrize(
    "text", ["can you take a look", "Can I have a look?", "take a look", "more information please"]
)
def test_a_look_is_at_the_only_one_or_at_nothing(text: str) -> None:
    assert wish_of(text, TENTS[:1]) is CardWish.SHOW
    assert read(text) is None


@pytest.mark.parametrize(
    "text", ["can i have it please", "can I buy this one?", "I want to buy it", "I'll take it"]
)
def test_of_a_single_card_it_is_that_one(text: str) -> None:
    assert read(text, TENTS[:1]) == FollowUp(CardWish.TAKE, 0, None, "en")


@pytest.mark.parametrize("cards", [TENTS, TENTS[:1]])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "can I order?",
            "I want to order",
            "I'd like to buy",
            "ik wil bestellen",
            "I'd like to order please",
        ),
        *("Do I have to buy the first one?", "did I buy the first one?", "do I have to buy it?"),
        *("Zit de tweede in mijn mandje?", "is the second one in my basket?", "it's in my basket"),
        *("what's in my basket?", "wat zit er in mijn mandje", "ik heb de eerste in mijn mandje"),
        *("Kan je iets doen aan de prijs van de tweede", "Kan je iets doen aan de prijs?"),
        *("Wat kan ik hier aan doen?", "Zou jij het doen?", "doe er wat aan", "doe iets", "can I buy some"),
        *("can I have a better price on the first", "should I take the first one"),
        *("doe ze allemaal maar", "put them all in my basket", "I'll take all of them", "I'll take both"),
        *("take the first one out of my basket", "don't take the first one", "i had the first one"),
    ],
)
def test_a_question_about_buying_buys_nothing(text: str, cards: tuple[ProductCard, ...]) -> None:
    assert read(text, cards) is None


@pytest.mark.parametrize("cards", [TENTS, TENTS[:1]])
@pytest.mark.parametrize(
    "text",
    [
        *("ik neem er 2", "doe er 2", "i'll take 2", "doe maar 3 stuks", "can i have 3 please", "doe er 1"),
        *("neem 1", "2 stuks", "2 pieces please", "ik neem de 2"),
    ],
)
def test_how_many_is_no_place(text: str, cards: tuple[ProductCard, ...]) -> None:
    assert read(text, cards) is None


@pytest.mark.parametrize("text", ["2", "de 2", "nummer 2", "optie 2 graag", "option 2 please", "nr. 2"])
def test_a_number_by_itself_or_after_its_word_is_a_place(text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.SHOW, 1)


@pytest.mark.parametrize("cards", [TENTS, TENTS[:1]])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "no more, thanks",
            "no more please",
            "no thanks, no more",
            "i dont want any more",
            "nee, niks meer",
        ),
        *(
            "I don't want to buy now",
            "not interested in anything else",
        ),
        *("Leuk, dank je", "mooi, bedankt", "nice, thanks", "interesting", "nice"),
        *(
            "is the first one any better",
            "which is better",
            "is de tweede beter?",
            "is the first one cheaper?",
        ),
        *("is dat duur?", "are they cheap", "is it too expensive?", "zijn deze duur?"),
    ],
)
def test_refusals_thanks_and_questions_about_those_wish_for_nothing(
    text: str, cards: tuple[ProductCard, ...]
) -> None:
    assert read(text, cards) is None


@pytest.mark.parametrize(
    ("text", "is_complaint"),
    [
        *(
            (text, True)
            for text in ("te duur", "too expensive", "that's a bit much", "dat is me veel te duur")
        ),
        *((text, True) for text in ("de tweede is te duur", "they are expensive")),
        *((text, False) for text in ("iets goedkopers", "too expensive, anything cheaper?", "max 80")),
        *((text, False) for text in ("te duur, iets anders", "is there anything cheaper?")),
    ],
)
def test_a_complaint_about_the_price_is_told_from_a_wish(text: str, is_complaint: bool) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.is_complaint) == (CardWish.CHEAPER, is_complaint)


@pytest.mark.parametrize(
    ("text", "is_of_one"),
    [("nee, die niet", True), ("deze niet", True), ("not these", False), ("niet mooi", False)],
)
def test_what_points_at_one_is_told_from_what_is_said_of_all(text: str, is_of_one: bool) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.is_of_one) == (CardWish.DISLIKED, is_of_one)


@pytest.mark.parametrize("text", ["ik vind de tweede niet mooi", "i don't like the second one"])
def test_one_that_is_not_liked_is_that_one_only(text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card) == (CardWish.DISLIKED, 1)


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        *(("under 50", 5_000), ("onder de 50 euro", 5_000), ("max 80", 8_000), ("tot € 150 graag", 15_000)),
        *(("iets goedkoper dan 100 euro", 10_000), ("cheaper than 120", 12_000)),
    ],
)
def test_an_amount_is_what_they_may_cost(text: str, budget: int) -> None:
    assert read(text) == FollowUp(CardWish.CHEAPER, None, budget, read(text).language)  # type: ignore[union-attr]


def test_something_else_may_have_an_amount_too() -> None:
    found = read("iets anders onder 80 euro")

    assert found is not None
    assert (found.wish, found.budget) == (CardWish.MORE, 8_000)


@pytest.mark.parametrize("text", ["goedkoper dan de tweede", "cheaper than number 2"])
def test_cheaper_than_one_of_them_is_about_that_one(text: str) -> None:
    found = read(text)

    assert found is not None
    assert (found.wish, found.card, found.budget) == (CardWish.CHEAPER, 1, None)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "laat maar",
            "stop",
            "stop maar",
            "dank je",
            "nee dank je",
            "ja",
            "no",
            "thanks",
            "ok",
            "hoi",
            "",
            "?",
        ),
        *("never mind", "wat kost verzenden", "what about delivery", "waar is mijn bestelling", "my order"),
        *(
            "where is my parcel?",
            "andere maat",
            "heb je deze ook in het rood",
            "is the second one waterproof",
        ),
        *("ik zag hem elders goedkoper", "it's cheaper at another shop", "can you match the price elsewhere"),
        *(
            "heb je een tent in het blauw",
            "ik wil een mens spreken",
            "dit is belachelijk duur, stelletje dieven",
        ),
        *(
            "wat is het verschil tussen 1 en 2",
            "doe er maar twee",
            "nog een keer",
            "again please",
            "de koepeltent",
        ),
        *("not the first", "doe maar niet de eerste", "why so expensive", "waarom duurt het zo lang"),
        *("ik heb de eerste teruggestuurd", "is dit alles", "goedkopere fietsen?", "number 7", "de vierde"),
        *("/something_else", '/put_in_basket{"card": "k:A"}', "1 2 3", "een " * 40),
        "I bought the second one last year and it leaked",
    ],
)
def test_what_says_anything_else_is_left_to_be_understood(text: str) -> None:
    assert read(text) is None


def test_a_kind_that_some_of_them_are_not_is_another_question() -> None:
    assert wish_of("goedkopere helmen", MIXED) is None
    assert wish_of("goedkopere tenten", TENTS) is CardWish.CHEAPER


def test_a_name_that_two_have_names_neither() -> None:
    assert read("die van Torsa", MIXED) is None
    assert read("de rugzak van Torsa", MIXED) == FollowUp(CardWish.SHOW, 2)


def test_of_a_single_card_nothing_has_to_be_named() -> None:
    [found] = [read("doe maar in mijn mandje", TENTS[:1])]

    assert found == FollowUp(CardWish.TAKE, 0, None, "nl")


def test_without_cards_nothing_is_about_them() -> None:
    assert read("iets goedkopers", ()) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("iets goedkopers", "nl"),
        ("anything cheaper", "en"),
        ("2", None),
        ("second, beter, goedkoper", None),
        ("de tweede", "nl"),
        ("max 80", None),
    ],
)
def test_the_words_tell_the_language_where_they_can(text: str, language: str | None) -> None:
    found = read(text)

    assert found is not None
    assert found.language == language
