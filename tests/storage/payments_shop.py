"""The changing shop with a payment provider: what customers, the provider and the loop do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from balie.audit.turns import Turn
from balie.kernel.simulated_trouble import Troubles
from balie.orders.kinds import PaymentFailure
from balie.orders.models import PaymentRow, RefundRow
from balie.outbox.models import OutboxLetterRow
from balie.payments.kinds import ProviderState
from balie.payments.links import PaymentLinks
from balie.payments.models import PaymentLinkRow, ProviderRefundRow, SimulatedPaymentRow, SimulatedRefundRow
from balie.payments.money_back import MoneyBack
from balie.payments.service import PaymentService
from balie.payments.simulated import SimulatedProvider
from balie.payments.terms import PaymentTerms
from balie.payments.views import (
    DoubleChargeOutcome,
    LinkRefused,
    PaymentLink,
    PaymentSituation,
    PromisedLink,
)
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NOW, NUMBER, ChangingShop, a_turn, shop_facts


class PayingShop(ChangingShop):
    """One customer, one order, and a provider that does what a test says."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        super().__init__(unit_of_work)
        terms = PaymentTerms.from_shop(shop_facts())
        self.provider = SimulatedProvider(unit_of_work, base_url="https://balie.example", clock=self.clock)
        self.links = PaymentLinks(unit_of_work, self.provider, terms, clock=self.clock)
        self.payments = PaymentService(unit_of_work, self.links, terms, clock=self.clock)
        self.money_back = MoneyBack(unit_of_work, self.provider, clock=self.clock)

    async def open(self, **order: Any) -> PayingShop:
        await super().open(**order)
        return self

    @property
    def troubles(self) -> Troubles:
        return self.provider.troubles

    async def situation(self) -> PaymentSituation:
        return await self.payments.get_situation(self.customer, NUMBER)

    async def ask_link(self, key: str = "m1") -> PaymentLink | LinkRefused:
        return await self.payments.make_retry_link(self.customer, NUMBER, key=key)

    async def link(self, key: str = "m1") -> PaymentLink:
        link = await self.ask_link(key)
        assert isinstance(link, PaymentLink), link
        return link

    async def promise(self, key: str = "m1") -> PromisedLink | LinkRefused:
        return await self.payments.promise_link(self.customer, NUMBER, key=key)

    async def use(self, link: PaymentLink, failure: PaymentFailure | None = None) -> None:
        """The customer opens the link and pays, unless that fails."""
        await self.provider.decide(link.url.rpartition("/")[2], failure=failure)

    async def refund_double(self, payment_id: int, *, turn: Turn | None = None) -> DoubleChargeOutcome:
        return await self.payments.refund_double_charge(
            self.customer, NUMBER, payment_id, turn=turn or a_turn()
        )

    async def pay_through_provider(self, amount_minor: int | None = None, *, name: str = "pay-1") -> int:
        """A payment the provider took in the shop's own checkout; its id."""
        amount = self.order.total_minor if amount_minor is None else amount_minor
        taken = SimulatedPaymentRow(
            provider_id=name, key=name, amount_minor=amount, currency="EUR", description=NUMBER,
            return_url="", state=ProviderState.PAID.value, expires_at=NOW + timedelta(days=1), paid_at=NOW,
        )  # fmt: skip
        payment = PaymentRow(
            order_id=self.order.id, method="ideal", amount_minor=amount, started_at=NOW, paid_at=NOW,
            provider_id=name,
        )  # fmt: skip
        await self.add(taken)
        await self.add(payment)
        return payment.id

    async def owe(self, amount_minor: int, *, payment_id: int | None = None) -> int:
        """A refund that is approved; its id."""
        refund = RefundRow(
            order_id=self.order.id, payment_id=payment_id, method="ideal", amount_minor=amount_minor,
            asked_at=self.clock(), approved_at=self.clock(),
        )  # fmt: skip
        await self.add(refund)
        return refund.id

    async def given_back(self) -> int:
        """What the provider really gave back, in cents."""
        async with self.unit_of_work.read() as session:
            return int(await session.scalar(select(func.sum(SimulatedRefundRow.amount_minor))) or 0)

    async def all_of(self, model: type[Any]) -> list[Any]:
        async with self.unit_of_work.read() as session:
            return list((await session.scalars(select(model).order_by(*model.__table__.primary_key))).all())

    async def link_rows(self) -> list[PaymentLinkRow]:
        return await self.all_of(PaymentLinkRow)

    async def parts(self) -> list[ProviderRefundRow]:
        return await self.all_of(ProviderRefundRow)

    async def letters(self) -> list[OutboxLetterRow]:
        return await self.all_of(OutboxLetterRow)

    async def until_quiet(self, rounds: int = 12) -> None:
        """The loop goes on for as long as the longest wait, again and again."""
        for _ in range(rounds):
            await self.money_back.send_due()
            await self.links.send_due()
            self.clock.advance(timedelta(hours=6))
