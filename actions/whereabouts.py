"""Where a customer is, or asks about: named in the message, named before, or at home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rasa_sdk.interfaces import Tracker

from actions.reading import PLACE, conversation_id_of, named_in_message, remembered, typed_text
from actions.records import RecordsOffice
from balie.catalogue.places import Place
from balie.catalogue.service import CatalogueService
from balie.catalogue.views import NearStoreView


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A place with the stores near it.

    Attributes:
        is_home: Whether it is where the customer lives; else they named it.
        stores: Nearest first, never empty.
    """

    place: Place
    is_home: bool
    stores: tuple[NearStoreView, ...]

    @property
    def nearest_city(self) -> str:
        """The city of the nearest store: all that the dialogue needs to remember."""
        return self.stores[0].store.city


class WhereaboutsFinder:
    """Finds out where a customer is, without asking."""

    def __init__(self, office: RecordsOffice, catalogue: CatalogueService) -> None:
        self._office = office
        self._catalogue = catalogue

    async def find(self, tracker: Tracker, text: str | None = None) -> Whereabouts | None:
        """Where the customer is; None when nobody knows.

        Args:
            tracker: Of the running action.
            text: What was asked, when that is not what was typed.
        """
        asked = text if text is not None else typed_text(tracker)
        for named in (named_in_message(tracker, PLACE), asked, remembered(tracker, PLACE)):
            found = await self._near(Place(named), is_home=False) if named else None
            if found is not None:
                return found
        home = await self._find_home(tracker)
        return None if home is None else await self._near(home, is_home=True)

    async def _near(self, place: Place, *, is_home: bool) -> Whereabouts | None:
        stores = await self._catalogue.find_stores_near(place.text, country=place.country)
        return Whereabouts(place, is_home, stores) if stores else None

    async def _find_home(self, tracker: Tracker) -> Place | None:
        records = await self._office.open_for(conversation_id_of(tracker))
        address = None if records is None else await records.find_home()
        return None if address is None else Place(address.postcode, address.country)


NEAR_ENOUGH_KM: Final = 1
"""Nearer than this, the distance is not worth telling: it is the city that was named."""


def tell_distance(distance_km: float | None) -> int | None:
    """The distance in whole kilometres; None when it is unknown or not worth telling."""
    return None if distance_km is None or distance_km < NEAR_ENOUGH_KM else round(distance_km)
