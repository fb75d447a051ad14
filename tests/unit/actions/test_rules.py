"""The pure rules behind the actions: which reply, which size and colour, what travels through Rasa."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from rasa_sdk.interfaces import Tracker

from actions.answers import as_json
from actions.order_facts import REPLY, choose_reply, in_every_language
from actions.product_words import find_colour, find_size
from actions.reading import OrderMention, conversation_id_of, message_id_of, order_mention, typed_text
from actions.whereabouts import tell_distance
from balie.kernel.money import Money
from balie.orders.kinds import DeliveryMethod, ShipmentEventKind
from balie.orders.status import OrderStatus
from balie.orders.views import DeliveryEventView, DeliveryView, ParcelView
from tests.support.content import real_renderer


def delivery(
    status: OrderStatus, *, late_by: int = 0, latest: ShipmentEventKind | None = None
) -> DeliveryView:
    moment, day = datetime(2026, 11, 2, tzinfo=UTC), date(2026, 11, 2)
    events = (DeliveryEventView(latest, moment, None),) if latest else ()
    parcel = ParcelView("PostNL", "3S1", None, day, day, None, None, events)
    return DeliveryView(
        "DD1", status, DeliveryMethod.STANDARD, day, day, None, late_by, None, "Ede", (parcel,)
    )


@pytest.mark.parametrize(
    ("view", "reply"),
    [
        (delivery(OrderStatus.SHIPPED), "utter_order_on_its_way"),
        (delivery(OrderStatus.SHIPPED, late_by=1), "utter_order_late_on_its_way"),
        (delivery(OrderStatus.PAID, late_by=1), "utter_order_late_before_shipping"),
        (delivery(OrderStatus.PACKED, late_by=1), "utter_order_late_before_shipping"),
        (delivery(OrderStatus.OUT_FOR_DELIVERY, late_by=2), "utter_order_out_for_delivery"),
        (delivery(OrderStatus.PLACED, late_by=2), "utter_order_not_paid"),
        (delivery(OrderStatus.DELIVERED, late_by=2), "utter_order_delivered"),
        (
            delivery(OrderStatus.SHIPPED, late_by=2, latest=ShipmentEventKind.DELIVERY_FAILED),
            "utter_order_delivery_failed",
        ),
        (delivery(OrderStatus.SHIPPED, latest=ShipmentEventKind.SENT_BACK), "utter_order_sent_back"),
        (delivery(OrderStatus.SHIPPED, latest=ShipmentEventKind.SORTED), "utter_order_on_its_way"),
    ],
)
def test_the_reply_about_an_order_names_what_matters_most(view: DeliveryView, reply: str) -> None:
    assert choose_reply(view) == reply


def test_every_status_of_an_order_has_a_reply_that_exists() -> None:
    assert set(REPLY) == set(OrderStatus)
    assert set(REPLY.values()) <= set(real_renderer().library.replies)


@pytest.mark.parametrize(
    ("text", "sizes", "size"),
    [
        ("heb je maat 42 nog", ["41", "42"], "42"),
        ("in mt. M?", ["S", "M"], "M"),
        ("size: xl please", ["L", "XL"], "XL"),
        ("do you have it in large", ["M", "L"], "L"),
        ("een XL graag", ["M", "L", "XL"], "XL"),
        ("42,5 op voorraad?", ["42", "42,5"], "42,5"),
        ("heb je maat 52", ["41", "42"], "52"),
        ("is de m1 tent er nog", ["S", "M"], None),
        ("maat 42", [], None),
        ("is hij er nog", ["S", "M"], None),
    ],
)
def test_the_size_a_sentence_names(text: str, sizes: list[str], size: str | None) -> None:
    assert find_size(text, sizes) == size


@pytest.mark.parametrize(
    ("text", "colours", "colour"),
    [
        ("die groene", ["blauw", "groen"], "groen"),
        ("the navy one", ["navy blue", "green"], "navy blue"),
        ("heb je m in het paars", ["blauw"], "paars"),
        ("is hij er nog", ["blauw"], None),
        ("in het rood", [], None),
    ],
)
def test_the_colour_a_sentence_names(text: str, colours: list[str], colour: str | None) -> None:
    assert find_colour(text, colours, name="Kustpad jas") == colour


def test_a_colour_in_the_products_own_name_is_not_asked_for() -> None:
    assert find_colour("is de Groen Hart tent er nog", ["zand"], name="Groen Hart tent") is None


def test_facts_travel_as_plain_values() -> None:
    facts = {
        "total": Money(995),
        "at": time(9),
        "on": date(2026, 11, 3),
        "how": DeliveryMethod.BIKE,
        "all": (1,),
    }

    assert as_json(facts) == {
        "total": 995,
        "at": "09:00:00",
        "on": "2026-11-03",
        "how": "bike",
        "all": [1],
    }


def test_a_text_that_the_store_lacks_in_a_language_is_borrowed() -> None:
    assert in_every_language({"nl": "tent"})["zh"] == "tent"


@pytest.mark.parametrize(("km", "told"), [(None, None), (0.4, None), (12.4, 12)])
def test_a_distance_is_told_in_whole_kilometres_when_it_matters(km: float | None, told: int | None) -> None:
    assert tell_distance(km) == told


def tracker(text: str = "hoi", entities: Any = (), slots: Any = None, metadata: Any = None) -> Tracker:
    message = {"text": text, "entities": list(entities), "metadata": metadata}
    return Tracker("default", slots or {}, message, [], False, None, {}, None)


def test_an_order_named_now_beats_the_one_named_before() -> None:
    entities = [{"entity": "order_number", "value": "DD2"}, {"entity": "order_number", "value": "DD3"}]

    assert order_mention(tracker(entities=entities, slots={"order_number": "DD1"})) == OrderMention(
        "DD2", True
    )
    assert order_mention(tracker(slots={"order_number": ["DD1"]})) == OrderMention("DD1", False)
    assert order_mention(tracker(slots={"order_number": []})) == OrderMention(None, False)


def test_a_pressed_button_is_not_something_typed() -> None:
    assert typed_text(tracker("/track_order")) == ""


def test_a_conversation_of_rasas_own_shell_is_none_of_ours() -> None:
    assert conversation_id_of(tracker()) is None
    assert message_id_of(tracker(metadata={"message_id": None})) is None
    assert message_id_of(tracker(metadata={"message_id": 12})) is None
