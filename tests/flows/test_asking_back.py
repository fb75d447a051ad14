"""What was not understood but names goods, at the counter: answered where it is plain, else asked back."""

from __future__ import annotations

import json

import pytest

from balie.assistant.personal_facts import PersonalFacts
from balie.assistant.speech import Speaker
from tests.support.content import real_renderer
from tests.support.counter import Answer, Customer, Shop
from tests.support.recommending import Lists


@pytest.fixture
async def lists(shop: Shop) -> Lists:
    """A shop in which everything is in stock; no list has been learned yet."""
    lists = Lists(shop.unit_of_work)
    await lists.stock_up()
    return lists


async def not_understood(customer: Customer, text: str) -> Answer:
    return await customer.ask("action_out_of_scope", text)


async def tent(lists: Lists, language: str = "nl") -> tuple[str, str]:
    """A tent: its number and its name."""
    sku = (await lists.products("tents"))[0]
    return sku, await lists.name(sku, language)


def payload_of(answer: Answer, title: str) -> str:
    [payload] = [button["payload"] for button in answer.buttons if button["title"] == title]
    return str(payload)


def angry(customer: Customer) -> Customer:
    customer.emotion = {"label": "anger", "probabilities": {"anger": 0.95}, "model": "test", "known": True}
    return customer


@pytest.mark.parametrize(
    ("language", "question"), [("nl", "is de {} op voorraad?"), ("en", "is the {} in stock?")]
)
async def test_whether_a_product_is_in_stock_is_told_at_once(
    shop: Shop, lists: Lists, language: str, question: str
) -> None:
    sku, name = await tent(lists, language)
    customer = await shop.stranger(language)
    answer = await not_understood(customer, question.format(name))

    assert answer.responses == ["utter_product_in_stock"]
    assert name in answer.text
    assert customer.slots["product_query"] == sku


async def test_which_of_a_kind_is_in_stock_is_asked_as_always(shop: Shop, lists: Lists) -> None:
    answer = await not_understood(await shop.stranger(), "zijn er koepeltenten op voorraad?")

    assert answer.responses == ["utter_which_product"]
    assert all(title.endswith("koepeltent") for title in answer.titles)


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("nl", "welke koepeltent tot 600 euro raad je aan?", "koepeltent"),
        ("en", "which dome tent should I buy", "dome tent"),
    ],
)
async def test_advice_about_a_kind_is_given_at_once(
    shop: Shop, lists: Lists, language: str, question: str, kind: str
) -> None:
    answer = await not_understood(await shop.stranger(language), question)

    assert answer.responses == ["utter_recommended"]
    assert all(card["name"].endswith(kind) for card in answer.cards)


async def test_a_budget_that_is_said_with_it_counts(shop: Shop, lists: Lists) -> None:
    answer = await not_understood(await shop.stranger(), "welke rugzak tot 100 euro raad je aan?")

    assert answer.cards
    assert all(card["price"]["minor"] <= 10_000 for card in answer.cards)


async def test_advice_about_a_whole_category_is_given_by_its_name(shop: Shop, lists: Lists) -> None:
    answer = await not_understood(await shop.stranger("en"), "which sports nutrition do you recommend?")

    assert answer.responses == ["utter_recommended"]
    assert {card["sku"] for card in answer.cards} <= set(await lists.products("nutrition"))


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("nl", "kun je mijn tent opzetten", "Gaat het over iets uit onze winkel (**tent**)?"),
        ("en", "how do I wash a tent", "Is this about something from our shop (**tent**)?"),
        (
            "nl",
            "ik zou deze koepeltent niemand aanraden",
            "Gaat het over iets uit onze winkel (**koepeltent**)?",
        ),
        ("nl", "sportvoeding voor de marathon?", "Gaat het over iets uit **sportvoeding**?"),
    ],
)
async def test_a_kind_that_is_only_named_is_asked_about_and_nothing_is_sold(
    shop: Shop, lists: Lists, language: str, text: str, said: str
) -> None:
    answer = await not_understood(await shop.stranger(language), text)

    assert answer.responses == ["utter_about_kind"]
    assert answer.text.startswith(said)
    assert answer.cards == []
    assert len(answer.buttons) == 2


