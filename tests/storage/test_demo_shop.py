from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.catalogue.service import CatalogueService
from balie.customers.models import CustomerRow
from balie.customers.service import CustomerService
from balie.kernel.money import Money
from balie.orders.demo import DemoSize, find_last_day, list_demo_customers, load_demo_shop
from balie.orders.demo.moments import LOADED_AT, at
from balie.orders.demo.rows import TABLES
from balie.orders.errors import StoreNotEmptyError
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.orders.service import OrderService
from balie.orders.status import OrderStatus, RefundState
from balie.payments.absent import AbsentProvider
from balie.payments.demo import adopt_demo_payments
from balie.payments.links import PaymentLinks
from balie.payments.service import PaymentService
from balie.payments.terms import PaymentTerms
from balie.settings import PROJECT_ROOT
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import UnitOfWork, bulk_write

TODAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
SMALL = DemoSize(customers=40, orders=400)


def all_rows(database_url: str) -> dict[str, list[Any]]:
    engine = open_sync_engine(database_url)
    with engine.connect() as connection:
        found = {
            model.__tablename__: sorted(
                tuple(map(str, row)) for row in connection.execute(select(model.__table__))
            )
            for model in TABLES
        }
    engine.dispose()
    return found


@pytest.fixture
def shop(database_url: str) -> str:
    load_demo_shop(database_url, today=TODAY, size=SMALL)
    return database_url


@pytest.fixture
def orders(unit_of_work: UnitOfWork) -> OrderService:
    return OrderService(unit_of_work, clock=lambda: NOW)


@pytest.fixture
def customers(unit_of_work: UnitOfWork) -> CustomerService:
    return CustomerService(unit_of_work, clock=lambda: NOW)


async def customer_id(customers: CustomerService, first_name: str) -> int:
    [named] = [customer for customer in list_demo_customers() if customer.first_name == first_name]
    found = await customers.find_by_external_id(named.external_id)
    assert found is not None
    return found.id


def test_loading_again_replaces_the_shop_with_the_same_rows(shop: str) -> None:
    before = all_rows(shop)

    load_demo_shop(shop, today=TODAY, size=SMALL)

    assert all_rows(shop) == before


def test_the_shop_lives_until_the_day_it_was_made_for(shop: str) -> None:
    last_day = find_last_day(shop)

    assert last_day is not None
    assert timedelta(0) <= TODAY - last_day <= timedelta(days=1)


def test_a_shop_without_orders_has_no_last_day(database_url: str) -> None:
    assert find_last_day(database_url) is None


def test_demo_shop_does_not_go_where_real_customers_are(database_url: str) -> None:
    engine = open_sync_engine(database_url)
    real = {
        "external_id": "K-1", "first_name": "Sanne", "last_name": "de Wit", "email": "s@voorbeeld.example",
        "language": "nl", "account_type": "personal", "registered_at": NOW,
    }  # fmt: skip
    with bulk_write(engine) as connection:
        connection.execute(insert(CustomerRow), [real])
    engine.dispose()

    with pytest.raises(StoreNotEmptyError):
        load_demo_shop(database_url, today=TODAY, size=SMALL)

    assert all_rows(database_url)["orders"] == []


def test_new_rows_get_numbers_of_their_own_after_a_load(shop: str) -> None:
    engine = open_sync_engine(shop)
    with bulk_write(engine) as connection:
        values = {"external_id": "demo-new", "first_name": "a", "last_name": "b", "email": "c@d.example"}
        rest = {"language": "nl", "account_type": "personal", "registered_at": NOW}
        added = connection.execute(insert(CustomerRow).values(**values, **rest).returning(CustomerRow.id))
        new_id = added.scalar_one()
    engine.dispose()

    assert new_id == SMALL.customers + 1


@pytest.mark.parametrize(
    ("first_name", "status"),
    [
        ("Sanne", OrderStatus.SHIPPED),
        ("Tom", OrderStatus.READY_FOR_PICKUP),
        ("Emma", OrderStatus.DELIVERED),
        ("Youssef", OrderStatus.OUT_FOR_DELIVERY),
        ("Lotte", OrderStatus.PAID),
        ("James", OrderStatus.SHIPPED),
        ("Meryem", OrderStatus.PLACED),
        ("Pieter", OrderStatus.DELIVERED),
        ("Fien", OrderStatus.CANCELLED),
        ("Priya", OrderStatus.PLACED),
        ("Sem", OrderStatus.SHIPPED),
    ],
)
async def test_named_customers_latest_order_is_the_one_with_the_story(
    shop: str, orders: OrderService, customers: CustomerService, first_name: str, status: OrderStatus
) -> None:
    [named] = [customer for customer in list_demo_customers() if customer.first_name == first_name]

    latest = await orders.find_latest_order(await customer_id(customers, first_name))

    assert latest is not None
    assert (latest.number, latest.status) == (named.order_number, status)


@pytest.mark.parametrize("named", list_demo_customers(), ids=lambda named: named.first_name)
async def test_named_customers_can_identify_themselves_with_either_proof(
    shop: str, orders: OrderService, named: Any
) -> None:
    by_email = await orders.identify(named.order_number, named.email)
    by_postcode = await orders.identify(named.order_number, named.postcode)

    assert by_email is not None
    assert by_postcode is not None
    assert (by_email.proof_kind, by_postcode.proof_kind) == ("email", "postcode")


