"""What is heard of a wish at the counter: the kind of goods, for whom, what it should go with or be like."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from actions.advice_showing import Query
from balie.orders.demo.personas import SANNE
from balie.recommendations.kinds import ListKind
from tests.support.counter import Answer, Customer, Shop
from tests.support.recommending import Lists


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    """A shop in which everything is in stock; no list has been learned yet."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    return lists


async def asked(customer: Customer, text: str, task: str = "recommend_product") -> Answer:
    """Ask; where the action leaves it pending, Rasa's form begins, with the same message."""
    answer = await customer.ask(f"action_{task}", text)
    if customer.slots.get("pending_advice") is None:
        return answer
    customer.active_loop = "advice_form"
    await customer.repeat("validate_advice_form", text)
    assert customer.slots.get("advice") is None
    more = await customer.repeat("action_ask_advice", text)
    return Answer(answer.responses + more.responses, answer.texts + more.texts, answer.buttons + more.buttons)


async def replies(customer: Customer, text: str, intent: str = "out_of_scope") -> Answer | None:
    """Type an answer to the form; None when it leaves the message to others."""
    await customer.ask("validate_advice_form", text, intent=intent)
    if customer.slots.get("advice") is None:
        return None
    customer.active_loop = None
    return await customer.repeat("action_give_advice", text)


def names(answer: Answer) -> list[str]:
    return [card["name"] for card in answer.cards]


FOR_SOMEBODY = [
    ("nl", "ik zoek een goede regenjas voor mijn vrouw", "regenjas dames", "(regenjas voor dames)"),
    ("nl", "regenjas voor mijn man graag", "regenjas heren", "(regenjas voor heren)"),
    ("nl", "een regenjas voor mijn dochter van 8", "kinderregenjas", "(kinderregenjas)"),
    ("nl", "een regenjas voor mijn dochter van 19", "regenjas dames", "(regenjas voor dames)"),
    ("nl", "een fiets voor mijn zoon", "kinderfiets", "(kinderfiets)"),
    ("en", "a raincoat for my wife", "women's rain jacket", "(rain jacket for women)"),
    ("en", "a bike for my son", "kids' bike", "(bike for children)"),
    ("en", "walking boots for my dad", "men's hiking boots", "(hiking boots for men)"),
]


@pytest.mark.parametrize(("language", "text", "said_of"), [(a, b, (c, d)) for a, b, c, d in FOR_SOMEBODY])
async def test_goods_are_for_whom_they_are_sought(
    shop: Shop, lists: Lists, language: str, text: str, said_of: tuple[str, str]
) -> None:
    name, said = said_of
    answer = await asked(await shop.stranger(language), text)

    assert answer.responses == ["utter_recommended"]
    assert len(names(answer)) == 3
    assert all(each.endswith(name) for each in names(answer))
    assert said in answer.text.splitlines()[0]


OF_A_KIND = [
    ("nl", "welke koepeltent raad je aan", "koepeltent"),
    ("nl", "een gravelbike tot 5000 euro", "gravelbike"),
    ("nl", "heb je een hoofdlampje", "hoofdlamp"),
    ("nl", "warme slaapzak voor de winter", "slaapzak"),
    ("en", "a lightweight dome tent for two people", "dome tent"),
    ("en", "which head torch should i buy", "headlamp"),
    ("en", "trail running shoes", "trail running shoes"),
]


@pytest.mark.parametrize(("language", "text", "kind"), OF_A_KIND)
async def test_goods_are_of_the_kind_that_was_said(
    shop: Shop, lists: Lists, language: str, text: str, kind: str
) -> None:
    answer = await asked(await shop.stranger(language), text)

    assert len(names(answer)) == 3
    assert all(each.endswith(kind) for each in names(answer))


