"""Makes the demo shop's twelve stores: opening hours, holidays, and what lies on their shelves."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import tomllib

from balie.catalogue.kinds import DeliveryKind
from balie.catalogue.models import StockRow, StoreHoursRow, StoreRow, StoreSpecialHoursRow
from balie.catalogue.place_tables import CITIES
from balie.catalogue.public_holidays import holiday_names
from balie.orders.demo.products import DemoProduct
from balie.orders.demo.rows import DemoRows

_TABLE: Final = Path(__file__).parent / "tables" / "stores.toml"

# Monday first. Large stores open earlier and longer; all of them late on Thursday ("koopavond").
_WEEK: Final = (
    (time(12), time(18)), (time(9, 30), time(18)), (time(9, 30), time(18)), (time(9, 30), time(21)),
    (time(9, 30), time(18)), (time(9, 30), time(17, 30)), (time(12), time(17)),
)  # fmt: skip
_LARGE_WEEK: Final = (
    (time(10), time(19)), (time(9), time(19)), (time(9), time(19)), (time(9), time(21)),
    (time(9), time(19)), (time(9), time(18)), (time(11), time(18)),
)  # fmt: skip

_CLOSED_ON: Final = {(1, 1), (12, 25)}
_HOLIDAY_HOURS: Final = (time(12), time(17))
_EARLY_CLOSING: Final[dict[tuple[int, int], tuple[time, dict[str, str]]]] = {
    (12, 5): (time(17), {"nl": "pakjesavond", "en": "St Nicholas' Eve"}),
    (12, 24): (time(17), {"nl": "kerstavond", "en": "Christmas Eve"}),
    (12, 31): (time(16), {"nl": "oudejaarsdag", "en": "New Year's Eve"}),
}
_DAYS_BACK: Final = 30
_DAYS_AHEAD: Final = 400

_SHARE_CARRIED: Final = 0.3
_SHARE_CARRIED_LARGE: Final = 0.6

_STORIES: Final[Mapping[str, Mapping[str | None, int]]] = {
    "DD-10080-06": {None: 0},
    "DD-10112-03": {"utrecht": 0, "amersfoort": 4, "amsterdam": 3, "haarlem": 5},
}
"""What can be shown with the shop whatever chance says: per variant how many lie in a store, or (None) in the
web warehouse. A jacket of which one size is sold out, and trousers that the store in Utrecht has not."""


@dataclass(frozen=True, slots=True)
class DemoStore:
    """A store to pick up orders from."""

    id: int
    code: str
    name: str
    city: str
    large: bool


def make_stores(rows: DemoRows, *, today: date) -> list[DemoStore]:
    """Make every store with its hours; special days from a month ago to over a year ahead."""
    entries = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["store"]
    stores = [_make_store(rows, entry) for entry in entries]
    for store in stores:
        _make_hours(rows, store, today)
    return stores


def make_stock(
    rows: DemoRows,
    rng: random.Random,
    products: Iterable[DemoProduct],
    stores: Sequence[DemoStore],
    *,
    today: date,
) -> None:
    """Fill the web warehouse and the shelves; some sizes are sold out, some of them come back."""
    for product in products:
        carrying = [store for store in stores if rng.random() < _share_carried(store)]
        bulky = product.kind.delivery is not DeliveryKind.PARCEL
        for variant in product.variants:
            told = _STORIES.get(variant.sku, {})
            online = _online_stock(rng, variant.id, today, bulky=bulky)
            rows.add(StockRow, online | ({"quantity": told[None]} if None in told else {}))
            drawn = {store.code: max(0, round(rng.gauss(0.6 if bulky else 2.2, 1.6))) for store in carrying}
            for store in stores:
                quantity = told.get(store.code, drawn.get(store.code))
                if quantity is not None:
                    rows.add(StockRow, _on_shelf(variant.id, store, quantity))


def _make_store(rows: DemoRows, entry: dict[str, Any]) -> DemoStore:
    city = entry["city"]
    code = city.lower().replace(" ", "-")
    latitude, longitude = CITIES[city]
    row = {
        "code": code,
        "name": f"Duin & Dal {city}",
        "country": "NL",
        "latitude": latitude,
        "longitude": longitude,
        **{key: value for key, value in entry.items() if key != "large"},
    }
    return DemoStore(rows.add(StoreRow, row), code, row["name"], city, entry["large"])


def _make_hours(rows: DemoRows, store: DemoStore, today: date) -> None:
    week = _LARGE_WEEK if store.large else _WEEK
    for weekday, (opens_at, closes_at) in enumerate(week):
        row = {"store_id": store.id, "weekday": weekday, "opens_at": opens_at, "closes_at": closes_at}
        rows.add(StoreHoursRow, row)
    for special in _special_days(week, today):
        rows.add(StoreSpecialHoursRow, {"store_id": store.id, **special})


def _special_days(week: Sequence[tuple[time, time]], today: date) -> Iterator[dict[str, Any]]:
    for offset in range(-_DAYS_BACK, _DAYS_AHEAD):
        day = today + timedelta(days=offset)
        reasons = holiday_names(day, "NL")
        opens_at, usual_closing = week[day.weekday()]
        if reasons:
            hours = (None, None) if (day.month, day.day) in _CLOSED_ON else _HOLIDAY_HOURS
            yield {"day": day, "opens_at": hours[0], "closes_at": hours[1], "reasons": reasons}
        elif (day.month, day.day) in _EARLY_CLOSING:
            closes_at, why = _EARLY_CLOSING[day.month, day.day]
            earliest = min(closes_at, usual_closing)
            yield {"day": day, "opens_at": opens_at, "closes_at": earliest, "reasons": why}


def _on_shelf(variant_id: int, store: DemoStore, quantity: int) -> dict[str, Any]:
    return {"variant_id": variant_id, "store_id": store.id, "quantity": quantity, "restocked_on": None}


def _share_carried(store: DemoStore) -> float:
    return _SHARE_CARRIED_LARGE if store.large else _SHARE_CARRIED


def _online_stock(rng: random.Random, variant_id: int, today: date, *, bulky: bool) -> dict[str, Any]:
    chance = rng.random()
    most = 8 if bulky else 60
    quantity = 0 if chance < 0.06 else rng.randint(1, 3) if chance < 0.18 else rng.randint(4, most)
    comes_back = quantity == 0 and rng.random() < 0.7
    restocked_on = today + timedelta(days=rng.randint(3, 21)) if comes_back else None
    return {"variant_id": variant_id, "store_id": None, "quantity": quantity, "restocked_on": restocked_on}
