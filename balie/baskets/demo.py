"""The discount codes and gift cards of the demo shop, one for everything that may happen to one.

Their codes stand in docs/data-model.md for whoever wants to try them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from balie.baskets.codes import CardDigests, last_four
from balie.baskets.kinds import CardEntryReason
from balie.baskets.models import (
    BasketRow,
    CodeAttemptsRow,
    DiscountCodeRow,
    DiscountCodeUseRow,
    GiftCardEntryRow,
    GiftCardRow,
)
from balie.customers.models import CustomerRow
from balie.orders.demo.personas import NOOR, SANNE
from balie.storage.bulk import count_rows, delete_everything, find_ids, insert_rows
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import BulkConnection, bulk_write

CARD_FULL: Final = "DDGC482719503361"
CARD_HALF_USED: Final = "DDGC771304289905"
CARD_EXPIRED: Final = "DDGC220655187740"
CARD_EMPTY: Final = "DDGC903166741182"
CARD_BLOCKED: Final = "DDGC350822916657"

_EMPTIED: Final = (BasketRow, CodeAttemptsRow, GiftCardRow, DiscountCodeRow)
"""What belongs to these goes with them."""


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A discount code; days are counted from today, the past is negative."""

    code: str
    percent: int | None = None
    amount_minor: int | None = None
    min_order_minor: int = 0
    starts_in_days: int | None = None
    ends_in_days: int | None = None
    max_uses: int | None = None
    uses: int = 0
    once_per_customer: bool = False
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A gift card of so much, of which so much is spent, bought so many days ago."""

    code: str
    initial_minor: int
    spent_minor: int = 0
    issued_days_ago: int = 120
    blocked: bool = False


def demo_codes(shop: Mapping[str, Any]) -> tuple[DemoCode, ...]:
    """The codes, with the newsletter's conditions as the shop's facts have them."""
    newsletter = shop["discounts"]["newsletter"]
    return (
        DemoCode(
            "WELKOM10",
            percent=int(newsletter["percent"]),
            min_order_minor=int(newsletter["min_order"]),
            ends_in_days=int(newsletter["valid_days"]),
            once_per_customer=True,
        ),
        DemoCode("TIENEURO", amount_minor=1000, min_order_minor=7500, ends_in_days=60),
        DemoCode("ZOMER5", percent=5, starts_in_days=-90, ends_in_days=-30),
        DemoCode("WINTER20", percent=20, starts_in_days=14, ends_in_days=74),
        DemoCode("FLITS25", percent=25, max_uses=100, uses=100, ends_in_days=7),
        DemoCode("NOOR15", percent=15, ends_in_days=30, external_id=NOOR.external_id),
        DemoCode(
            "BEDANKT5",
            amount_minor=500,
            ends_in_days=90,
            once_per_customer=True,
            uses=1,
            external_id=SANNE.external_id,
        ),
    )


def demo_cards() -> tuple[DemoCard, ...]:
    """The gift cards."""
    return (
        DemoCard(CARD_FULL, 5000),
        DemoCard(CARD_HALF_USED, 5000, spent_minor=2500),
        DemoCard(CARD_EXPIRED, 2500, issued_days_ago=4 * 365),
        DemoCard(CARD_EMPTY, 2500, spent_minor=2500),
        DemoCard(CARD_BLOCKED, 10000, blocked=True),
    )


def load_demo_codes(database_url: str, *, shop: Mapping[str, Any], today: date, secret: str) -> None:
    """Put the demo shop's codes and cards into its database; older ones, and every basket, are replaced.

    Args:
        database_url: A database with the demo shop's customers.
        shop: The shop's facts (``data/shop/shop.yml``, as parsed).
        today: The shop's last day.
        secret: The service's: cards are stored under digests that are keyed with it.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url)
    try:
        with bulk_write(engine) as connection:
            delete_everything(connection, _EMPTIED)
            _write_codes(connection, demo_codes(shop), str(shop["currency"]), today)
            _write_cards(connection, shop, today, CardDigests(secret))
    finally:
        engine.dispose()


def lacks_demo_codes(database_url: str) -> bool:
    """Whether the demo shop is there without any discount code, as one that an older version loaded is.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    engine = open_sync_engine(database_url)
    try:
        with bulk_write(engine) as connection:
            is_demo = find_ids(connection, CustomerRow, "external_id", [NOOR.external_id])
            return bool(is_demo) and count_rows(connection, DiscountCodeRow) == 0
    finally:
        engine.dispose()


def _write_codes(connection: BulkConnection, codes: tuple[DemoCode, ...], currency: str, today: date) -> None:
    theirs = [code.external_id for code in codes if code.external_id is not None]
    customers = find_ids(connection, CustomerRow, "external_id", theirs)
    # A code for a customer who is not there would be everybody's.
    known = [code for code in codes if code.external_id is None or code.external_id in customers]
    insert_rows(connection, DiscountCodeRow, [_code_row(one, currency, today, customers) for one in known])
    ids = find_ids(connection, DiscountCodeRow, "code", [code.code for code in known])
    uses = [
        {
            "code_id": ids[code.code],
            "customer_id": customers[code.external_id],
            "basket_id": None,
            "used_at": _at(today - timedelta(days=1)),
        }
        for code in known
        if code.external_id is not None and code.uses
    ]
    insert_rows(connection, DiscountCodeUseRow, uses)


def _code_row(code: DemoCode, currency: str, today: date, customers: Mapping[str, int]) -> dict[str, Any]:
    return {
        "code": code.code,
        "percent": code.percent,
        "amount_minor": code.amount_minor,
        "currency": None if code.amount_minor is None else currency,
        "min_order_minor": code.min_order_minor,
        "starts_on": None if code.starts_in_days is None else today + timedelta(days=code.starts_in_days),
        "ends_on": None if code.ends_in_days is None else today + timedelta(days=code.ends_in_days),
        "max_uses": code.max_uses,
        "uses": code.uses,
        "once_per_customer": code.once_per_customer,
        "customer_id": None if code.external_id is None else customers[code.external_id],
        "combinable": False,
        "active": True,
    }


def _write_cards(
    connection: BulkConnection, shop: Mapping[str, Any], today: date, digests: CardDigests
) -> None:
    years = int(shop["gift_card"]["valid_years"])
    rows = [
        {
            "code_digest": digests.digest(card.code),
            "last_four": last_four(card.code),
            "currency": str(shop["currency"]),
            "initial_minor": card.initial_minor,
            "issued_on": _issued_on(card, today),
            "expires_on": _years_later(_issued_on(card, today), years),
            "blocked": card.blocked,
        }
        for card in demo_cards()
    ]
    insert_rows(connection, GiftCardRow, rows)
    ids = find_ids(connection, GiftCardRow, "code_digest", [row["code_digest"] for row in rows])
    entries = [
        {
            "card_id": ids[digests.digest(card.code)],
            "amount_minor": -card.spent_minor,
            "reason": CardEntryReason.SPENT.value,
            "order_number": None,
            "recorded_at": _at(_issued_on(card, today)),
        }
        for card in demo_cards()
        if card.spent_minor
    ]
    insert_rows(connection, GiftCardEntryRow, entries)


def _issued_on(card: DemoCard, today: date) -> date:
    return today - timedelta(days=card.issued_days_ago)


def _years_later(day: date, years: int) -> date:
    """The same day of a later year; the last of February where there is no such day."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
