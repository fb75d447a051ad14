"""Product cards from the assistant's answer to a customer's browser, and the pictures on them."""

from __future__ import annotations

import re

import pytest

from balie.assistant.port import AssistantAnswer, AssistantButton, AssistantReply, AssistantTurn
from balie.catalogue.models import CategoryRow, ProductRow
from balie.catalogue.pictures import ICONS, draw_picture
from balie.channels.telegram.keyboards import keyboard_of, links_in_words
from balie.conversations.cards import ProductCard
from balie.conversations.views import VisibleButton
from balie.gateway.schemas import MessageList
from balie.kernel.money import Money
from tests.support.gateway import Balie

CARDS = tuple(
    ProductCard(
        sku=sku,
        name=f"Tent {sku}",
        price=Money(19995),
        reason="Veel gekozen in deze soort.",
        key=f"key-{sku}",
        picture=f"/api/v1/products/{sku}/picture.svg",
    )
    for sku in ("DD-1", "DD-2")
)
BUTTONS = (
    AssistantButton("Bekijk", '/show_product{"card": "key-DD-1:DD-1"}', card=0),
    AssistantButton("Bekijk", url="https://shop.example/dd-2", card=1),
    AssistantButton("Laat iets anders zien", "/something_else"),
)


def shows_cards(_: AssistantTurn) -> AssistantAnswer:
    reply = AssistantReply("Kijk:\n\n1. …\n2. …", BUTTONS, "utter_recommended", "nl", cards=CARDS)
    return AssistantAnswer((reply,), "nl")


async def test_cards_reach_the_browser_as_they_were_said_and_stay(balie: Balie) -> None:
    balie.assistant.behaviour = shows_cards
    customer = await balie.open(language="nl")
    await customer.say("welke tent raad je aan?")
    await balie.turns.wait_until_idle()
    page = await customer.read()
    MessageList.model_validate(page)
    asked, said = page["messages"]

    assert asked["cards"] == []
    assert said["cards"] == [card.as_document() for card in CARDS]
    assert [button.get("card") for button in said["buttons"]] == [0, 1, None]
    assert "key-DD-1:DD-1" not in str(said["buttons"])


async def test_a_button_of_a_card_means_what_it_meant(balie: Balie) -> None:
    balie.assistant.behaviour = shows_cards
    customer = await balie.open(language="nl")
    await customer.say("welke tent raad je aan?")
    await balie.turns.wait_until_idle()
    pressed = (await customer.read())["messages"][1]["buttons"][0]["id"]
    await customer.send(button_id=pressed)
    await balie.turns.wait_until_idle()

    assert balie.assistant.asked[1][1].payload == '/show_product{"card": "key-DD-1:DD-1"}'


async def test_a_product_has_a_drawing_that_anybody_may_keep(balie: Balie) -> None:
    async with balie.unit_of_work.write() as session:
        session.add(CategoryRow(code="tents", names={"nl": "tenten"}, search_words={}))
        await session.flush()
        tent = {"category": "tents", "brand": "Fjellvik", "names": {"nl": "Tent"}, "descriptions": {}}
        sold = {"facts": {}, "delivery_kind": "parcel", "active": True, "updated_at": balie.clock()}
        session.add(ProductRow(sku="DD-10001", **tent, **sold))
    drawn = await balie.http.get("/api/v1/products/DD-10001/picture.svg")

    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert "max-age" in drawn.headers["Cache-Control"]
    assert drawn.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "DD-10001" not in drawn.text


@pytest.mark.parametrize("sku", ["nothing", "%00", "a'--", "x" * 200])
async def test_there_is_no_drawing_of_what_is_not_sold(balie: Balie, sku: str) -> None:
    assert (await balie.http.get(f"/api/v1/products/{sku}/picture.svg")).status_code in {404, 422}


@pytest.mark.parametrize("category", [*ICONS, "something_else"])
def test_every_drawing_is_sound_and_the_same_each_time(category: str) -> None:
    drawing = draw_picture(category, "DD-1", {})

    assert re.fullmatch(r"<svg [^<>]+>(<\w+ [^<>]+/>)+</svg>", drawing)
    assert drawing == draw_picture(category, "DD-1", {})
    assert len({draw_picture(category, f"DD-{number}", {}) for number in range(50)}) > 5


def test_where_cards_are_lines_of_a_text_buttons_say_their_number() -> None:
    buttons = [
        VisibleButton("Bekijk", id="a", card=0),
        VisibleButton("Bekijk", url="https://shop.example/2", card=1),
        VisibleButton("Bekijk", url="http://shop.example/3", card=2),
        VisibleButton("Laat iets anders zien", id="b"),
    ]
    keyboard = keyboard_of(buttons)
    assert keyboard is not None

    titles = [button.text for row in keyboard.inline_keyboard for button in row]
    assert titles == ["1 · Bekijk", "2 · Bekijk", "Laat iets anders zien"]
    assert links_in_words(buttons) == "3 · Bekijk: http://shop.example/3"