async def test_help_to_choose_keeps_what_was_said(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger()
    asked = await not_understood(customer, "is een regenjas voor mijn vrouw tot 300 euro iets")
    answer = await customer.press("action_recommend_product", payload_of(asked, "Help me kiezen"))

    assert answer.responses == ["utter_recommended"]
    assert answer.text.startswith("Deze zou ik bekijken (regenjas voor dames, tot €\xa0300,00)")
    assert all(card["price"]["minor"] <= 30_000 for card in answer.cards)


async def test_the_button_carries_no_sentence(shop: Shop, lists: Lists) -> None:
    asked = await not_understood(await shop.stranger(), "ik heet Sanne en mijn tent tot 300 euro rammelt")
    _, _, slots = payload_of(asked, "Help me kiezen").partition("{")

    assert json.loads(json.loads("{" + slots)["detail"]) == {
        "categories": ["tents"],
        "words": ["tent"],
        "budget": 30_000,
    }


async def test_whether_one_of_the_kind_is_in_stock_can_be_asked(shop: Shop, lists: Lists) -> None:
    customer = await shop.stranger("en")
    asked = await not_understood(customer, "how do I wash a dome tent")
    answer = await customer.press("action_product_availability", payload_of(asked, "Is one in stock?"))

    assert answer.responses == ["utter_which_product"]
    assert all(title.endswith("dome tent") for title in answer.titles)


@pytest.mark.parametrize(
    ("language", "text"),
    [("nl", "hoe zwaar valt de {} te dragen"), ("en", "would you recommend the {}?")],
)
async def test_a_product_that_is_named_in_full_is_asked_about(
    shop: Shop, lists: Lists, language: str, text: str
) -> None:
    sku, name = await tent(lists, language)
    customer = await shop.stranger(language)
    answer = await not_understood(customer, text.format(name))

    assert answer.responses == ["utter_about_product"]
    assert f"**{name}**" in answer.text
    assert answer.cards == []
    about = f'{{"product_query": "{sku}"}}'
    assert [button["payload"] for button in answer.buttons] == [
        f"/product_information{about}",
        f"/product_availability{about}",
        f"/alternative_products{about}",
        f"/complementary_products{about}",
    ]
    assert customer.slots["product_query"] == sku


async def test_its_buttons_answer_about_that_product(shop: Shop, lists: Lists) -> None:
    _, name = await tent(lists)
    customer = await shop.stranger()
    asked = await not_understood(customer, f"wat moet ik met de {name}")
    told = await customer.press("action_product_information", payload_of(asked, "Vertel er meer over"))
    stock = await customer.press("action_product_availability", payload_of(asked, "Is het op voorraad?"))

    assert told.responses == ["utter_product_facts"]
    assert stock.responses == ["utter_product_in_stock"]
    assert name in told.text
    assert name in stock.text


async def test_a_product_that_is_named_in_full_is_asked_about_whatever_is_said_with_it(
    shop: Shop, lists: Lists
) -> None:
    _, name = await tent(lists)
    answer = await not_understood(await shop.stranger(), f"kan ik de {name} huren")

    assert answer.responses == ["utter_about_product"]


async def test_a_product_can_be_named_by_its_number(shop: Shop, lists: Lists) -> None:
    sku, name = await tent(lists)
    answer = await not_understood(await shop.stranger(), f"{sku} graag uitleggen")

    assert answer.responses == ["utter_about_product"]
    assert name in answer.text


async def test_an_angry_customer_is_not_asked_about_goods_and_offered_nothing(
    shop: Shop, lists: Lists
) -> None:
    facts = PersonalFacts(shop.conversations, shop.customers, shop.orders)
    shop.speaker = Speaker(real_renderer(), facts, shop.manners)
    kind = await not_understood(angry(await shop.stranger()), "welke waardeloze koepeltent raad je aan?!")
    only_named = await not_understood(angry(await shop.stranger()), "die tent lekt, ik wil naar huis")
    _, name = await tent(lists)
    product = await not_understood(angry(await shop.stranger()), f"wat een rommel, die {name}!")

    for answer in (kind, only_named, product):
        assert (answer.responses, answer.cards) == (["utter_out_of_scope"], [])
        assert not any(each["payload"].startswith("/recommend_product") for each in answer.buttons)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(("nl", "klootzak"), ("nl", "wat een waardeloze zak ben je"), ("nl", "stik de moord in je tent")),
        *(("nl", "jullie tent is waardeloos"), ("nl", "wat ben jij een muts"), ("nl", "ik kan niet slapen")),
        *(("nl", "de prijzen klimmen de pan uit"), ("nl", "wat een zak"), ("en", "what a load of pants")),
        ("en", "my husband went swimming and drowned"),
    ],
)
async def test_insults_and_cries_are_not_answered_with_a_question_about_goods(
    shop: Shop, lists: Lists, language: str, text: str
) -> None:
    answer = await not_understood(await shop.stranger(language), text)

    assert answer.responses == ["utter_out_of_scope"]


