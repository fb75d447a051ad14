"""The life of a link to pay, one transaction at a time. Asks no provider.

The order is locked first, always, so that two tellers of the same order wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from balie.customers.repository import CustomerRepository
from balie.kernel.money import Money
from balie.orders.kinds import PaymentFailure, PaymentMethod
from balie.orders.models import OrderRow, PaymentRow
from balie.orders.scene import Scene
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository
from balie.payments.kinds import LinkRefusal, LinkState, ProviderState
from balie.payments.models import PaymentLinkRow
from balie.payments.money import due_minor
from balie.payments.port import ProviderPayment
from balie.payments.repository import PaymentRepository
from balie.payments.rules import key_of, lasts_long_enough, link_refusal
from balie.payments.views import LinkRefused, PaymentLink, PromisedLink
from balie.storage.unit_of_work import Session

CHECK_EVERY: Final = timedelta(minutes=1)
"""How often the provider is asked whether an open link was paid."""

LETTER: Final = "letter_payment_link"

_FAILURES: Final = {
    ProviderState.EXPIRED: PaymentFailure.EXPIRED,
    ProviderState.CANCELLED: PaymentFailure.ABANDONED,
    ProviderState.FAILED: PaymentFailure.TECHNICAL,
}
"""Why a try failed when the provider does not say it more exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLink:
    """A link that the provider has to be asked for."""

    link_id: int
    order_number: str
    key: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLink:
    """A link that the provider knows; ``is_to_end`` tells whether it must not be paid any more."""

    link_id: int
    provider_id: str
    is_to_end: bool


Step: TypeAlias = PaymentLink | LinkRefused | WantedLink | None
"""What comes next; None when somebody came in between, and it has to be looked at again."""


