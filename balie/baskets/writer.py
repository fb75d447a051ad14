"""Changes one owner's basket, within one session: its lines, its codes, and whose it is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from balie.baskets.code_repository import CodeRepository
from balie.baskets.counter import Counter
from balie.baskets.kinds import Reason
from balie.baskets.limits import MOST_LINES, MOST_PIECES, WRONG_CODES_ALLOWED, WRONG_CODES_WINDOW
from balie.baskets.models import BasketRow, DiscountCodeRow
from balie.baskets.outcomes import Allowed, Refused, Verdict
from balie.baskets.repository import Article, BasketRepository
from balie.baskets.terms import BasketTerms
from balie.baskets.views import BasketView, Owner
from balie.catalogue.errors import ProductNotFoundError
from balie.storage.unit_of_work import Session

GUESSES: Final = frozenset({Reason.UNKNOWN, Reason.NOT_YOURS})
"""What counts as a wrong code: every other refusal is about a code that somebody was given."""


class BasketWriter:
    """Opens the basket, holds it until the transaction ends, and writes what may be written."""

    def __init__(
        self, session: Session, terms: BasketTerms, owner: Owner, counter: Counter, *, now: datetime
    ) -> None:
        self._baskets = BasketRepository(session)
        self._codes = CodeRepository(session)
        self._terms = terms
        self._owner = owner
        self._counter = counter
        self._now = now

    async def open(self) -> BasketRow:
        """The open basket, locked, with what the same person put in as a stranger."""
        basket = await self._baskets.open_locked(self._owner, self._terms.currency, self._now)
        if self._owner.customer_id is not None:
            left = await self._baskets.lock_strangers(self._owner.conversation_id)
            if left is not None:
                await self._move(left, basket)
        return basket

    async def put(self, sku: str, quantity: int, *, more: bool) -> Verdict:
        """Let so many of a variant lie in the basket, or so many more than do already.

        Raises:
            ProductNotFoundError: Nothing has this number.
        """
        article = await self._baskets.find_article(sku)
        if article is None:
            raise ProductNotFoundError(sku)
        if quantity < 1:
            return Refused(reason=Reason.NOT_A_QUANTITY)
        basket = await self.open()
        lying = await self._quantities(basket)
        there = lying.get(article.variant.id, 0) if more else 0
        refusal = self._refuse(article, wanted=there + quantity, there=there)
        if refusal is not None:
            return refusal
        if article.variant.id not in lying and len(lying) >= MOST_LINES:
            return Refused(reason=Reason.BASKET_FULL)
        await self._baskets.put_line(basket.id, article.variant.id, there + quantity, self._now)
        return Allowed()

    async def look_at(self, sku: str, quantity: int) -> tuple[Article | None, Verdict]:
        """Whether so many more of a variant could be put in, and what it is; nothing is changed.

        What a stranger left in this conversation is not counted yet: that is moved when something is put in.
        """
        article = await self._baskets.find_article(sku)
        if article is None:
            return None, Refused(reason=Reason.NOT_SOLD)
        if quantity < 1:
            return article, Refused(reason=Reason.NOT_A_QUANTITY)
        basket = await self._baskets.find_open(self._owner)
        lying = {} if basket is None else await self._quantities(basket)
        there = lying.get(article.variant.id, 0)
        refusal = self._refuse(article, wanted=there + quantity, there=there)
        if refusal is None and article.variant.id not in lying and len(lying) >= MOST_LINES:
            refusal = Refused(reason=Reason.BASKET_FULL)
        return article, refusal or Allowed()

    async def remove(self, sku: str) -> BasketView:
        """Take a variant out, if it is in."""
        basket = await self.open()
        await self._baskets.remove_line(basket.id, sku)
        return await self._counter.show(basket)

    async def enter(self, code: str) -> Verdict:
        """Enter a normalised code, if it may be used."""
        found, verdict = await self.check(code)
        if found is not None and isinstance(verdict, Allowed):
            basket = await self.open()
            await self._codes.enter(basket.id, found.id, self._now)
        return verdict

    async def check(self, code: str) -> tuple[DiscountCodeRow | None, Verdict]:
        """Whether a normalised code may be entered; the try is counted, unless it is a real one."""
        if await self.is_guessing():
            return None, Refused(reason=Reason.TOO_MANY_TRIES)
        found = await self._codes.find_code(code)
        if found is None:
            return None, Refused(reason=Reason.UNKNOWN)
        verdict = await self._counter.check_code(await self.open(), found)
        await self.forgive_unless_wrong(verdict)
        return found, verdict

    async def take_out(self, code: str | None) -> BasketView:
        """Take a normalised code out, if it is in, or every one (None)."""
        basket = await self.open()
        await self._codes.take_out(basket.id, code)
        return await self._counter.show(basket)

    async def order(self) -> bool:
        """Close the basket and count its codes as used; False when there is nothing to order."""
        basket = await self._baskets.lock_open(self._owner)
        if basket is None or not await self._baskets.list_lines(basket.id):
            return False
        counting = [code.id for code in await self._counter.find_counting(basket)]
        basket.ordered_at = self._now
        await self._codes.record_uses(
            counting, basket_id=basket.id, customer_id=self._owner.customer_id, now=self._now
        )
        return True

    async def is_guessing(self) -> bool:
        """Count a try before the code is looked at; whether there were too many wrong ones."""
        tried = await self._codes.count_attempt(
            self._owner.conversation_id, self._now, since=self._now - WRONG_CODES_WINDOW
        )
        return tried > WRONG_CODES_ALLOWED

    async def forgive_unless_wrong(self, verdict: object) -> None:
        """Take the count back when the code was a real one of this customer."""
        if not (isinstance(verdict, Refused) and verdict.reason in GUESSES):
            await self._codes.forgive_attempt(self._owner.conversation_id)

    def _refuse(self, article: Article, *, wanted: int, there: int) -> Refused | None:
        if not article.is_sold:
            return Refused(reason=Reason.NOT_SOLD)
        if article.variant.currency != self._terms.currency:
            return Refused(reason=Reason.OTHER_CURRENCY)
        if wanted > article.in_stock:
            at_most = max(0, min(article.in_stock, MOST_PIECES) - there)
            return Refused(reason=Reason.OUT_OF_STOCK, at_most=at_most)
        if wanted > MOST_PIECES:
            return Refused(reason=Reason.TOO_MANY, at_most=MOST_PIECES - there)
        return None

    async def _move(self, left: BasketRow, basket: BasketRow) -> None:
        """Move everything from one locked basket into another; of pieces over the most, some stay behind."""
        lying = await self._quantities(basket)
        for record in await self._baskets.list_lines(left.id):
            variant_id = record.line.variant_id
            together = min(lying.get(variant_id, 0) + record.line.quantity, MOST_PIECES)
            await self._baskets.put_line(basket.id, variant_id, together, self._now)
        for code in await self._codes.list_entered(left.id):
            await self._codes.enter(basket.id, code.id, self._now)
        await self._baskets.delete(left)

    async def _quantities(self, basket: BasketRow) -> dict[int, int]:
        return {
            record.line.variant_id: record.line.quantity
            for record in await self._baskets.list_lines(basket.id)
        }
