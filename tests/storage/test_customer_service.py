from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from balie.customers.errors import CustomerNotFoundError
from balie.customers.models import (
    ChannelIdentityRow,
    CustomerAddressRow,
    LoyaltyAccountRow,
    LoyaltyEntryRow,
)
from balie.customers.service import CustomerService
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.store import add_customer

NOW = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


@pytest.fixture
def customers(unit_of_work: UnitOfWork) -> CustomerService:
    return CustomerService(unit_of_work, clock=StillClock(NOW))


async def add(unit_of_work: UnitOfWork, *rows: object) -> None:
    async with unit_of_work.write() as session:
        for row in rows:
            session.add(row)
            await session.flush()


def points(customer_id: int, amount: int, days_ago: int) -> LoyaltyEntryRow:
    moment = NOW - timedelta(days=days_ago)
    return LoyaltyEntryRow(
        customer_id=customer_id,
        points=amount,
        reason="order" if amount > 0 else "voucher",
        order_number="DD1048213",
        recorded_at=moment,
        expires_on=moment.date() + timedelta(days=730) if amount > 0 else None,
    )


async def test_customer_is_found_by_id_and_by_the_shops_number(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    customer_id = await add_customer(unit_of_work, "K-1001")

    by_id = await customers.get_customer(customer_id)

    assert by_id == await customers.find_by_external_id("K-1001")
    assert (by_id.first_name, by_id.language, by_id.masked_email) == ("Sanne", "nl", "k•••@voorbeeld.example")


async def test_unknown_customer_is_none_by_number_and_an_error_by_id(customers: CustomerService) -> None:
    assert await customers.find_by_external_id("K-1001") is None
    with pytest.raises(CustomerNotFoundError):
        await customers.get_customer(1001)


async def test_customer_is_found_by_channel_identity(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    customer_id = await add_customer(unit_of_work)
    identity = ChannelIdentityRow(customer_id=customer_id, channel="telegram", identity="4711", linked_at=NOW)
    await add(unit_of_work, identity)

    found = await customers.find_by_channel_identity("telegram", "4711")

    assert found is not None
    assert found.id == customer_id
    assert await customers.find_by_channel_identity("web_widget", "4711") is None


async def test_home_postcode_is_that_of_the_home_address(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    customer_id = await add_customer(unit_of_work)
    for kind, postcode in (("delivery", "1011AB"), ("home", "3811BK")):
        address = CustomerAddressRow(
            customer_id=customer_id,
            kind=kind,
            street="Beukenlaan",
            house_number="12",
            postcode=postcode,
            city="Amersfoort",
            country="NL",
        )
        await add(unit_of_work, address)

    assert await customers.get_home_postcode(customer_id) == "3811BK"


async def test_customer_without_a_home_has_no_postcode(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    assert await customers.get_home_postcode(await add_customer(unit_of_work)) is None


async def test_customer_who_never_joined_is_no_member(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    loyalty = await customers.get_loyalty(await add_customer(unit_of_work))

    assert (loyalty.member, loyalty.points, loyalty.recent_entries) == (False, 0, ())


async def test_member_sees_points_and_what_lapses_first(
    unit_of_work: UnitOfWork, customers: CustomerService
) -> None:
    customer_id = await add_customer(unit_of_work)
    account = LoyaltyAccountRow(customer_id=customer_id, joined_on=date(2024, 1, 1))
    changes = [points(customer_id, amount, days) for amount, days in ((300, 720), (-250, 300), (120, 20))]
    await add(unit_of_work, account, *changes)

    loyalty = await customers.get_loyalty(customer_id, recent=2)

    assert (loyalty.points, loyalty.points_to_voucher, loyalty.vouchers_ready) == (170, 80, 0)
    assert (loyalty.expiring_points, loyalty.expires_on) == (50, date(2026, 11, 13))
    assert [entry.points for entry in loyalty.recent_entries] == [120, -250]