class LinkBook:
    """Writes one order's link down, within one session."""

    def __init__(self, session: Session, *, now: datetime, timezone: ZoneInfo) -> None:
        self._session = session
        self._payments = PaymentRepository(session)
        self._now = now
        self._timezone = timezone

    async def find_open(self, order_id: int, *, renew: bool) -> OpenLink | None:
        """The link of an order that is open at the provider, or None. Locks nothing.

        Args:
            order_id: Of which order.
            renew: Whether one that fits the order is to end, too, when it does not last long enough.
        """
        link = await self._payments.find_live_link(order_id)
        if link is None or link.provider_id is None:
            return None
        order = await self._session.get(OrderRow, order_id)
        if order is None:
            return None
        payment = await self._payments.find_payment(link.payment_id)
        scene = await self._look(order)
        fits = self._is_usable(link, payment, scene) if renew else _fits(link, payment, scene)
        return OpenLink(link_id=link.id, provider_id=link.provider_id, is_to_end=not fits)

    async def find_usable(self, order: OrderRow) -> tuple[PaymentLink | None, bool]:
        """The link that can be paid now, as far as we know, and whether one is going to be mailed."""
        link = await self._payments.find_live_link(order.id)
        if link is None:
            return None, False
        payment = await self._payments.find_payment(link.payment_id)
        is_usable = self._is_usable(link, payment, await self._look(order))
        is_promised = link.promised_at is not None and link.mailed_at is None
        return (_view(link, order) if is_usable else None), is_promised

    async def prepare(self, order: OrderRow, asked_key: str) -> Step:
        """Find the link that can be handed out, or write down that one is wanted."""
        await self._payments.lock_order(order.id)
        scene = await self._look(order)
        link = await self._payments.find_live_link(order.id)
        refusal = _refusal(scene)
        if refusal is not None:
            if link is not None and link.state == LinkState.WANTED:
                self._end(link)
            return LinkRefused(order_number=order.number, reason=refusal)
        if link is not None and link.state == LinkState.OPEN:
            payment = await self._payments.find_payment(link.payment_id)
            return _view(link, order) if self._is_usable(link, payment, scene) else None
        if link is None or link.amount_minor != due_minor(scene):
            link = await self._want(order, due_minor(scene), asked_key, instead_of=link)
        return WantedLink(
            link_id=link.id,
            order_number=order.number,
            key=link.key,
            amount=Money(link.amount_minor, order.currency),
        )

    async def promise(self, order: OrderRow, asked_key: str) -> PromisedLink | LinkRefused:
        """Write down that a link goes by mail as soon as there is one; there and then, where there is."""
        await self._payments.lock_order(order.id)
        scene = await self._look(order)
        refusal = _refusal(scene)
        if refusal is not None:
            return LinkRefused(order_number=order.number, reason=refusal)
        link = await self._payments.find_live_link(order.id)
        due = due_minor(scene)
        if link is None or (link.state == LinkState.WANTED and link.amount_minor != due):
            link = await self._want(order, due, asked_key, instead_of=link)
        repeated = link.promised_at is not None
        if not repeated:
            link.promised_at = link.due_at = self._now
        payment = await self._payments.find_payment(link.payment_id)
        if link.state == LinkState.OPEN and self._is_usable(link, payment, scene):
            await self._mail(link, order)
        return PromisedLink(order_number=order.number, amount=Money(due, order.currency), repeated=repeated)

    async def note_made(
        self, wanted: WantedLink, order: OrderRow, answer: ProviderPayment
    ) -> PaymentLink | None:
        """Write down what the provider made; None when it is of no use by now."""
        await self._payments.lock_order(order.id)
        link = await self._payments.find_link(wanted.link_id)
        if link is None or link.state == LinkState.ENDED:
            return None
        scene = await self._look(order)
        if link.state == LinkState.WANTED:
            link.payment_id = await self._open_payment(scene, link, answer)
            link.state = LinkState.OPEN.value
            link.provider_id, link.checkout_url = answer.provider_id, answer.checkout_url
            link.expires_at = answer.expires_at
            self._rest(link)
        payment = await self._payments.find_payment(link.payment_id)
        if not self._is_usable(link, payment, scene):
            return None
        if link.promised_at is not None:
            await self._mail(link, order)
        return _view(link, order)

    async def note_refused(self, link_id: int, order_id: int, trouble: str) -> None:
        """Write down that the provider will make no such link."""
        await self._payments.lock_order(order_id)
        link = await self._payments.find_link(link_id)
        if link is not None and link.state == LinkState.WANTED:
            link.trouble = trouble
            self._end(link)

    async def note_answer(self, open_link: OpenLink, order_id: int, answer: ProviderPayment | None) -> None:
        """Write down how a payment stands at the provider; None when it knows of no such payment."""
        order = await self._payments.lock_order(order_id)
        link = await self._payments.find_link(open_link.link_id)
        if order is None or link is None or link.state != LinkState.OPEN:
            return
        if answer is not None and answer.state is ProviderState.OPEN:
            self._rest(link)
            return
        payment = await self._payments.find_payment(link.payment_id)
        if payment is not None:
            _settle(payment, answer, now=self._now, withdrawn=open_link.is_to_end)
        self._end(link)
        await self._session.flush()
        scene = await self._look(order)
        if link.promised_at is not None and link.mailed_at is None and _refusal(scene) is None:
            await self._want(order, due_minor(scene), link.asked_key, instead_of=link)

    async def note_trouble(self, link_id: int, trouble: str, *, again_at: datetime) -> None:
        """Write down that the provider gave no answer, and when to try again."""
        link = await self._payments.find_link(link_id)
        if link is not None and link.state != LinkState.ENDED:
            link.attempts += 1
            link.trouble, link.due_at, link.claimed_until = trouble, again_at, None

    async def _look(self, order: OrderRow) -> Scene:
        return await self._payments.load_scene(order, now=self._now, timezone=self._timezone)

    def _is_usable(self, link: PaymentLinkRow, payment: PaymentRow | None, scene: Scene) -> bool:
        lasts = link.expires_at is not None and lasts_long_enough(link.expires_at, self._now)
        return lasts and _fits(link, payment, scene)

    async def _want(
        self, order: OrderRow, amount_minor: int, asked_key: str, *, instead_of: PaymentLinkRow | None
    ) -> PaymentLinkRow:
        if instead_of is not None and instead_of.state != LinkState.ENDED:
            self._end(instead_of)
            await self._session.flush()
        promised_at = None if instead_of is None else instead_of.promised_at
        number = await self._payments.count_links(order.id) + 1
        link = PaymentLinkRow(
            order_id=order.id,
            key=key_of("link", order.number, number, self._now, amount_minor),
            asked_key=asked_key,
            amount_minor=amount_minor,
            state=LinkState.WANTED.value,
            created_at=self._now,
            promised_at=promised_at,
            attempts=0,
            due_at=None if promised_at is None else self._now,
        )
        self._session.add(link)
        await self._session.flush()
        return link

    async def _open_payment(self, scene: Scene, link: PaymentLinkRow, answer: ProviderPayment) -> int:
        """The try to pay that the link is: one that a change left open for the same amount, or another."""
        payment = next(
            (
                one
                for one in scene.open_payments
                if one.provider_id is None and one.amount_minor == link.amount_minor
            ),
            None,
        )
        if payment is None:
            method = answer.method or scene.payment_method or PaymentMethod.IDEAL
            payment = PaymentRow(
                order_id=link.order_id,
                method=method.value,
                amount_minor=link.amount_minor,
                started_at=self._now,
            )
            self._session.add(payment)
        payment.provider_id = answer.provider_id
        await self._session.flush()
        return payment.id

    async def _mail(self, link: PaymentLinkRow, order: OrderRow) -> None:
        customer = await CustomerRepository(self._session).find_by_id(order.customer_id)
        if link.mailed_at is not None or customer is None or link.expires_at is None:
            return
        hours = max(int((link.expires_at - self._now) / timedelta(hours=1)), 1)
        letter = Letter(
            name=LETTER,
            recipient=customer.email,
            language=customer.language,
            facts={
                "order_number": order.number,
                "amount": link.amount_minor,
                "url": link.checkout_url,
                "hours": hours,
            },
            customer_id=customer.id,
        )
        await OutboxRepository(self._session).put(letter, key=f"payment_link:{link.key}", at=self._now)
        link.mailed_at = self._now

    def _rest(self, link: PaymentLinkRow) -> None:
        link.attempts, link.trouble, link.claimed_until = 0, None, None
        link.due_at = self._now + CHECK_EVERY

    def _end(self, link: PaymentLinkRow) -> None:
        link.state, link.ended_at = LinkState.ENDED.value, self._now
        link.due_at = link.claimed_until = None