async def test_the_next_ones_are_of_the_same_kind_for_the_same_person(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await asked(customer, "een regenjas voor mijn vrouw")
    [payload] = [each["payload"] for each in first.buttons if each["title"] == "Laat iets anders zien"]
    second = await customer.press("action_something_else", payload)

    assert names(second)
    assert not set(names(first)) & set(names(second))
    assert all(name.endswith("regenjas dames") for name in names(second))


async def test_a_brand_that_is_said_counts(shop: Shop, lists: Lists) -> None:
    answer = await asked(await shop.stranger(), "een tent van Fjellvik")

    assert len(names(answer)) == 3
    assert all(name.startswith("Fjellvik") and name.endswith("tent") for name in names(answer))


async def test_what_costs_a_little_more_is_shown_and_that_it_does_is_said(shop: Shop, lists: Lists) -> None:
    answer = await asked(await shop.stranger(), "een regenjas voor mijn vrouw, tot 120 euro")
    far = await asked(await shop.stranger(), "een regenjas voor mijn vrouw, tot 20 euro")

    assert answer.responses == ["utter_recommended"]
    assert "Tot €\xa0120,00 kan ik je nu niets aanraden (regenjas voor dames)." in answer.text
    assert far.responses == ["utter_nothing_fits"]


async def test_the_next_ones_say_again_that_they_cost_more_than_was_wanted(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    first = await asked(customer, "een regenjas voor mijn vrouw, tot 120 euro")
    [payload] = [each["payload"] for each in first.buttons if each["title"] == "Laat iets anders zien"]
    query = Query.from_button(json.loads("{" + payload.partition("{")[2])["detail"])
    assert query is not None
    again = replace(query, shown=())
    customer = await shop.stranger()
    slots = json.dumps({"detail": again.as_button().slots["detail"]})
    second = await customer.press("action_something_else", f"/something_else{slots}")

    assert (query.own_budget, query.wish.budget) == (12_000, 15_000)
    assert second.responses == ["utter_something_else"]
    assert second.text.startswith("Let op: hier zit iets bij van meer dan €\xa0120,00.")
    assert all(12_000 < card["price"]["minor"] <= 15_000 for card in second.cards)


async def test_a_kind_that_there_is_not_for_somebody_is_not_claimed(shop: Shop, lists: Lists) -> None:
    answer = await asked(await shop.stranger(), "een zwembroek voor mijn vrouw")

    assert names(answer)
    assert not any("zwembroek" in name for name in names(answer))
    assert "zwembroek" not in answer.text


async def test_what_goes_with_a_kind_is_said_to_go_with_that_kind(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.COMPLEMENTARY, tents[0], (await lists.products("sleeping"))[:4])
    dutch = await asked(await shop.stranger(), "wat past er bij een tent?", "complementary_products")
    english = await asked(await shop.stranger("en"), "what goes with a tent?", "complementary_products")

    assert dutch.text.startswith("Bij dit soort artikelen (tent) nemen anderen vaak dit:")
    assert english.text.startswith("With products of this kind (tent), others often buy these:")
    assert names(dutch)


async def test_a_kind_that_is_asked_for_beside_another_is_shown(shop: Shop, lists: Lists) -> None:
    answer = await asked(await shop.stranger(), "welke tas past er op mijn fiets?", "complementary_products")

    assert answer.responses == ["utter_recommended"]
    assert all(name.endswith("fietstas") for name in names(answer))


async def test_of_a_kind_that_was_bought_last_that_one_is_meant(shop: Shop, lists: Lists) -> None:
    found = await shop.customers.find_by_external_id(SANNE.external_id)
    assert found is not None
    [order] = await shop.orders.list_recent_orders(found.id, 1)
    bought = next(iter((await shop.catalogue.find_products_of([line.sku for line in order.lines])).values()))
    await lists.pairs(ListKind.COMPLEMENTARY, bought, (await lists.products("camp_kitchen"))[:4])
    name = await lists.name(bought)
    kind = [word for word in name.split() if word not in {"dames", "heren"}][-1]
    customer = await shop.known(SANNE)
    answer = await asked(customer, f"wat past er bij een {kind}?", "complementary_products")

    assert answer.text.startswith(f"Bij de {name} nemen anderen vaak dit:")


TYPED = [
    ("alternative_products", "heb je iets anders dan dit?", "utter_like_which"),
    ("complementary_products", "heb je er iets bij?", "utter_goes_with_which"),
]


@pytest.mark.parametrize(("task", "text", "question"), TYPED)
async def test_the_kind_that_is_typed_answers_which_product_is_meant(
    shop: Shop, lists: Lists, task: str, text: str, question: str
) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.COMPLEMENTARY, tents[0], (await lists.products("sleeping"))[:4])
    customer = await shop.stranger()
    first = await asked(customer, text, task)
    answer = await replies(customer, "de koepeltent")

    assert first.responses == [question]
    assert answer is not None
    assert answer.responses in (["utter_recommended"], ["utter_goes_with"])
    assert "koepeltent" in answer.text
    assert customer.slots["pending_advice"] is None


async def test_the_product_that_is_typed_answers_what_it_should_be_like(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:5])
    customer = await shop.stranger()
    await asked(customer, "heb je iets anders dan dit?", "alternative_products")
    answer = await replies(customer, await lists.name(tents[0]), "product_information")

    assert answer is not None
    assert answer.responses == ["utter_alternatives"]


