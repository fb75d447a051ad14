"""Makes links to pay, looks whether they were paid, and keeps what was promised. One link per order.

No transaction is open while the provider is asked. A link is written down before it is asked for, under a key
that stays: whoever dies in between, or hears no answer, asks again and gets the same payment.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from balie.kernel.back_off import wait_after
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, utc_now
from balie.orders.models import OrderRow
from balie.payments.errors import PaymentProviderDownError, PaymentRefusedError
from balie.payments.kinds import LinkRefusal, LinkState
from balie.payments.link_book import CHECK_EVERY, LinkBook, OpenLink, WantedLink
from balie.payments.models import PaymentLinkRow
from balie.payments.port import PaymentProvider, PaymentRequest, ProviderPayment
from balie.payments.repository import PaymentRepository
from balie.payments.terms import PaymentTerms
from balie.payments.views import LinkRefused, PaymentLink
from balie.storage.unit_of_work import Session, UnitOfWork

log = logging.getLogger(__name__)
Result = TypeVar("Result")

MOST_IN_A_ROW: Final = 100
CLAIMED_FOR: Final = timedelta(minutes=2)
"""Longer than a provider may take for all that is asked about one link."""
_MOST_ROUNDS: Final = 3
"""So often may somebody come in between before we say that the order is being changed."""


class PaymentLinks:
    """Everything about links that needs the provider."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        provider: PaymentProvider,
        terms: PaymentTerms,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._provider = provider
        self._terms = terms
        self._clock = clock
        self._timezone = timezone

    async def make(self, order_id: int, asked_key: str) -> PaymentLink | LinkRefused:
        """The link under which an order can be paid now: the one there is, or another.

        Raises:
            PaymentProviderDownError: There is no answer; asking again later gives the same link.
            LookupError: The order was erased.
        """
        for _ in range(_MOST_ROUNDS):
            await self.follow(order_id, renew=True)
            order, step = await self._write(order_id, lambda book, order: book.prepare(order, asked_key))
            if isinstance(step, WantedLink):
                step = await self._ask_for(step, order)
            if step is not None:
                return step
        return LinkRefused(order_number=order.number, reason=LinkRefusal.ORDER_CHANGED)

    async def follow(self, order_id: int, *, renew: bool = False) -> None:
        """Ask the provider about the order's open link, and end one that does not fit the order any more.

        Args:
            order_id: Of which order.
            renew: Whether one that fits is to end, too, when it does not last long enough to be handed out.

        Raises:
            PaymentProviderDownError: There is no answer; nothing was changed here.
        """
        open_link = await self._unit_of_work.run_asking(
            lambda session: self._book(session).find_open(order_id, renew=renew)
        )
        if open_link is None:
            return
        answer = await self._ask_about(open_link)
        async with self._unit_of_work.write() as session:
            await self._book(session).note_answer(open_link, order_id, answer)

    async def send_due(self) -> int:
        """Keep promises of links, and look after those that are open, until the provider does not answer.

        Returns:
            How many promises were kept.
        """
        kept = 0
        for _ in range(MOST_IN_A_ROW):
            now = self._clock()
            async with self._unit_of_work.write() as session:
                link = await PaymentRepository(session).claim_due_link(now, until=now + CLAIMED_FOR)
            if link is None:
                break
            try:
                kept += await self._look_after(link)
            except PaymentProviderDownError as error:
                log.warning("Link %d waits for the payment provider.", link.id)
                # Whether a link was paid is looked up again soon; the customer may be waiting for it.
                wait = CHECK_EVERY if link.state == LinkState.OPEN else wait_after(link.attempts + 1)
                await self._note_trouble(link.id, error.code, self._clock() + wait)
                break
        return kept

    async def _look_after(self, link: PaymentLinkRow) -> bool:
        try:
            if link.state == LinkState.OPEN:
                await self.follow(link.order_id)
                return False
            return isinstance(await self.make(link.order_id, link.asked_key), PaymentLink)
        except LookupError:
            log.info("The order of link %d was erased.", link.id)
            return False

    async def _ask_for(self, wanted: WantedLink, order: OrderRow) -> PaymentLink | LinkRefused | None:
        request = PaymentRequest(
            key=wanted.key,
            amount=wanted.amount,
            description=f"{self._terms.shop_name} {wanted.order_number}",
            return_url=self._terms.return_url,
        )
        try:
            answer = await self._provider.create_payment(request)
        except PaymentRefusedError as error:
            log.error("The payment provider makes no link %d: %s", wanted.link_id, error.reason)  # noqa: TRY400
            async with self._unit_of_work.write() as session:
                await self._book(session).note_refused(wanted.link_id, order.id, error.reason)
            return LinkRefused(order_number=order.number, reason=LinkRefusal.PROVIDER_REFUSED)
        _, link = await self._write(order.id, lambda book, order: book.note_made(wanted, order, answer))
        return link

    async def _ask_about(self, open_link: OpenLink) -> ProviderPayment | None:
        ask = self._provider.cancel_payment if open_link.is_to_end else self._provider.get_payment
        try:
            return await ask(open_link.provider_id)
        except PaymentRefusedError as error:
            log.error("The payment provider disowns link %d: %s", open_link.link_id, error.reason)  # noqa: TRY400
            return None

    async def _note_trouble(self, link_id: int, trouble: str, again_at: datetime) -> None:
        async with self._unit_of_work.write() as session:
            await self._book(session).note_trouble(link_id, trouble, again_at=again_at)

    async def _write(
        self, order_id: int, work: Callable[[LinkBook, OrderRow], Awaitable[Result]]
    ) -> tuple[OrderRow, Result]:
        async with self._unit_of_work.write() as session:
            order = await session.get(OrderRow, order_id)
            if order is None:
                raise LookupError(order_id)
            return order, await work(self._book(session), order)

    def _book(self, session: Session) -> LinkBook:
        return LinkBook(session, now=self._clock(), timezone=self._timezone)
