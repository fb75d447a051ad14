"""One person: everything told, or erased with what the law wants kept left over."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from balie.audit.models import AuditEntryRow, ChangeKeyRow
from balie.cases.kinds import CaseKind
from balie.cases.models import CaseRow
from balie.conversations.bell import Bell
from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.models import ConversationRow, MessageRow
from balie.conversations.service import ConversationService
from balie.customers.errors import CustomerNotFoundError
from balie.customers.models import (
    ChannelIdentityRow,
    ConsentRow,
    CustomerAddressRow,
    CustomerRow,
    LoyaltyAccountRow,
    LoyaltyEntryRow,
)
from balie.errands.asked import (
    AlertWhenInStock,
    DeleteAccount,
    EditAccount,
    MailLink,
    OpenCase,
    PutAside,
    Subscribe,
    WriteReview,
)
from balie.errands.errors import ErasureRefusedError
from balie.errands.kinds import Obstacle
from balie.errands.models import (
    AccountDeletionRow,
    AccountLinkRow,
    CollectionRow,
    EmailChangeRow,
    ReviewRow,
    StockAlertRow,
)
from balie.orders.models import InvoiceRow, OrderLineRow, OrderRow
from balie.outbox.models import OutboxLetterRow
from balie.storage.base import Base
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER
from tests.storage.errands_shop import EMAIL, ErrandShop
from tests.storage.test_changes_at_once import FailingAt, MachineFailedError

PERSONAL = (
    "Sanne",
    "de Wit",
    EMAIL,
    "+31612345678",
    "Fijne schoen",
    "De doos was nat",
    "hallo daar",
    "telegram-1",
)
GONE = (
    CustomerAddressRow, ChannelIdentityRow, ConsentRow, LoyaltyAccountRow, LoyaltyEntryRow, StockAlertRow,
    ReviewRow, CollectionRow, AccountLinkRow, EmailChangeRow, OutboxLetterRow, AuditEntryRow, ChangeKeyRow,
    ConversationRow, MessageRow,
)  # fmt: skip


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ErrandShop:
    """A shop that knows of Sanne whatever it can know of anybody."""
    shop = await ErrandShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=3)
    await shop.set_stock_in("UTR", "TENT", 2)
    await shop.set_online("SHOE-44", 0)
    await shop.join_club()
    await shop.add(
        LoyaltyEntryRow(
            customer_id=shop.customer,
            points=50,
            reason="welcome",
            order_number=None,
            recorded_at=NOW,
            expires_on=None,
        )
    )
    await shop.add(
        ChannelIdentityRow(
            customer_id=shop.customer, channel="telegram", identity="telegram-1", linked_at=NOW
        )
    )
    await shop.add(
        InvoiceRow(
            order_id=shop.order.id, number="F1", kind="invoice", issued_on=date(2026, 11, 1),
            due_on=date(2026, 11, 15), total_minor=100, tax_minor=17,
        )
    )  # fmt: skip
    for errand in (
        OpenCase(kind=CaseKind.COMPLAINT, story="De doos was nat."),
        Subscribe(wanted=True),
        AlertWhenInStock("SHOE-44"),
        WriteReview("SHOE", 4, "Fijne schoen."),
        PutAside("TENT", "UTR"),
        EditAccount(phone="0612345678"),
        EditAccount(email="nieuw@voorbeeld.example"),
        MailLink(EMAIL, creates=False),
    ):
        await shop.done(errand)
    await shop.consent(granted=True)
    conversation = await talking(shop).open_conversation(page_language="nl", customer_id=shop.customer)
    await talking(shop).record_customer_message(conversation.id, "hallo daar", client_message_id=uuid4())
    return shop


def talking(shop: ErrandShop) -> ConversationService:
    return ConversationService(shop.unit_of_work, Bell(), clock=shop.clock)


async def everything(shop: ErrandShop) -> str:
    """Every cell of every table, as text."""
    async with shop.unit_of_work.read() as session:
        rows = [
            [dict(row) for row in (await session.execute(select(table))).mappings()]
            for table in Base.metadata.sorted_tables
        ]
    return repr(rows)


async def forget_toms(shop: ErrandShop) -> None:
    async with shop.unit_of_work.write() as session:
        await session.delete(await session.get_one(CustomerRow, shop.tom))


# --- told


async def test_everything_that_is_held_about_a_person_is_told(shop: ErrandShop) -> None:
    told = await shop.privacy.export("K-1001")

    text = json.dumps(told, ensure_ascii=False)
    for what in PERSONAL:
        assert what in text
    assert told["customer"]["external_id"] == "K-1001"
    [order] = told["orders"]
    assert (order["number"], order["city"], len(order["order_lines"])) == (NUMBER, "Amersfoort", 2)
    assert [payment["method"] for payment in order["payments"]] == ["ideal"]
    assert [invoice["number"] for invoice in order["invoices"]] == ["F1"]
    assert told["loyalty_accounts"][0]["loyalty_entries"][0]["points"] == 50
    assert told["stock_alerts"][0]["variant_id"] == "SHOE-44"
    assert told["collections"][0] == {
        **told["collections"][0],
        "variant_id": "TENT",
        "store_id": "UTR",
        "kept_until": "2026-11-10",
    }
    [conversation] = told["conversations"]
    assert [message["text"] for message in conversation["messages"]] == ["hallo daar"]
    assert "K-2002" not in text


async def test_what_opens_something_is_not_told(shop: ErrandShop) -> None:
    text = json.dumps(await shop.privacy.export("K-1001"))

    for link in await shop.rows(AccountLinkRow):
        assert str(link.id) not in text


async def test_nobody_is_told_about_somebody_who_is_unknown(shop: ErrandShop) -> None:
    for tries in (shop.privacy.export, shop.privacy.erase):
        with pytest.raises(CustomerNotFoundError):
            await tries("K-9999")


# --- erased


async def test_an_account_is_erased_on_its_day_and_not_before(shop: ErrandShop) -> None:
    await shop.done(DeleteAccount())
    shop.clock.advance(timedelta(days=29))
    assert await shop.privacy.erase_due() == 0
    assert (await shop.sanne()).email == EMAIL

    shop.clock.advance(timedelta(days=1))

    assert await shop.privacy.erase_due() == 1
    assert await shop.privacy.erase_due() == 0
    sanne = await shop.sanne()
    assert (sanne.first_name, sanne.last_name, sanne.phone) == ("", "", None)
    assert sanne.email == f"erased-{shop.customer}@invalid"
    assert sanne.external_id == f"erased-{shop.customer}"


async def test_nothing_is_left_of_who_it_was_and_invoices_stay(shop: ErrandShop) -> None:
    conversation = (await shop.rows(ConversationRow))[0]

    assert await shop.privacy.erase("K-1001") == date(2033, 12, 31)

    left = await everything(shop)
    for what in (*PERSONAL, "nieuw@voorbeeld.example", "K-1001"):
        assert what not in left
    for model in GONE:
        assert await shop.count(model) == 0, model
    assert await shop.count(OrderLineRow) == 2
    [invoice] = await shop.rows(InvoiceRow)
    assert invoice.number == "F1"
    order = await shop.one_order()
    assert (order.street, order.email) == ("Beukenlaan", f"erased-{shop.customer}@invalid")
    [case] = await shop.rows(CaseRow)
    assert (case.kind, case.story, case.facts) == ("complaint", None, {})
    with pytest.raises(ConversationNotFoundError):
        await talking(shop).get_conversation(conversation.id)


async def test_what_was_put_aside_goes_back_on_the_shelf(shop: ErrandShop) -> None:
    assert await shop.stock_in("UTR", "TENT") == 1

    await shop.privacy.erase("K-1001")

    assert await shop.stock_in("UTR", "TENT") == 2


async def test_other_people_stay_as_they_are(shop: ErrandShop) -> None:
    tom = shop.asker(shop.tom)
    await shop.done(AlertWhenInStock("SHOE-44"), asker=tom)
    await shop.done(PutAside("TENT", "UTR"), asker=tom)

    await shop.privacy.erase("K-1001")

    told = await shop.privacy.export("K-2002")
    assert told["customer"]["email"] == "k-2002@voorbeeld.example"
    assert [len(told[table]) for table in ("stock_alerts", "collections", "outbox_letters")] == [1, 1, 1]


async def test_what_was_kept_goes_when_the_years_are_over(shop: ErrandShop) -> None:
    await shop.privacy.erase("K-1001")
    await forget_toms(shop)
    shop.clock.now = NOW.replace(year=2033, month=12, day=31)
    await shop.privacy.erase_due()
    assert await shop.count(OrderRow) == 1

    shop.clock.advance(timedelta(days=1))
    await shop.privacy.erase_due()

    assert [await shop.count(model) for model in (CustomerRow, OrderRow, InvoiceRow, CaseRow)] == [0] * 4
    assert await shop.count(AccountDeletionRow) == 0


async def test_who_orders_again_is_erased_when_that_is_settled(shop: ErrandShop) -> None:
    await shop.done(DeleteAccount())
    order = await shop.place("DD9", {"TENT": 1})
    shop.clock.advance(timedelta(days=30))
    assert await shop.privacy.erase_due() == 0

    async with shop.unit_of_work.write() as session:
        (await session.get_one(OrderRow, order.id)).cancelled_at = shop.clock.now

    assert await shop.privacy.erase_due() == 1


async def test_a_wish_that_was_withdrawn_erases_nobody(shop: ErrandShop) -> None:
    await shop.done(DeleteAccount())
    await shop.done(DeleteAccount())
    shop.clock.advance(timedelta(days=40))

    assert await shop.privacy.erase_due() == 0


async def test_what_is_erased_cannot_be_withdrawn(shop: ErrandShop) -> None:
    await shop.privacy.erase("K-1001")

    refused = await shop.refused(DeleteAccount())
    assert refused.obstacle is Obstacle.ALREADY_SO
    assert await shop.count(AccountDeletionRow) == 1


async def test_open_orders_and_money_on_its_way_are_settled_first(shop: ErrandShop) -> None:
    await shop.place("DD9", {"TENT": 1})
    with pytest.raises(ErasureRefusedError) as refused:
        await shop.privacy.erase("K-1001")
    assert refused.value.orders == ("DD9",)

    await shop.set_order(cancelled_at=NOW)
    await shop.refund(approved_at=NOW)
    with pytest.raises(ErasureRefusedError):
        await shop.privacy.erase("K-1001")
    assert (await shop.sanne()).email == EMAIL


async def test_a_failure_at_any_statement_erases_nothing_or_everything(
    shop: ErrandShop, engine: AsyncEngine
) -> None:
    before, failures = await everything(shop), 0
    while True:
        try:
            with FailingAt(engine, failures):
                await shop.privacy.erase("K-1001")
        except MachineFailedError:
            failures += 1
            if failures % 5 == 0:
                assert await everything(shop) == before
            continue
        break

    assert failures > 20
    assert EMAIL not in await everything(shop)


async def test_somebody_who_comes_back_is_a_new_customer(shop: ErrandShop) -> None:
    await shop.privacy.erase("K-1001")
    values: dict[str, Any] = {
        "external_id": "K-1001", "first_name": "Sanne", "last_name": "de Wit", "email": EMAIL,
        "language": "nl", "account_type": "personal", "registered_at": NOW,
    }  # fmt: skip
    async with shop.unit_of_work.write() as session:
        await session.execute(insert(CustomerRow).values(**values))

    told = await shop.privacy.export("K-1001")

    assert told["orders"] == []