@pytest.mark.parametrize(("task", "text", "question"), TYPED)
async def test_something_else_leaves_the_question_open(
    shop: Shop, lists: Lists, task: str, text: str, question: str
) -> None:
    customer = await shop.stranger()
    await asked(customer, text, task)

    assert await replies(customer, "hoe laat gaan jullie morgen open in Utrecht", "opening_hours") is None
    assert await replies(customer, "laat maar", "stop_flow") is None
    assert customer.slots["pending_advice"] == task


async def test_what_is_not_sold_is_said_and_not_asked_again(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    await asked(customer, "heb je iets anders dan dit?", "alternative_products")
    answer = await replies(customer, "iets dat op de wobbelaar lijkt", "alternative_products")

    assert answer is not None
    assert answer.responses == ["utter_product_not_found"]
    assert customer.slots["pending_advice"] is None


@pytest.mark.parametrize(("task", "text"), [(task, text) for task, text, _ in TYPED])
@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("wat is de hoofdstad van Frankrijk?", "out_of_scope"),
        ("wat een waardeloze tent is dit, ik ben er helemaal klaar mee", "out_of_scope"),
        *(("klootzak", "out_of_scope"), ("ja", "affirm"), ("bedankt", "thank")),
    ],
)
async def test_what_names_nothing_of_ours_is_no_answer_to_which_product_is_meant(
    lists: Lists, shop: Shop, *, task: str, text: str, said: str, intent: str
) -> None:
    customer = await shop.known(SANNE)
    await asked(customer, text, task)
    # A product that was talked about in between is not named by that.
    customer.slots |= {
        "pending_advice": task,
        "asked": "which:in_full",
        "product_query": (await lists.products("tents"))[0],
    }
    customer.active_loop = "advice_form"

    assert await replies(customer, said, intent) is None
    assert customer.slots["pending_advice"] == task


@pytest.mark.parametrize(("task", "text"), [(task, text) for task, text, _ in TYPED])
async def test_a_no_leaves_the_question_which_product_is_meant(
    shop: Shop, lists: Lists, task: str, text: str
) -> None:
    customer = await shop.stranger()
    await asked(customer, text, task)
    await customer.ask("validate_advice_form", "nee", intent="deny")
    is_over = customer.slots["advice"]
    answer = await customer.ask("action_give_advice", "nee", intent="deny")

    assert is_over == "ready"
    assert answer.responses == ["utter_stop_flow"]
    assert customer.slots["pending_advice"] is None


async def test_a_button_in_the_form_answers_and_closes_it(shop: Shop, lists: Lists) -> None:
    tents = await lists.products("tents")
    await lists.pairs(ListKind.ALTERNATIVES, tents[0], tents[1:5])
    customer = await shop.stranger()
    await asked(customer, "heb je iets anders dan dit?", "alternative_products")
    payload = f'/alternative_products{{"product_query": "{tents[0]}"}}'
    heard = await customer.press("validate_advice_form", payload)
    answer = await customer.press("action_alternative_products", payload)

    assert heard.responses == []
    assert answer.responses == ["utter_alternatives"]
    assert customer.active_loop is None
