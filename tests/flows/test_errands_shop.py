"""The newsletter, news of stock, reviews, and pieces put aside in a store, at the counter."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from balie.catalogue.models import ProductRow, ProductVariantRow, StockRow, StoreRow
from balie.customers.models import ConsentRow
from balie.errands.models import CollectionRow, ReviewRow, StockAlertRow
from balie.orders.demo.personas import DAVID, EMMA, NOOR, SANNE, DemoCustomer
from balie.orders.models import ShipmentRow
from tests.flows.errand_table import letters_of
from tests.support.counter import Customer, Shop

JACKET = "Duinroos Haven regenjas dames"


async def set_stock(shop: Shop, sku: str, quantity: int, *, in_stores: bool) -> None:
    """So many of every variant of a product, online or in each store."""
    of_it = (
        select(ProductVariantRow.id)
        .join(ProductRow, ProductRow.id == ProductVariantRow.product_id)
        .where(ProductRow.sku == sku)
    )
    where = StockRow.store_id.is_not(None) if in_stores else StockRow.store_id.is_(None)
    async with shop.unit_of_work.write() as session:
        change = update(StockRow).where(StockRow.variant_id.in_(of_it), where).values(quantity=quantity)
        await session.execute(change.execution_options(synchronize_session=False))


async def subscribe(shop: Shop, persona: DemoCustomer, *, granted: bool) -> None:
    found = await shop.customers.find_by_external_id(persona.external_id)
    assert found is not None
    async with shop.unit_of_work.write() as session:
        session.add(
            ConsentRow(
                customer_id=found.id,
                purpose="newsletter",
                granted=granted,
                source="test",
                recorded_at=shop.services.clock(),
            )
        )


async def is_subscribed(shop: Shop, customer: Customer) -> bool:
    async with shop.unit_of_work.read() as session:
        query = select(ConsentRow.granted).where(
            ConsentRow.customer_id == customer.conversation.customer_id, ConsentRow.purpose == "newsletter"
        )
        granted = await session.scalars(query.order_by(ConsentRow.id.desc()).limit(1))
    return bool(granted.first())


@pytest.mark.parametrize(
    ("language", "question", "titles"),
    [
        ("nl", "hoe vaak sturen jullie zo'n nieuwsbrief", ["Aanmelden", "Afmelden"]),
        ("en", "How often does your newsletter come out?", ["Join", "Leave"]),
    ],
)
async def test_who_asks_about_the_newsletter_is_told_with_a_button_each_way(
    shop: Shop, language: str, question: str, titles: list[str]
) -> None:
    customer = await shop.known(SANNE, language)

    told = await customer.wants("newsletter_subscription", question)
    shown = await customer.chooses_order("newsletter_subscription", told.buttons[0]["payload"])

    assert told.responses == ["utter_newsletter_subscription"]
    assert told.titles[:2] == titles
    assert shown.responses == ["utter_confirm_newsletter_subscription"]


async def test_leaving_the_newsletter_counts_at_once(shop: Shop) -> None:
    await subscribe(shop, SANNE, granted=True)
    customer = await shop.known(SANNE)

    shown = await customer.wants("newsletter_subscription", "haal me van die mailinglijst!!")
    await customer.says("ja", "affirm")

    assert "afmelden" in shown.text
    assert "korting" not in shown.text
    assert not await is_subscribed(shop, customer)
    assert await letters_of(shop) == []


async def test_joining_the_newsletter_waits_for_the_link_in_the_mail(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("newsletter_subscription", "meld me aan voor de nieuwsbrief")

    done = await customer.says("ja", "affirm")

    assert not await is_subscribed(shop, customer)
    assert await letters_of(shop) == [("letter_newsletter_confirm", SANNE.email)]
    assert "zonder die klik gebeurt er niets" in done.text


@pytest.mark.parametrize(
    "correction", ["nee, aanmelden", "nee, de andere", "nee andersom", "no, the other one"]
)
async def test_leaving_may_be_corrected_to_joining(shop: Shop, correction: str) -> None:
    await subscribe(shop, SANNE, granted=True)
    customer = await shop.known(SANNE)
    shown = await customer.wants("newsletter_subscription", "meld me af voor de nieuwsbrief")

    again = await customer.says(correction, "deny")

    assert "afmelden" in shown.text
    assert again.responses == ["utter_newsletter_subscription_refused"]
    assert "al op de lijst" in again.text


@pytest.mark.parametrize(
    ("said", "intent", "shown"), [("leave", "stop_flow", "off"), ("join", "create_account", "sign you up")]
)
async def test_one_word_answers_even_when_it_could_mean_something_else(
    shop: Shop, said: str, intent: str, shown: str
) -> None:
    await subscribe(shop, SANNE, granted=said == "leave")
    customer = await shop.known(SANNE, "en")
    customer.slots.update(pending_change="newsletter_subscription", wish='{"order": ""}')
    customer.active_loop = "confirm_form"
    await customer.press("action_ask_confirmation", "")

    answer = await customer.says(said, intent)

    assert answer.responses == ["utter_confirm_newsletter_subscription"]
    assert shown in answer.text


@pytest.mark.parametrize(
    ("granted", "wish", "says"),
    [
        (True, "schrijf me in voor de nieuwsbrief", "al op de lijst"),
        (False, "schrijf me uit voor de nieuwsbrief", "niet op de lijst"),
    ],
)
async def test_what_is_so_already_is_said(shop: Shop, *, granted: bool, wish: str, says: str) -> None:
    await subscribe(shop, SANNE, granted=granted)
    customer = await shop.known(SANNE)

    refused = await customer.wants("newsletter_subscription", wish)

    assert refused.responses == ["utter_newsletter_subscription_refused"]
    assert says in refused.text
    assert customer.slots["pending_change"] is None


async def test_after_three_mails_about_the_newsletter_a_day_is_waited(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    for _ in range(3):
        await customer.wants("newsletter_subscription", "meld me aan voor de nieuwsbrief")
        await customer.says("ja", "affirm")

    refused = await customer.wants("newsletter_subscription", "meld me aan voor de nieuwsbrief")

    assert "morgen" in refused.text
    assert len(await letters_of(shop)) == 3


async def test_a_stranger_who_wants_to_leave_is_not_told_what_readers_get(shop: Shop) -> None:
    stranger = await shop.stranger()

    said = await stranger.wants("newsletter_subscription", "haal me van die mailinglijst")
    await stranger.enter_identify_form()
    await stranger.fill_in(SANNE.order_number)
    await stranger.fill_in(SANNE.email)
    refused = await stranger.repeat("action_ask_confirmation", "")

    assert said.responses == []
    assert stranger.slots["pending_task"] is None
    assert refused.responses == ["utter_newsletter_subscription_refused"]


async def test_an_alert_is_kept_for_the_variant_that_was_shown(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    shown = await customer.wants("back_in_stock_alert", f"mail me als de {JACKET} in XXL zwart er weer is")
    await customer.says("ja", "affirm")

    assert shown.responses == ["utter_confirm_back_in_stock_alert"]
    async with shop.unit_of_work.read() as session:
        query = select(ProductVariantRow).join(
            StockAlertRow, StockAlertRow.variant_id == ProductVariantRow.id
        )
        [variant] = await session.scalars(query)
    assert (variant.size, variant.colours["nl"]) == ("XXL", "zwart")


async def test_a_size_that_is_there_needs_no_waiting(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    refused = await customer.wants(
        "back_in_stock_alert", f"mail me als de {JACKET} in maat S rood er weer is"
    )

    assert refused.responses == ["utter_back_in_stock_alert_refused"]
    assert "maat S, rood is gewoon op voorraad" in refused.text
    assert refused.buttons[0]["payload"].startswith("/place_order")
    assert customer.slots["pending_change"] is None


async def test_a_product_that_is_there_in_everything_needs_no_waiting(shop: Shop) -> None:
    await set_stock(shop, "DD-10080", 5, in_stores=False)
    customer = await shop.known(SANNE)

    refused = await customer.wants("back_in_stock_alert", f"mail me als de {JACKET} er weer is")

    assert refused.responses == ["utter_back_in_stock_alert_refused"]
    assert f"{JACKET} is gewoon op voorraad" in refused.text


async def test_an_alert_that_is_kept_already_is_not_kept_twice(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    first = f"mail me als de {JACKET} in XXL zwart er weer is"
    await customer.wants("back_in_stock_alert", first)
    await customer.says("ja", "affirm")

    refused = await customer.wants("back_in_stock_alert", first)

    assert "had ik al genoteerd" in refused.text
    assert "2 mei 2027" in refused.text


async def test_what_is_sold_no_more_does_not_come_back(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("back_in_stock_alert", f"mail me als de {JACKET} in XXL er weer is")
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).where(ProductRow.sku == "DD-10080").values(active=False))

    refused = await customer.says("zwart")

    assert refused.responses == ["utter_back_in_stock_alert_refused"]
    assert "verkopen we niet meer" in refused.text


async def test_what_was_talked_about_before_is_meant(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    customer.slots["product_query"] = "DD-10080"

    asked = await customer.wants("back_in_stock_alert", "mail me als hij er weer is")

    assert asked.responses == ["utter_back_in_stock_alert_size"]
    assert JACKET in asked.text


async def test_who_asks_how_an_alert_works_may_begin_with_a_button(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    told = await customer.wants(
        "back_in_stock_alert", "blijft mijn aanmelding voor een uitverkocht product lang staan?"
    )
    asked = await customer.chooses_order("back_in_stock_alert", told.buttons[0]["payload"])
    unknown = await customer.says("een qwertyuiop")
    which = await customer.says("de Haven regenjas")
    size = await customer.says("die voor dames")

    assert told.titles[0] == "Stuur me bericht"
    assert asked.responses == ["utter_back_in_stock_alert_product"]
    assert unknown.responses[0] == "utter_product_not_found"
    assert which.titles[:2] == [JACKET, "Duinroos Haven regenjas heren"]
    assert size.responses == ["utter_back_in_stock_alert_size"]


async def test_what_the_first_sentence_says_of_size_and_colour_is_heard_once_the_product_is_clear(
    shop: Shop,
) -> None:
    customer = await shop.known(SANNE)

    which = await customer.wants(
        "back_in_stock_alert", "mail me als de Haven regenjas weer in XXL en zwart te koop is"
    )
    shown = await customer.taps(which, JACKET)

    assert which.responses == ["utter_back_in_stock_alert_product"]
    assert shown.responses == ["utter_confirm_back_in_stock_alert"]
    assert "maat XXL, zwart" in shown.text


async def test_a_yes_takes_the_only_one_that_is_offered(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("back_in_stock_alert", f"mail me als de {JACKET} in XXL er weer is")

    shown = await customer.says("ja", "affirm")

    assert "zwart" in shown.text
    assert shown.responses == ["utter_confirm_back_in_stock_alert"]


async def test_a_review_is_kept_and_a_second_one_replaces_it(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    for stars in ("5", "3"):
        await customer.wants("review", "review over de wandelschoenen")
        await customer.says(stars)
        await customer.says("Ze lopen als pantoffels")
        await customer.says("ja", "affirm")

    async with shop.unit_of_work.read() as session:
        [review] = await session.scalars(select(ReviewRow))
    assert (review.stars, review.text, review.published_at) == (3, "Ze lopen als pantoffels", None)


@pytest.mark.parametrize(
    ("said", "intent", "stars"),
    [
        ("4", "out_of_scope", 4),
        ("vier", "out_of_scope", 4),
        ("vier sterren", "review", 4),
        ("4 van de 5", "out_of_scope", 4),
        ("four out of five", "out_of_scope", 4),
        ("one star", "out_of_scope", 1),
        ("10", "out_of_scope", None),
        ("0", "out_of_scope", None),
        ("geen idee", "out_of_scope", None),
    ],
)
async def test_stars_are_read_and_what_is_none_is_asked_again(
    shop: Shop, said: str, intent: str, stars: int | None
) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("review", "review over de wandelschoenen")

    asked = await customer.says(said, intent)

    wish = json.loads(customer.slots["wish"])
    assert wish.get("stars") == (None if stars is None else str(stars))
    assert asked.responses == ["utter_review_stars" if stars is None else "utter_review_story"]


@pytest.mark.parametrize(
    ("said", "intent", "told"),
    [
        ("nee", "deny", False),
        ("zonder tekst", "repeat_answer", False),
        ("laat leeg", "stop_flow", False),
        ("no text", "out_of_scope", False),
        ("Niets op aan te merken, ze zitten heerlijk en blijven droog.", "out_of_scope", True),
        ("top schoenen", "out_of_scope", True),
    ],
)
async def test_a_review_may_be_of_stars_alone(shop: Shop, said: str, intent: str, *, told: bool) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("review", "4 sterren voor de wandelschoenen")

    shown = await customer.says(said, intent)
    await customer.says("ja", "affirm")

    assert ("met wat je schreef" in shown.text) is told
    async with shop.unit_of_work.read() as session:
        [review] = await session.scalars(select(ReviewRow))
    assert (review.stars, review.text) == (4, said if told else None)


async def test_a_review_may_be_corrected_before_the_yes(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    await customer.wants("review", "4 sterren voor de wandelschoenen")
    await customer.says("zonder tekst")

    stars = await customer.says("nee, 2 sterren", "deny")
    product = await customer.says("nee, voor de regenjas", "deny")

    assert "**2 sterren**" in stars.text
    assert "regenjas" in product.text


async def test_the_product_of_a_review_may_be_pressed(shop: Shop) -> None:
    customer = await shop.known(NOOR, "en")

    asked = await customer.wants("review", "write a review")
    stars = await customer.taps(asked, asked.titles[0])

    assert asked.responses == ["utter_review_bought"]
    assert stars.responses == ["utter_review_stars"]
    assert stars.titles == ["5 stars", "4 stars", "3 stars", "2 stars", "1 star"]


async def test_the_same_review_again_changes_nothing(shop: Shop) -> None:
    customer = await shop.known(NOOR)
    for _ in range(2):
        await customer.wants("review", "4 sterren voor de wandelschoenen")
        shown = await customer.says("zonder tekst")
        if shown.responses == ["utter_confirm_review"]:
            await customer.says("ja", "affirm")

    assert shown.responses == ["utter_review_refused"]
    assert "al ingestuurd" in shown.text


async def test_who_received_nothing_can_review_nothing(shop: Shop) -> None:
    customer = await shop.known(DAVID)
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ShipmentRow).values(delivered_at=None))

    refused = await customer.wants("review", "ik wil een review schrijven")

    assert refused.responses == ["utter_review_refused"]
    assert "zie ik in je bestellingen niet terug" in refused.text


async def test_a_stranger_who_named_what_they_bought_is_not_asked_again(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.wants("review", "5 sterren voor mijn wandelschoenen")
    await stranger.enter_identify_form()
    await stranger.fill_in(NOOR.order_number)
    await stranger.fill_in(NOOR.email)

    asked = await stranger.repeat("action_ask_confirmation", "")

    assert asked.responses == ["utter_review_story"]
    assert {"bought", "stars"} <= set(json.loads(stranger.slots["wish"]))


async def test_a_piece_is_put_aside_and_gone_from_the_shelf(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    first = f"leg de {JACKET} in maat M zwart voor me klaar in Utrecht"

    shown = await customer.wants("click_and_collect", first)
    done = await customer.says("ja", "affirm")

    assert shown.responses == ["utter_confirm_click_and_collect"]
    assert "dinsdag 3 november, 13.00 uur" in shown.text
    async with shop.unit_of_work.read() as session:
        [collection] = await session.scalars(select(CollectionRow))
    assert f"**{collection.number}**" in done.text
    assert await letters_of(shop) == [("letter_collection", SANNE.email)]


async def test_the_stores_near_home_come_first(shop: Shop) -> None:
    customer = await shop.known(SANNE)

    asked = await customer.wants("click_and_collect", f"ik wil de {JACKET} afhalen, maat M zwart")

    assert asked.responses == ["utter_click_and_collect_store"]
    assert asked.titles[:2] == ["Amersfoort", "Utrecht"]


async def test_a_store_is_found_by_town_or_postcode_and_what_is_none_is_explained(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("click_and_collect", f"ik wil de {JACKET} afhalen, maat M zwart")

    unknown = await customer.says("bij de kerk")
    shown = await customer.says("1054 HS")
    corrected = await customer.says("nee, doe toch maar Zwolle", "deny")

    assert unknown.responses[0] == "utter_store_unreadable"
    assert "Duin & Dal Amsterdam" in shown.text
    assert "Duin & Dal Zwolle" in corrected.text


async def test_a_store_that_has_none_names_those_that_do(shop: Shop) -> None:
    customer = await shop.known(EMMA, "en")

    refused = await customer.wants(
        "click_and_collect", "collect the Duinroos Haven rain trousers size M in Utrecht"
    )
    shown = await customer.taps(refused, "Amsterdam")

    assert refused.responses == ["utter_click_and_collect_refused"]
    assert refused.titles == ["Amersfoort", "Amsterdam", "Haarlem"]
    assert "**Duin & Dal Amsterdam**" in shown.text


async def test_what_no_store_has_leads_to_an_alert_for_the_same_product(shop: Shop) -> None:
    await set_stock(shop, "DD-10080", 0, in_stores=True)
    customer = await shop.known(SANNE)

    refused = await customer.wants("click_and_collect", f"de {JACKET} maat XXL zwart afhalen in Utrecht")
    asked = await customer.chooses_order("back_in_stock_alert", refused.buttons[0]["payload"])

    assert "in geen enkele winkel" in refused.text
    assert customer.slots["pending_change"] == "back_in_stock_alert"
    assert JACKET in asked.text


async def test_five_pieces_aside_are_enough(shop: Shop) -> None:
    await set_stock(shop, "DD-10080", 9, in_stores=True)
    customer = await shop.known(SANNE)
    first = f"leg de {JACKET} in maat M zwart klaar in Utrecht"
    for _ in range(5):
        await customer.wants("click_and_collect", first)
        await customer.says("ja", "affirm")

    refused = await customer.wants("click_and_collect", first)

    assert refused.responses == ["utter_click_and_collect_refused"]
    assert "al 5 artikelen" in refused.text


async def test_a_store_that_hands_nothing_out_is_asked_again(shop: Shop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(update(StoreRow).where(StoreRow.code == "utrecht").values(services=[]))
    customer = await shop.known(SANNE)

    refused = await customer.wants("click_and_collect", f"de {JACKET} maat M zwart afhalen in Utrecht")
    shown = await customer.says("dan in Amersfoort")

    assert refused.responses == ["utter_click_and_collect_refused"]
    assert "Utrecht" not in refused.titles
    assert "**Duin & Dal Amersfoort**" in shown.text


async def test_what_is_sold_no_more_is_not_put_aside(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    await customer.wants("click_and_collect", f"de {JACKET} maat M zwart afhalen")
    async with shop.unit_of_work.write() as session:
        await session.execute(update(ProductRow).where(ProductRow.sku == "DD-10080").values(active=False))

    refused = await customer.says("Utrecht")

    assert refused.responses == ["utter_click_and_collect_refused"]
    assert "verkopen we niet meer" in refused.text


@pytest.mark.parametrize(
    "question",
    ["hoe lang houden jullie het vast in het filiaal", "kan ik online bestellen en in de winkel afhalen?"],
)
async def test_who_asks_how_collecting_works_is_told(shop: Shop, question: str) -> None:
    customer = await shop.known(SANNE)

    told = await customer.wants("click_and_collect", question)

    assert told.responses == ["utter_click_and_collect"]
    assert told.titles[0] == "Laat iets apart leggen"
