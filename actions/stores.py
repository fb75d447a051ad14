"""When stores are open, and where they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import Action, Tracker
from rasa_sdk.types import DomainDict

from actions.answers import say
from actions.day_words import asked_days
from actions.order_facts import in_every_language
from actions.reading import PLACE, typed_text
from actions.today import Today
from actions.whereabouts import Whereabouts, WhereaboutsFinder, tell_distance
from balie.assistant.speech import Choice
from balie.catalogue.hours import DayHours, Opening
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import NearStoreView, StoreView

CALENDAR_DAYS: Final = 366
HOLIDAY_NOTICE: Final = timedelta(days=7)
"""A holiday so near is told without being asked for."""
MOST_DAYS: Final = 4
MOST_CHOICES: Final = 3


class ActionOpeningHours(Action):
    """Tells when the named or nearest store is open: today and tomorrow, or the days that are asked for."""

    def __init__(self, catalogue: CatalogueService, whereabouts: WhereaboutsFinder, *, today: Today) -> None:
        self._catalogue = catalogue
        self._whereabouts = whereabouts
        self._today = today

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_opening_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell the hours, or ask which store is meant."""
        whereabouts = await self._whereabouts.find(tracker)
        if whereabouts is None:
            return await _ask_place(dispatcher, self._catalogue, "opening_hours", "utter_which_store_hours")
        near, today = whereabouts.stores[0], self._today()
        calendar = await self._catalogue.list_opening_hours(near.store.code, today, CALENDAR_DAYS)
        opening = await self._catalogue.next_opening(near.store.code)
        say(
            dispatcher,
            "utter_opening_hours_of_store",
            choices=[_store_choice("store_location", near.store, "title_way_there")],
            store=describe_store(near),
            near_home=whereabouts.is_home,
            days=[describe_day(day) for day in choose_days(typed_text(tracker), calendar)],
            today=today,
            **_describe_opening(opening),
        )
        return _remember(whereabouts)


class ActionStoreLocation(Action):
    """Tells which store is nearest, its address and the way there."""

    def __init__(self, catalogue: CatalogueService, whereabouts: WhereaboutsFinder, *, today: Today) -> None:
        self._catalogue = catalogue
        self._whereabouts = whereabouts
        self._today = today

    def name(self) -> str:
        """Rasa's name of the action."""
        return "action_store_location"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Tell the address, or ask where the customer is."""
        whereabouts = await self._whereabouts.find(tracker)
        if whereabouts is None:
            return await _ask_place(dispatcher, self._catalogue, "store_location", "utter_which_store_place")
        near, today = whereabouts.stores[0], self._today()
        say(
            dispatcher,
            "utter_store_nearby",
            choices=[_store_choice("opening_hours", near.store, "title_opening_hours_there")],
            store=describe_store(near),
            near_home=whereabouts.is_home,
            days=[describe_day(await self._catalogue.opening_hours(near.store.code, today))],
            today=today,
        )
        return _remember(whereabouts)


def choose_days(text: str, calendar: Sequence[DayHours]) -> list[DayHours]:
    """The days to tell: those asked for, else today, tomorrow and any holiday that is near."""
    asked = asked_days(text, calendar)
    if asked:
        return [hours for hours in calendar if hours.day in asked][:MOST_DAYS]
    soon = calendar[0].day + HOLIDAY_NOTICE
    holidays = [hours for hours in calendar[2:] if hours.reasons and hours.day <= soon]
    return [*calendar[:2], *holidays][:MOST_DAYS]


def describe_store(near: NearStoreView) -> dict[str, Any]:
    """The facts about a store that replies may use (``data/replies/stores.yml``)."""
    store = near.store
    return {
        "name": store.name,
        "city": store.city,
        "address": f"{store.street} {store.house_number}",
        "postcode": _spaced(store.postcode),
        "phone": store.phone,
        "distance_km": tell_distance(near.distance_km),
        "coordinates": f"{store.latitude:.5f}%2C{store.longitude:.5f}",
        "directions": in_every_language(store.directions) if store.directions else None,
    }


def describe_day(hours: DayHours) -> dict[str, Any]:
    """One day's hours, as replies may use them."""
    return {
        "day": hours.day,
        "periods": [{"opens_at": period.opens_at, "closes_at": period.closes_at} for period in hours.periods],
        "reasons": in_every_language(hours.reasons) if hours.reasons else {},
    }


def _spaced(postcode: str) -> str:
    """A Dutch postcode as it is written: 3511 AA; others as they are stored."""
    return re.sub(r"^(\d{4})([A-Z]{2})$", r"\1 \2", postcode)


def _describe_opening(opening: Opening | None) -> dict[str, Any]:
    if opening is None:
        return {"open_now": False, "closes_at": None, "next_opening": None}
    if opening.open_now:
        return {"open_now": True, "closes_at": opening.closes_at.time(), "next_opening": None}
    upcoming = {"day": opening.opens_at.date(), "opens_at": opening.opens_at.time()}
    return {"open_now": False, "closes_at": None, "next_opening": upcoming}


async def _ask_place(
    dispatcher: CollectingDispatcher, catalogue: CatalogueService, intent: str, response: str
) -> list[EventType]:
    stores = await catalogue.list_stores()
    # The stores that offer most are the ones most people mean.
    largest = sorted(stores, key=lambda store: -len(store.services))[:MOST_CHOICES]
    choices = [_store_choice(intent, store, "title_of_store") for store in largest]
    say(dispatcher, response, choices=choices, cities=sorted({store.city for store in stores}))
    return []


def _store_choice(intent: str, store: StoreView, title: str) -> Choice:
    return Choice(intent=intent, slots={PLACE: store.city}, title=title, facts={"city": store.city})


def _remember(whereabouts: Whereabouts) -> list[EventType]:
    return [] if whereabouts.is_home else [SlotSet(PLACE, whereabouts.nearest_city)]