def _fits(link: PaymentLinkRow, payment: PaymentRow | None, scene: Scene) -> bool:
    """Whether a link asks for what is due, to the cent, and its try to pay has not ended."""
    if payment is None or payment.failed_at is not None or payment.paid_at is not None:
        return False
    return _refusal(scene) is None and link.amount_minor == due_minor(scene)


def _refusal(scene: Scene) -> LinkRefusal | None:
    return link_refusal(is_cancelled=scene.record.order.cancelled_at is not None, due_minor=due_minor(scene))


def _view(link: PaymentLinkRow, order: OrderRow) -> PaymentLink | None:
    if link.checkout_url is None or link.expires_at is None:
        return None
    return PaymentLink(
        order_number=order.number,
        amount=Money(link.amount_minor, order.currency),
        url=link.checkout_url,
        expires_at=link.expires_at,
    )


def _settle(payment: PaymentRow, answer: ProviderPayment | None, *, now: datetime, withdrawn: bool) -> None:
    """Note on a try how it ended. Money that came in counts, even where the try had been given up."""
    if answer is not None and answer.state is ProviderState.PAID:
        payment.paid_at = answer.paid_at or now
        payment.failed_at = payment.failure = None
        payment.method = payment.method if answer.method is None else answer.method.value
    elif payment.failed_at is None:
        payment.failed_at = now
        payment.failure = _failure(answer, withdrawn=withdrawn).value


def _failure(answer: ProviderPayment | None, *, withdrawn: bool) -> PaymentFailure:
    if answer is None:
        return PaymentFailure.TECHNICAL
    if answer.state is ProviderState.CANCELLED and withdrawn:
        return PaymentFailure.WITHDRAWN
    return answer.failure or _FAILURES.get(answer.state, PaymentFailure.TECHNICAL)
