"""Whatever fails, in whatever order, and however often it is tried again: money goes once and to the cent."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balie.kernel.money import Money
from balie.orders.kinds import PaymentFailure
from balie.orders.models import PaymentRow, RefundRow
from balie.payments.errors import PaymentProviderDownError
from balie.payments.models import SimulatedPaymentRow, SimulatedRefundRow
from balie.payments.port import PaymentRequest, ProviderPayment, ProviderRefund
from balie.payments.simulated import SimulatedProvider
from balie.payments.views import PaymentLink
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.payments_shop import PayingShop
from tests.support.store import copy_database, opened

# BALIE_EXAMPLES=10000 looks at many more; the usual run at few: each is a database.
EXAMPLES = int(os.environ.get("BALIE_EXAMPLES", "20"))

Step: TypeAlias = tuple[str, int]
COMMON = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

troubles = st.one_of(
    st.tuples(st.just("down"), st.integers(1, 3)),
    st.tuples(st.just("lose"), st.integers(1, 3)),
    st.tuples(st.just("die"), st.integers(1, 2)),
)
later = st.tuples(st.just("later"), st.sampled_from([1, 3, 60, 600]))


class DiedError(BaseException):
    """The process ends where this is raised."""


class DeadlyProvider(SimulatedProvider):
    """Does what it is asked, and then the process that asked is gone before it can note the answer."""

    deaths = 0

    def _perhaps_die(self) -> None:
        if self.deaths:
            self.deaths -= 1
            raise DiedError

    async def create_payment(self, request: PaymentRequest) -> ProviderPayment:
        answer = await super().create_payment(request)
        self._perhaps_die()
        return answer

    async def refund(self, provider_id: str, amount: Money, *, key: str) -> ProviderRefund:
        answer = await super().refund(provider_id, amount, key=key)
        self._perhaps_die()
        return answer


class MortalShop(PayingShop):
    """The paying shop whose process may die at the provider's door; another one then goes on."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__(unit_of_work)
        self.deadly = DeadlyProvider(unit_of_work, clock=self.clock, base_url="https://balie.example")
        self.provider = self.links._provider = self.money_back._provider = self.deadly

    async def take(self, step: Step) -> None:
        what, number = step
        if what == "down":
            self.troubles.down_for += number
        elif what == "lose":
            self.troubles.lose_answers += number
        elif what == "die":
            self.deadly.deaths += number
        elif what == "later":
            self.clock.advance(timedelta(minutes=number))
        elif what == "owe":
            await self.owe(number)
        else:
            await self.try_to(what)

    async def try_to(self, what: str) -> None:
        try:
            if what == "send":
                await self.money_back.send_due()
            elif what == "look after":
                await self.links.send_due()
            elif what == "promise":
                await self.promise()
            else:
                await self._use_link(what)
        except (DiedError, PaymentProviderDownError):
            return

    async def _use_link(self, what: str) -> None:
        link = await self.ask_link()
        if isinstance(link, PaymentLink) and what != "ask":
            await self.use(link, PaymentFailure.CARD_DECLINED if what == "fail" else None)

    async def heal(self) -> None:
        self.troubles.down_for = self.troubles.lose_answers = self.deadly.deaths = 0
        await self.until_quiet(4)


@COMMON
@given(
    st.lists(
        troubles | later | st.tuples(st.just("owe"), st.integers(1, 9_000)) | st.just(("send", 0)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([(9_000,), (5_000, 4_000), (3_000, 3_000, 3_000)]),
)
def test_every_refund_goes_back_exactly_once_or_not_at_all(steps: list[Step], paid: tuple[int, ...]) -> None:
    asyncio.run(_refund(steps, paid))


async def _refund(steps: list[Step], paid: tuple[int, ...]) -> None:
    with TemporaryDirectory() as folder:
        async with opened(copy_database(Path(folder))) as unit_of_work:
            shop = MortalShop(unit_of_work)
            await shop.open()
            for number, amount in enumerate(paid):
                await shop.pay_through_provider(amount, name=f"pay-{number}")
            for step in steps:
                await shop.take(step)
                assert await shop.given_back() <= sum(paid)
            await shop.heal()
            await _check_refunds(shop, sum(paid))


async def _check_refunds(shop: MortalShop, paid: int) -> None:
    refunds = await shop.rows(RefundRow)
    wanted = sum(refund.amount_minor for refund in refunds if refund.paid_at is not None)
    assert await shop.given_back() == wanted <= paid
    parts = Counter[int]()
    for part in await shop.parts():
        assert part.state == "done"
        parts[part.refund_id] += part.amount_minor
    assert parts == {one.id: one.amount_minor for one in refunds if one.paid_at is not None}
    left = paid - wanted
    # What was not paid is what was not there any more.
    assert all(one.amount_minor > left for one in refunds if one.paid_at is None)
    gone = Counter[str]()
    for sent in await shop.all_of(SimulatedRefundRow):
        gone[sent.provider_id] += sent.amount_minor
    taken = {one.provider_id: one.amount_minor for one in await shop.all_of(SimulatedPaymentRow)}
    assert all(amount <= taken[provider_id] for provider_id, amount in gone.items())


@COMMON
@given(
    st.lists(
        troubles
        | later
        | st.sampled_from([(what, 0) for what in ("ask", "pay", "fail", "promise", "look after")]),
        min_size=1,
        max_size=12,
    )
)
def test_an_order_is_paid_once_through_whatever_links(steps: list[Step]) -> None:
    asyncio.run(_pay(steps))


async def _pay(steps: list[Step]) -> None:
    with TemporaryDirectory() as folder:
        async with opened(copy_database(Path(folder))) as unit_of_work:
            shop = MortalShop(unit_of_work)
            await shop.open()
            for step in steps:
                await shop.take(step)
                await _check_links(shop)
            await shop.heal()
            await _check_links(shop)
            known = [one for one in await shop.rows(PaymentRow) if one.paid_at is not None]
            assert len(known) == len([one for one in await shop.all_of(SimulatedPaymentRow) if one.paid_at])


async def _check_links(shop: MortalShop) -> None:
    simulated = await shop.all_of(SimulatedPaymentRow)
    assert sum(one.paid_at is not None for one in simulated) <= 1
    assert {one.amount_minor for one in simulated} <= {shop.order.total_minor}
    links = await shop.link_rows()
    assert sum(one.state != "ended" for one in links) <= 1
    promised = [one for one in links if one.mailed_at is not None]
    assert len(await shop.letters()) == len(promised)
