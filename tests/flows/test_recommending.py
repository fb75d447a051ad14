"""Recommendations at the counter: what is shown, to whom, and what the buttons of the cards do."""

from __future__ import annotations

from typing import Any

import pytest

from balie.orders.demo.personas import NOOR, SANNE
from balie.recommendations.kinds import ListKind
from tests.support.counter import Answer, Customer, Shop
from tests.support.recommending import Lists


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    """Popular tents, helmets and bike parts, all in stock."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    tents, helmets = await lists.products("tents"), await lists.products("helmets")
    parts = await lists.products("bike_parts")
    await lists.popular(
        all=[tents[0], helmets[0], parts[0], tents[1], helmets[1], parts[1], tents[2], tents[3]],
        category_tents=tents[:6],
        category_helmets=helmets[:6],
        category_bike_parts=parts[:6],
    )
    return lists


async def advised(customer: Customer, text: str) -> Answer:
    """Ask for advice; where the action leaves it pending, Rasa's form asks."""
    answer = await customer.ask("action_recommend_product", text)
    return await going_on(customer, answer)


async def going_on(customer: Customer, answer: Answer) -> Answer:
    """What Rasa does after the action, or after a validation: ask, or give advice."""
    if customer.slots.get("pending_advice") is None:
        return answer
    customer.active_loop = "advice_form"
    is_ready = customer.slots.get("advice") is not None
    if is_ready:
        customer.active_loop = None
    return await customer.press("action_give_advice" if is_ready else "action_ask_advice", "")


async def replies(customer: Customer, text: str, intent: str = "recommend_product") -> Answer:
    said = await customer.ask("validate_advice_form", text, intent=intent)
    return await going_on(customer, said)


async def taps(customer: Customer, answer: Answer, title: str) -> Answer:
    [payload] = [button["payload"] for button in answer.buttons if button["title"] == title]
    return await going_on(customer, await customer.press("validate_advice_form", payload))


async def last_bought(shop: Shop) -> str:
    """A product of Sanne's last order."""
    found = await shop.customers.find_by_external_id(SANNE.external_id)
    assert found is not None
    [order] = await shop.orders.list_recent_orders(found.id, 1)
    bought = await shop.catalogue.find_products_of([line.sku for line in order.lines])
    return next(iter(bought.values()))


def cards(answer: Answer) -> list[dict[str, Any]]:
    return answer.cards


def button(answer: Answer, title: str, card: int | None = None) -> str:
    return next(
        each["payload"] for each in answer.buttons if each["title"] == title and each.get("card") == card
    )


def action_of(payload: str) -> str:
    return "action_" + payload[1:].partition("{")[0]


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "welke tent raad je aan?"), ("en", "which tent do you recommend?")]
)
async def test_words_that_name_a_kind_are_answered_at_once_with_cards(
    shop: Shop, lists: Lists, language: str, words: str
) -> None:
    customer = await shop.stranger(language)
    answer = await advised(customer, words)

    tents = set(await lists.products("tents"))
    assert answer.responses == ["utter_recommended"]
    assert len(cards(answer)) == 3
    assert {card["sku"] for card in cards(answer)} <= tents
    assert customer.slots.get("pending_advice") is None


