"""Stores: when they are open and where they are. The still clock says Tuesday 3 November 2026, 11 o'clock."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from actions.day_words import asked_days
from actions.stores import choose_days
from balie.catalogue.hours import DayHours, Period
from balie.orders.demo.personas import SANNE, TOM
from tests.support.counter import Shop

HOURS = "action_opening_hours"
WHERE = "action_store_location"


async def test_a_named_city_gets_its_hours_of_today_and_tomorrow(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask(HOURS, "hoe laat gaat de winkel in utrecht open")

    assert answer.responses == ["utter_opening_hours_of_store"]
    assert "**Duin & Dal Utrecht** is nu open, tot 19.00 uur" in answer.text
    assert "- vandaag: 9.00–19.00 uur" in answer.text
    assert "- morgen:" in answer.text
    assert stranger.slots["place"] == "Utrecht"


async def test_the_place_is_remembered_for_the_next_question(shop: Shop) -> None:
    stranger = await shop.stranger()
    await stranger.ask(HOURS, "openingstijden utrecht")

    answer = await stranger.ask(HOURS, "en met kerst?")

    assert "Duin & Dal Utrecht" in answer.text
    assert "vrijdag 25 december: gesloten (Eerste kerstdag)" in answer.text


async def test_a_known_customer_hears_of_the_nearest_store_without_being_asked(shop: Shop) -> None:
    customer = await shop.known(SANNE, "en")

    answer = await customer.ask(HOURS, "are you open today")

    assert "**Duin & Dal Amersfoort**, the store nearest to you, is open now" in answer.text


async def test_a_stranger_without_a_place_is_asked_with_three_stores_to_choose_from(shop: Shop) -> None:
    stranger = await shop.stranger("en")

    hours = await stranger.ask(HOURS, "what time do you close")
    where = await stranger.ask(WHERE, "where are you")
    chosen = await stranger.press(HOURS, hours.buttons[0]["payload"])

    assert hours.responses == ["utter_which_store_hours"]
    assert where.responses == ["utter_which_store_place"]
    assert len([button for button in hours.buttons if "payload" in button]) == 3
    assert hours.titles[0] in chosen.text


async def test_the_nearest_store_comes_with_address_distance_and_way(shop: Shop) -> None:
    stranger = await shop.stranger()

    answer = await stranger.ask(WHERE, "ik woon in ede, welke winkel is dichtbij")

    assert "**Duin & Dal Arnhem**" in answer.text
    assert " km" in answer.text
    assert "[Route](https://www.openstreetmap.org/directions?to=5" in answer.text
    assert answer.buttons[0]["payload"] == '/opening_hours{"place": "Arnhem"}'


async def test_a_belgian_postcode_at_home_is_read_as_one(shop: Shop) -> None:
    customer = await shop.known(TOM)

    answer = await customer.ask(WHERE, "waar zit de dichtstbijzijnde winkel")

    assert "De winkel het dichtst bij jou is **Duin & Dal Breda**" in answer.text


def usual(day: date, **reasons: str) -> DayHours:
    return DayHours(day, () if reasons else (Period(time(9), time(18)),), reasons)


TUESDAY = date(2026, 11, 3)
CALENDAR = [usual(TUESDAY + timedelta(days=offset)) for offset in range(60)]
CALENDAR[52] = usual(date(2026, 12, 25), nl="Eerste kerstdag", en="Christmas Day")
CALENDAR[53] = usual(date(2026, 12, 26), nl="Tweede kerstdag", en="Second Day of Christmas")
CALENDAR[59] = usual(date(2027, 1, 1), nl="Nieuwjaarsdag", en="New Year's Day")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("zijn jullie open", []),
        ("zijn jullie morgen open", [date(2026, 11, 4)]),
        ("zaterdagochtend open?", [date(2026, 11, 7)]),
        ("open on tuesday", [TUESDAY]),
        ("are you open this weekend", [date(2026, 11, 7), date(2026, 11, 8)]),
        ("2e kerstdag open?", [date(2026, 12, 26)]),
        ("open on boxing day?", [date(2026, 12, 26)]),
        ("met kerst open?", [date(2026, 12, 25), date(2026, 12, 26)]),
        ("new years day hours", [date(2027, 1, 1)]),
        ("open later this year?", []),
    ],
)
def test_the_days_a_sentence_asks_about(text: str, days: list[date]) -> None:
    assert asked_days(text, CALENDAR) == days


def test_a_holiday_that_is_near_is_told_without_being_asked_for() -> None:
    days = choose_days("zijn jullie open", CALENDAR[48:])

    assert [hours.day for hours in days] == [
        date(2026, 12, 21),
        date(2026, 12, 22),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_without_a_calendar_no_day_is_asked_about() -> None:
    assert asked_days("zondag", []) == []
