"""Products: in stock or not, where, and what there is to know about them."""

from __future__ import annotations

from actions.availability import choose_reply
from actions.products import meant
from balie.catalogue.views import ProductHit, StockView, StoreStockView, StoreView
from balie.kernel.money import Money
from balie.orders.demo.personas import JAMES, SANNE
from tests.support.counter import Shop

AVAILABLE = "action_product_availability"
TELL = "action_product_information"


async def name_of_a(shop: Shop, kind: str, language: str = "nl") -> str:
    hits = await shop.catalogue.search_products(kind, language, 1)
    return hits[0].name


async def test_a_kind_of_product_is_narrowed_down_with_at_most_three_buttons(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask(AVAILABLE, "hebben jullie nog regenjassen")

    assert answer.responses == ["utter_which_product"]
    assert len(answer.buttons) == 3
    assert all("regenjas" in title for title in answer.titles)


async def test_pressing_a_product_asks_the_same_question_about_it(shop: Shop) -> None:
    stranger = await shop.stranger()
    which = await stranger.ask(AVAILABLE, "hebben jullie regenjassen maat M in utrecht")

    answer = await stranger.press(AVAILABLE, which.buttons[0]["payload"])

    assert which.titles[0] in answer.text
    assert "maat M" in answer.text
    assert "Duin & Dal Utrecht" in answer.text
    assert stranger.slots["product_query"].startswith("DD-")


async def test_a_follow_up_is_about_the_same_product(shop: Shop) -> None:
    stranger = await shop.stranger()
    name = await name_of_a(shop, "regenjas dames")
    await stranger.ask(AVAILABLE, f"is de {name} er nog")

    answer = await stranger.ask(AVAILABLE, "en in maat XXXL?")

    assert answer.responses == ["utter_product_not_made"]
    assert name in answer.text
    assert "XS, S, M" in answer.text


async def test_a_colour_that_is_not_made_is_said_to_be_so(shop: Shop) -> None:
    stranger = await shop.stranger()
    name = await name_of_a(shop, "regenjas dames")

    answer = await stranger.ask(AVAILABLE, f"is de {name} er in het roze")

    assert answer.responses == ["utter_product_not_made"]
    assert "niet in roze" in answer.text


async def test_a_known_customer_hears_of_the_store_near_home(shop: Shop) -> None:
    customer = await shop.known(SANNE)
    name = await name_of_a(shop, "slaapmat")

    answer = await customer.ask(AVAILABLE, f"is de {name} op voorraad")

    assert "Duin & Dal Amersfoort" in answer.text
    assert "place" not in customer.slots


async def test_whoever_names_no_place_is_offered_a_look_nearby(shop: Shop) -> None:
    stranger = await shop.stranger("en")
    name = await name_of_a(shop, "sleeping mat", "en")

    answer = await stranger.ask(AVAILABLE, f"is the {name} in stock")

    assert answer.responses[0] in {"utter_product_in_stock", "utter_product_only_in_stores"}
    assert "Give me your town or postcode" in answer.text or "does have it" in answer.text


async def test_what_is_not_sold_is_not_made_up(shop: Shop) -> None:
    stranger = await shop.stranger("en")

    answer = await stranger.ask(TELL, "do you sell lawnmowers")

    assert answer.responses == ["utter_product_not_found"]


async def test_the_facts_of_a_product_are_told_in_the_customers_language(shop: Shop) -> None:
    stranger = await shop.stranger("en")
    name = await name_of_a(shop, "dome tent", "en")

    answer = await stranger.ask(TELL, f"what does the {name} weigh")

    assert answer.responses == ["utter_product_facts"]
    assert "€" in answer.text
    assert "- weight:" in answer.text
    assert answer.buttons[0]["payload"].startswith('/product_availability{"product_query": "DD-')


async def test_a_customer_abroad_has_no_store_nearby(shop: Shop) -> None:
    customer = await shop.known(JAMES, "en")

    answer = await customer.ask(AVAILABLE, f"is the {await name_of_a(shop, 'sleeping mat', 'en')} in stock")

    assert " km" not in answer.text


def hit(sku: str, score: float) -> ProductHit:
    return ProductHit(sku, sku, "merk", "tenten", Money(100), score)


def test_the_find_that_stands_out_is_meant() -> None:
    assert [found.sku for found in meant([hit("a", 0.9), hit("b", 0.8)])] == ["a"]


def test_finds_that_are_equally_likely_are_all_meant() -> None:
    assert [found.sku for found in meant([hit("a", 0.9), hit("b", 0.89), hit("c", 0.7)])] == ["a", "b"]


def test_a_weak_find_is_never_taken_for_certain() -> None:
    assert len(meant([hit("a", 0.5), hit("b", 0.4)])) == 2


def stock(*, online: int, in_store: int, made: bool = True) -> StockView:
    store = StoreView("u", "Utrecht", "s", "1", "3511AA", "Utrecht", "NL", "1", 52.0, 5.0, (), {})
    variants: tuple[object, ...] = (object(),) if made else ()
    return StockView(
        "DD-1",
        "Tent",
        variants,
        (),
        (),
        online,
        None,
        (StoreStockView(store, in_store, None),),  # type: ignore[arg-type]
    )


def test_the_reply_follows_from_where_there_is_stock() -> None:
    assert choose_reply(stock(online=1, in_store=0)) == "utter_product_in_stock"
    assert choose_reply(stock(online=0, in_store=1)) == "utter_product_only_in_stores"
    assert choose_reply(stock(online=0, in_store=0)) == "utter_product_out_of_stock"
    assert choose_reply(stock(online=0, in_store=0, made=False)) == "utter_product_not_made"