async def test_the_text_says_everything_that_the_cards_show(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    answer = await advised(customer, "welke tent raad je aan?")

    for number, card in enumerate(cards(answer), start=1):
        assert f"{number}. **{card['name']}**" in answer.text
        assert card["reason"] in answer.text
        assert card["picture"] == f"/api/v1/products/{card['sku']}/picture.svg"
    titles = [each["title"] for each in answer.buttons if each.get("card") == 0]
    assert titles == ["Bekijk", "In mandje", "Niet interessant"]


async def test_a_customer_who_agreed_is_shown_what_fits_them_and_why(shop: Shop, lists: Lists) -> None:
    helmets, owned = await lists.products("helmets"), await last_bought(shop)
    await lists.agree(SANNE)
    await lists.personal(SANNE, helmets[:5], because=owned)
    customer = await shop.known(SANNE)
    answer = await advised(customer, "wat raad je me aan?")

    assert answer.responses == ["utter_recommended"]
    assert f"Past bij je {await lists.name(owned)}." in answer.text
    assert {name for name, _, _ in await lists.exposures()} == {"personal"}


async def test_without_consent_nothing_personal_is_shown_and_the_questions_are_asked(
    shop: Shop, lists: Lists
) -> None:
    helmets = await lists.products("helmets")
    await lists.agree(SANNE, agreed=False)
    await lists.personal(SANNE, helmets[:5])
    answer = await advised(await shop.known(SANNE), "wat raad je me aan?")

    assert answer.responses == ["utter_ask_use"]
    assert await lists.exposures() == []


TWO_QUESTIONS = {
    "nl": ("kun je me helpen kiezen", "Kamperen", "Tot €\xa0150,00", "€\xa0150,00"),
    "en": ("can you help me pick one", "Camping", "Up to €150.00", "€150.00"),
}


@pytest.mark.parametrize("language", TWO_QUESTIONS)
async def test_a_stranger_is_asked_two_questions_and_then_helped(
    shop: Shop, lists: Lists, language: str
) -> None:
    words, use, budget, amount = TWO_QUESTIONS[language]
    customer = await shop.stranger(language)
    first = await advised(customer, words)
    second = await taps(customer, first, use)
    answer = await taps(customer, second, budget)

    assert (first.responses, second.responses) == (["utter_ask_use"], ["utter_ask_budget"])
    assert answer.responses in (["utter_recommended"], ["utter_nothing_fits"])
    assert amount in answer.text
    assert all(card["price"]["minor"] <= 15_000 for card in cards(answer))
    assert customer.slots.get("advice_wish") is None


async def test_typed_answers_are_understood_and_not_minding_is_an_answer(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await advised(customer, "kun je me helpen kiezen")
    second = await replies(customer, "om te kamperen", "out_of_scope")
    answer = await replies(customer, "maakt niet uit", "deny")

    assert second.responses == ["utter_ask_budget"]
    assert answer.responses == ["utter_recommended"]
    assert {card["sku"] for card in cards(answer)} <= set(await lists.products("tents"))


@pytest.mark.parametrize(
    ("language", "words", "told"),
    [
        ("nl", "wat is populair op dit moment?", "Dit kiezen anderen nu vaak"),
        ("en", "what are your bestsellers?", "others often choose"),
    ],
)
async def test_who_asks_what_is_popular_is_shown_it_without_questions(
    shop: Shop, lists: Lists, language: str, words: str, told: str
) -> None:
    customer = await shop.stranger(language)
    answer = await advised(customer, words)

    assert answer.responses == ["utter_recommended"]
    assert told in answer.text
    assert len(cards(answer)) == 3


async def test_a_gift_is_asked_for_once_and_no_budget_after_it(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await advised(customer, "kun je me helpen kiezen")
    second = await taps(customer, first, "Het is een cadeau")
    answer = await taps(customer, second, "Kamperen")

    assert second.responses == ["utter_ask_use"]
    assert "Het is een cadeau" not in second.titles
    assert answer.responses == ["utter_recommended"]
    assert "blij" in answer.text


async def test_a_question_about_something_else_is_left_to_others(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await advised(customer, "kun je me helpen kiezen")
    await customer.ask(
        "validate_advice_form", "waar is mijn pakket gebleven sinds gisteren", intent="track_order"
    )

    assert customer.events == []


async def test_what_cannot_be_read_is_not_asked_again(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await advised(customer, "kun je me helpen kiezen")
    second = await replies(customer, "tja", "out_of_scope")

    assert second.responses == ["utter_ask_budget"]


async def test_what_goes_with_something_just_bought_is_shown(shop: Shop, lists: Lists) -> None:
    bikes, parts = await lists.products("bikes"), await lists.products("bike_parts")
    await lists.pairs(ListKind.COMPLEMENTARY, bikes[0], parts[:4])
    name = await lists.name(bikes[0])
    customer = await shop.stranger()
    answer = await customer.ask(
        "action_complementary_products", f"ik heb net de {name} gekocht, wat past erbij"
    )

    assert answer.responses == ["utter_goes_with"]
    assert f"Vaak samen gekocht met de {name}." in answer.text
    assert {name for name, _, _ in await lists.exposures()} == {"complementary"}


async def test_a_known_customer_hears_what_goes_with_their_last_order(shop: Shop, lists: Lists) -> None:
    customer = await shop.known(SANNE)
    await lists.pairs(ListKind.COMPLEMENTARY, await last_bought(shop), await lists.products("camp_kitchen"))
    answer = await customer.ask("action_complementary_products", "wat past erbij?")

    assert answer.responses == ["utter_goes_with"]
    assert cards(answer)


async def test_a_stranger_is_asked_what_it_should_go_with(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger("en")
    answer = await customer.ask("action_complementary_products", "any accessories?")

    assert answer.responses == ["utter_goes_with_which"]


async def test_alternatives_are_of_the_product_that_was_talked_about(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:5])
    customer = await shop.stranger()
    name = await lists.name(tents[0])
    await customer.ask("action_product_information", f"wat kost de {name}")
    answer = await customer.ask("action_alternative_products", "heb je iets dat erop lijkt?")

    assert answer.responses == ["utter_alternatives"]
    assert f"Lijkt op de {name}." in answer.text
    assert tents[0] not in {card["sku"] for card in cards(answer)}


@pytest.mark.parametrize(
    ("language", "words"), [("nl", "is de {} op voorraad"), ("en", "is the {} in stock")]
)
async def test_what_is_sold_out_is_followed_by_alternatives(
    shop: Shop, lists: Lists, language: str, words: str
) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:5])
    await lists.sell_out(tents[0])
    customer = await shop.stranger(language)
    answer = await customer.ask(
        "action_product_availability", words.format(await lists.name(tents[0], language))
    )

    assert answer.responses == ["utter_product_out_of_stock", "utter_alternatives_instead"]
    assert len(cards(answer)) == 3


async def test_an_angry_customer_gets_no_alternatives_unasked(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:5])
    await lists.sell_out(tents[0])
    customer = await shop.stranger()
    customer.emotion = {"label": "anger", "probabilities": {"anger": 0.95}, "model": "test", "known": True}
    answer = await customer.ask(
        "action_product_availability", f"is de {await lists.name(tents[0])} nu alweer uitverkocht"
    )

    assert answer.responses == ["utter_product_out_of_stock"]
    assert await lists.exposures() == []


async def test_the_next_ones_are_others_until_there_are_no_more(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    answer = await advised(customer, "welke tent raad je aan?")
    shown: list[str] = []
    said: list[str] = []
    while cards(answer):
        shown += [card["sku"] for card in cards(answer)]
        payload = button(answer, "Laat iets anders zien")
        answer = await customer.press(action_of(payload), payload)
        said += answer.responses

    tents = await lists.products("tents")
    assert sorted(shown) == sorted(tents)
    assert set(shown[:6]) == set(tents[:6])
    assert set(said[:-1]) == {"utter_something_else"}
    assert said[-1] == "utter_nothing_else"


async def test_what_is_not_interesting_is_never_shown_again(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await advised(customer, "welke tent raad je aan?")
    payload = button(first, "Niet interessant", 0)
    thanks = await customer.press(action_of(payload), payload)
    again = await advised(customer, "welke tent raad je aan?")

    assert thanks.responses == ["utter_not_interested"]
    assert "?" not in thanks.text
    assert cards(first)[0]["sku"] not in {card["sku"] for card in cards(again)}
    assert "dismissed" in await lists.outcomes()


async def test_a_card_leads_to_the_products_page_which_is_told_what_led_there(
    shop: Shop, lists: Lists
) -> None:
    customer = await shop.stranger()
    first = await advised(customer, "welke tent raad je aan?")
    links = [each.get("url") for each in first.buttons if each["title"] == "Bekijk"]

    assert links == [card["url"] for card in cards(first)]
    assert [card["url"] for card in cards(first)] == [
        f"/products/{card['sku']}?balie={card['key']}" for card in cards(first)
    ]


async def test_a_card_without_a_page_shows_its_product_and_counts_as_a_click(
    shop: Shop, lists: Lists
) -> None:
    await lists.without_pages()
    customer = await shop.stranger()
    first = await advised(customer, "welke tent raad je aan?")
    payload = button(first, "Bekijk", 0)
    shown = await customer.press(action_of(payload), payload)

    assert shown.responses == ["utter_product_facts"]
    assert cards(first)[0]["name"] in shown.text
    assert shown.titles[0] == "In mandje"
    assert await lists.outcomes() == ["click"]


async def test_a_card_goes_into_the_basket_and_what_lies_in_it_is_said(shop: Shop, lists: Lists) -> None:
    sku = await lists.without_variants("bike_parts")
    await lists.popular(category_bike_parts=[sku])
    customer = await shop.stranger()
    first = await advised(customer, "welke fietsonderdelen raad je aan?")
    payload = button(first, "In mandje", 0)
    done = await customer.press(action_of(payload), payload)
    again = await customer.run_again(action_of(payload), payload)

    assert done.responses == ["utter_place_order_done"]
    assert "1 artikel" in done.text
    assert "1 artikel" in again.text
    assert set(await lists.outcomes()) == {"click", "basket"}


async def test_a_card_of_something_with_sizes_asks_which_one(shop: Shop, lists: Lists) -> None:
    jackets = await lists.products("jackets")
    await lists.popular(category_jackets=jackets[:3])
    customer = await shop.known(NOOR)
    first = await advised(customer, "welke jas raad je aan?")
    payload = button(first, "In mandje", 0)
    await customer.press(action_of(payload), payload)

    assert customer.slots["pending_change"] == "place_order"
    customer.active_loop = "confirm_form"
    asked = await customer.press("action_ask_confirmation", "")
    assert asked.responses == ["utter_place_order_size"]


@pytest.mark.parametrize(
    "payload",
    [
        "/show_product",
        '/put_in_basket{"card": "x"}',
        '/something_else{"detail": "[1, 2]"}',
        "/not_interested",
    ],
)
async def test_a_button_that_means_nothing_does_no_harm(shop: Shop, lists: Lists, payload: str) -> None:
    customer = await shop.stranger()
    answer = await customer.press(action_of(payload), payload)

    assert answer.responses
    assert await lists.outcomes() == []


async def test_an_empty_shop_says_what_it_said_before(shop: Shop) -> None:
    customer = await shop.stranger()
    answer = await customer.ask("action_alternative_products", "iets als de Wobbelaar graag")

    assert answer.responses == ["utter_like_which"]
