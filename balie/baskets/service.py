"""What may be done with baskets, discount codes and gift cards.

Each method is one short transaction. Whoever changes a basket holds its row, so that two tabs of one customer
come one after the other and both count.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias
from zoneinfo import ZoneInfo

from balie.audit.repository import AuditRepository
from balie.audit.turns import Turn
from balie.baskets.code_repository import CardRecord, CodeRepository
from balie.baskets.codes import CardDigests, normalise_code
from balie.baskets.counter import Counter
from balie.baskets.kinds import Doing, Reason
from balie.baskets.outcomes import Refused, Verdict, read_verdict, verdict_document
from balie.baskets.repository import BasketRepository
from balie.baskets.rules import CardFacts, check_gift_card
from balie.baskets.terms import BasketTerms
from balie.baskets.views import BasketView, Changed, GiftCardView, Outcome, Owner
from balie.baskets.writer import BasketWriter
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.kernel.money import Money
from balie.storage.unit_of_work import Session, UnitOfWork

Decide: TypeAlias = Callable[[BasketWriter], Awaitable[Verdict]]


class BasketService:
    """Fills baskets, enters codes and looks at gift cards, for customers and for strangers.

    What a stranger put into a basket becomes the customer's as soon as the conversation knows who it is.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        terms: BasketTerms,
        secret: str,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: Transactions.
            terms: The shop's own.
            secret: The service's; the codes of gift cards are known by a digest that is keyed with it.
            clock: The present moment.
            timezone: Where the shop's days begin and end.
        """
        self._unit_of_work = unit_of_work
        self._terms = terms
        self._digests = CardDigests(secret)
        self._clock = clock
        self._timezone = timezone

    async def get_basket(self, owner: Owner) -> BasketView:
        """The basket as it is now, with today's prices; an empty one when nothing was put in yet."""

        async def look(session: Session) -> BasketView | None:
            baskets = BasketRepository(session)
            if owner.customer_id is not None and await baskets.is_left_by_a_stranger(owner.conversation_id):
                return None
            return await self._counter(session, owner).show(await baskets.find_open(owner))

        basket = await self._unit_of_work.run_asking(look)
        if basket is not None:
            return basket
        async with self._unit_of_work.write() as session:
            return await self._counter(session, owner).show(await self._writer(session, owner).open())

    async def add_to_basket(
        self, owner: Owner, sku: str, quantity: int, *, key: Turn | None = None
    ) -> Outcome:
        """Put more of a variant into the basket.

        Args:
            owner: Whose basket.
            sku: Which variant.
            quantity: How many more, 1 to 99 together with those that are there.
            key: The turn that asks for it: the same one again changes nothing; None when it is nobody's turn.

        Returns:
            The basket; or refused as ``not_a_quantity``, ``too_many``, ``out_of_stock`` (``at_most`` says how
            many more could be had), ``not_sold``, ``other_currency`` or ``basket_full``.

        Raises:
            ProductNotFoundError: Nothing has this number.
            ChangeKeyTakenError: The turn has done this for somebody else.
        """
        return await self._change(
            owner, lambda writer: writer.put(sku, quantity, more=True), doing=Doing.ADD, key=key
        )

    async def change_line(self, owner: Owner, sku: str, quantity: int, *, key: Turn | None = None) -> Outcome:
        """Let so many of a variant lie in the basket, whether some do already or not.

        Returns:
            The basket; or refused as by :meth:`add_to_basket`.

        Raises:
            ProductNotFoundError: Nothing has this number.
            ChangeKeyTakenError: The turn has done this for somebody else.
        """
        return await self._change(
            owner, lambda writer: writer.put(sku, quantity, more=False), doing=Doing.CHANGE_LINE, key=key
        )

    async def remove_line(self, owner: Owner, sku: str) -> BasketView:
        """Take a variant out; the basket stays as it is when it was not in it."""
        async with self._unit_of_work.write() as session:
            return await self._writer(session, owner).remove(sku)

    async def apply_discount(self, owner: Owner, code: str, *, key: Turn | None = None) -> Outcome:
        """Enter a discount code.

        Args:
            owner: Whose basket.
            code: As typed.
            key: See :meth:`add_to_basket`.

        Returns:
            The basket with the code in it; or refused with every reason that concerns discount codes.

        Raises:
            ChangeKeyTakenError: The turn has done this for somebody else.
        """
        normalised = normalise_code(code)
        return await self._change(
            owner, lambda writer: writer.enter(normalised), doing=Doing.APPLY_DISCOUNT, key=key
        )

    async def remove_discount(self, owner: Owner, code: str | None = None) -> BasketView:
        """Take a code out of the basket, or every one (None); nothing happens when it is not in it."""
        async with self._unit_of_work.write() as session:
            named = None if code is None else normalise_code(code)
            return await self._writer(session, owner).take_out(named)

    async def check_gift_card(self, owner: Owner, code: str) -> GiftCardView | Refused:
        """What is on a gift card, and what it would pay of the basket.

        Args:
            owner: Who asks, and whose basket it would pay.
            code: As typed.

        Returns:
            The card; or refused as ``unknown``, ``expired``, ``empty``, ``other_currency`` or
            ``too_many_tries``.
        """
        digest = self._digests.digest(normalise_code(code))
        async with self._unit_of_work.write() as session:
            writer = self._writer(session, owner)
            if await writer.is_guessing():
                return Refused(reason=Reason.TOO_MANY_TRIES)
            found = await CodeRepository(session).find_card(digest)
            card = check_gift_card(card_facts(found), currency=self._terms.currency, today=self._today())
            await writer.forgive_unless_wrong(card)
            if isinstance(card, Refused):
                return card
            return await self._card_view(session, owner, card)

    async def close_basket(self, owner: Owner) -> bool:
        """Say that the shop's checkout has made an order of the basket; its codes count as used from now on.

        Returns:
            False when there was nothing to order, or another tab was faster.
        """
        async with self._unit_of_work.write() as session:
            return await self._writer(session, owner).order()

    async def _change(self, owner: Owner, decide: Decide, *, doing: Doing, key: Turn | None) -> Outcome:
        """Decide and write in one transaction, once per key; what was answered stays answered."""
        async with self._unit_of_work.write() as session:
            audit, writer = AuditRepository(session), self._writer(session, owner)
            if key is None:
                return await self._outcome(session, owner, await decide(writer))
            if not await audit.claim(key, doing.value, owner.customer_id, self._clock()):
                said = read_verdict(await audit.get_outcome(key, doing.value, owner.customer_id))
                return replace(await self._outcome(session, owner, said), repeated=True)
            verdict = await decide(writer)
            await audit.record_outcome(key, doing.value, verdict_document(verdict))
            return await self._outcome(session, owner, verdict)

    async def _outcome(self, session: Session, owner: Owner, verdict: Verdict) -> Outcome:
        if isinstance(verdict, Refused):
            return verdict
        basket = await BasketRepository(session).find_open(owner)
        return Changed(basket=await self._counter(session, owner).show(basket))

    async def _card_view(self, session: Session, owner: Owner, card: CardFacts) -> GiftCardView:
        basket = await BasketRepository(session).find_open(owner)
        totals = await self._counter(session, owner).price(basket, card.balance)
        return GiftCardView(
            balance=card.balance,
            expires_on=card.expires_on,
            last_four=card.last_four,
            pays=Money(totals.gift_card_minor, card.balance.currency),
            left_to_pay=Money(totals.to_pay_minor, card.balance.currency),
        )

    def _counter(self, session: Session, owner: Owner) -> Counter:
        return Counter(session, self._terms, owner, today=self._today())

    def _writer(self, session: Session, owner: Owner) -> BasketWriter:
        counter = self._counter(session, owner)
        return BasketWriter(session, self._terms, owner, counter, now=self._clock())

    def _today(self) -> date:
        return local_day(self._clock(), self._timezone)


def card_facts(found: CardRecord | None) -> CardFacts | None:
    """What the rules look at of a card; None where there is none."""
    if found is None:
        return None
    return CardFacts(
        balance=Money(found.balance_minor, found.card.currency),
        last_four=found.card.last_four,
        expires_on=found.card.expires_on,
        blocked=found.card.blocked,
    )