@pytest.mark.parametrize("text", ["welke tas raad je aan?", "wat raden jullie aan om mee te slapen"])
async def test_where_advice_is_asked_short_words_and_what_people_do_name_goods(
    shop: Shop, lists: Lists, text: str
) -> None:
    answer = await not_understood(await shop.stranger(), text)

    assert answer.responses == ["utter_recommended"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "ik zoek een tent voor op het fietspad, wat raad je aan"),
        ("en", "I need a tent for a job at a festival, what do you recommend"),
    ],
)
async def test_advice_that_is_asked_with_something_else_is_asked_back_about(
    shop: Shop, lists: Lists, language: str, text: str
) -> None:
    answer = await not_understood(await shop.stranger(language), text)

    assert answer.responses == ["utter_about_kind"]


@pytest.mark.parametrize(
    "text",
    [
        *("wat wordt het weer morgen in utrecht", "welke laptop raad je aan voor school", "blub"),
        *("is de ps5 nog op voorraad bij mediamarkt", "vertel eens een mop", "who won the elections"),
        *("mijn fiets is gestolen, hoe doe ik aangifte", "welke fietsroute raad je aan voor mijn fiets"),
    ],
)
async def test_what_asks_for_nothing_of_ours_is_refused_as_ever(shop: Shop, lists: Lists, text: str) -> None:
    answer = await not_understood(await shop.stranger(), text)

    assert answer.responses == ["utter_out_of_scope"]
    intents = [button["payload"] for button in answer.buttons]
    assert intents == ["/ask_capabilities", "/contact_customer_service"]


@pytest.mark.parametrize("form", ["confirm_form", "identify_form"])
async def test_while_a_form_asks_something_goods_that_are_named_may_be_its_answer(
    shop: Shop, lists: Lists, form: str
) -> None:
    customer = await shop.stranger()
    customer.active_loop = form
    answer = await not_understood(customer, "die tent is op voorraad gemaakt")

    assert answer.responses == ["utter_out_of_scope"]
    assert customer.events == []


async def test_while_it_is_asked_what_it_is_for_another_question_for_advice_is_answered(
    shop: Shop, lists: Lists
) -> None:
    customer = await shop.stranger()
    customer.active_loop = "advice_form"
    customer.slots |= {"pending_advice": "recommend_product", "requested_slot": "advice"}
    answer = await not_understood(customer, "welke koepeltent raad je aan?")

    assert answer.responses == ["utter_recommended"]
    assert customer.active_loop is None
    assert customer.slots["pending_advice"] is None