@pytest.mark.parametrize(
    "today",
    [date(2026, 11, 3), date(2026, 11, 22), date(2026, 12, 27), date(2027, 4, 5), date(2027, 5, 17)],
    ids=["a Tuesday", "a Sunday", "after Christmas", "Easter Monday", "Whit Monday"],
)
async def test_sannes_parcel_is_three_working_days_late_on_any_day(
    database_url: str, unit_of_work: UnitOfWork, customers: CustomerService, today: date
) -> None:
    load_demo_shop(database_url, today=today, size=DemoSize(customers=10, orders=1))
    noon = datetime(today.year, today.month, today.day, 11, tzinfo=UTC)
    orders = OrderService(unit_of_work, clock=lambda: noon)

    delivery = await orders.get_delivery(await customer_id(customers, "Sanne"), "DD1048213")

    assert delivery.late_by_working_days == 3
    assert delivery.expected_on > today


async def test_sanne_lacks_twenty_points_for_a_voucher(shop: str, customers: CustomerService) -> None:
    loyalty = await customers.get_loyalty(await customer_id(customers, "Sanne"))

    assert (loyalty.points, loyalty.points_to_voucher) == (230, 20)


async def test_youssefs_ninety_points_lapse_soon(shop: str, customers: CustomerService) -> None:
    loyalty = await customers.get_loyalty(await customer_id(customers, "Youssef"))

    assert (loyalty.vouchers_ready, loyalty.expiring_points) == (1, 90)
    assert loyalty.expires_on is not None
    assert (loyalty.expires_on - TODAY).days == 30


@pytest.mark.parametrize(
    ("first_name", "state"),
    [("Emma", RefundState.APPROVED), ("Pieter", RefundState.WAITING_FOR_RETURN), ("Fien", RefundState.PAID)],
)
async def test_named_customers_refunds_stand_where_their_story_says(
    shop: str, orders: OrderService, customers: CustomerService, first_name: str, state: RefundState
) -> None:
    [named] = [customer for customer in list_demo_customers() if customer.first_name == first_name]

    [refund] = await orders.list_refunds(await customer_id(customers, first_name), named.order_number)

    assert (refund.state, refund.overdue) == (state, False)


@pytest.mark.parametrize("named", list_demo_customers(), ids=lambda named: named.first_name)
async def test_named_customers_have_no_refunds_but_those_of_their_story(
    shop: str, orders: OrderService, customers: CustomerService, named: Any
) -> None:
    refunds = await orders.list_refunds(await customer_id(customers, named.first_name))

    assert {refund.order_number for refund in refunds} <= {named.order_number}


async def test_everything_the_shop_sells_is_found_by_its_own_name(shop: str, engine: AsyncEngine) -> None:
    catalogue = CatalogueService(UnitOfWork(engine))
    [boots] = await catalogue.search_products("wandelschoenen", "nl", 1)

    [found] = await catalogue.search_products(boots.name, "nl", 1)

    assert found.sku == boots.sku
    assert found.score > 0.9


async def test_stores_have_hours_and_holidays(shop: str, engine: AsyncEngine) -> None:
    catalogue = CatalogueService(UnitOfWork(engine), clock=lambda: NOW)

    stores = await catalogue.list_stores()
    christmas = await catalogue.opening_hours("utrecht", date(2026, 12, 25))
    second_day = await catalogue.opening_hours("utrecht", date(2026, 12, 26))
    opening = await catalogue.next_opening("utrecht")

    assert len(stores) == 12
    assert (christmas.periods, christmas.reasons["nl"]) == ((), "Eerste kerstdag")
    assert len(second_day.periods) == 1
    assert opening is not None
    assert opening.open_now


async def test_priyas_card_was_declined_and_her_order_is_still_kept(
    shop: str, customers: CustomerService, engine: AsyncEngine
) -> None:
    payments = payment_service(engine, at(TODAY, LOADED_AT))

    situation = await payments.get_situation(await customer_id(customers, "Priya"), "DD1048718")

    [attempt] = situation.attempts
    assert (attempt.method, attempt.failure) == (PaymentMethod.CREDIT_CARD, PaymentFailure.CARD_DECLINED)
    assert (situation.due, situation.paid) == (situation.total, Money(0))
    assert situation.kept_until is not None


async def test_sem_was_charged_the_same_amount_twice(
    shop: str, customers: CustomerService, engine: AsyncEngine
) -> None:
    payments = payment_service(engine, NOW)

    situation = await payments.get_situation(await customer_id(customers, "Sem"), "DD1048694")

    [double] = situation.double_charges
    assert (double.amount, double.refund) == (situation.total, None)
    assert len(situation.attempts) == 2


def test_the_payment_provider_knows_the_payments_that_refunds_may_go_back_to(shop: str) -> None:
    assert adopt_demo_payments(shop) == adopt_demo_payments(shop) == 5


def payment_service(engine: AsyncEngine, now: datetime) -> PaymentService:
    shop_facts = yaml.safe_load((PROJECT_ROOT / "data/shop/shop.yml").read_text("utf-8"))
    store, terms = UnitOfWork(engine), PaymentTerms.from_shop(shop_facts)
    links = PaymentLinks(store, AbsentProvider(), terms, clock=lambda: now)
    return PaymentService(store, links, terms, clock=lambda: now)
