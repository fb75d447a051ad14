"""What is put into a basket, a discount code that is used, and what is left on a gift card.

Codes are guessed by some: looking at one is counted before anything is told of it.
"""

from __future__ import annotations

from typing import Any, Final

from balie.baskets.code_repository import CodeRepository
from balie.baskets.codes import normalise_code
from balie.baskets.counter import Counter
from balie.baskets.kinds import Reason
from balie.baskets.outcomes import Refused
from balie.baskets.repository import BasketRepository
from balie.baskets.rules import check_gift_card
from balie.baskets.service import card_facts
from balie.baskets.views import BasketView, Owner
from balie.baskets.writer import BasketWriter
from balie.errands.asked import AddToBasket, CheckGiftCard, UseDiscount
from balie.errands.kinds import Obstacle
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.kernel.ids import ConversationId

_INSTEAD: Final = {
    Reason.OUT_OF_STOCK: "back_in_stock_alert",
    Reason.TOO_MANY_TRIES: "contact_human_agent",
}


async def prepare_basket(visit: Visit, errand: AddToBasket) -> Prepared | ErrandRefused:
    """So many of a variant in the basket; refused when there are not so many, or it is not sold."""
    writer = _writer(visit)
    article, verdict = await writer.look_at(errand.sku, errand.quantity)
    if article is None:
        return ErrandRefused(obstacle=Obstacle.NOT_SOLD)
    if isinstance(verdict, Refused):
        return _refuse(verdict, {"names": article.product.names})
    price = article.variant.price_minor
    facts: Facts = {
        "names": article.product.names,
        "size": article.variant.size,
        "colours": article.variant.colours,
        "quantity": errand.quantity,
        "price": price,
        "total": price * errand.quantity,
    }

    async def write() -> Facts:
        await writer.put(errand.sku, errand.quantity, more=True)
        return _describe(await _show(visit))

    return Prepared(facts=facts, write=write, before={"price": price}, after={"added": errand.quantity})


async def prepare_discount(visit: Visit, errand: UseDiscount) -> Prepared | ErrandRefused:
    """A discount code in the basket; refused with the reason that the shop's rules give."""
    writer, code = _writer(visit), normalise_code(errand.code)
    found, verdict = await writer.check(code)
    if found is None or isinstance(verdict, Refused):
        return _refuse(verdict, {"code": code})
    facts: Facts = {"code": found.code, "percent": found.percent, "amount": found.amount_minor}

    async def write() -> Facts:
        await writer.enter(code)
        return _describe(await _show(visit))

    return Prepared(facts=facts, write=write, before={"code": None}, after={"code": found.code})


async def prepare_gift_card(visit: Visit, errand: CheckGiftCard) -> Prepared | ErrandRefused:
    """What is left on a gift card; nothing is changed, so nothing has to be confirmed."""
    writer, code = _writer(visit), normalise_code(errand.code)
    if await writer.is_guessing():
        return ErrandRefused(obstacle=Obstacle.TOO_MANY_TRIES, instead="contact_human_agent")
    found = await CodeRepository(visit.session).find_card(visit.baskets.digests.digest(code))
    card = check_gift_card(card_facts(found), currency=visit.baskets.terms.currency, today=visit.today)
    await writer.forgive_unless_wrong(card)
    if isinstance(card, Refused):
        return _refuse(card, {})
    facts: Facts = {
        "balance": card.balance.minor_units,
        "last_four": card.last_four,
        "expires_on": card.expires_on.isoformat(),
    }

    async def write() -> Facts:
        return {}

    return Prepared(facts=facts, write=write)


def _owner(visit: Visit) -> Owner:
    asker = visit.asker
    return Owner(customer_id=asker.customer_id, conversation_id=ConversationId(asker.conversation_id))


def _writer(visit: Visit) -> BasketWriter:
    return BasketWriter(visit.session, visit.baskets.terms, _owner(visit), _counter(visit), now=visit.now)


def _counter(visit: Visit) -> Counter:
    return Counter(visit.session, visit.baskets.terms, _owner(visit), today=visit.today)


async def _show(visit: Visit) -> BasketView:
    return await _counter(visit).show(await BasketRepository(visit.session).find_open(_owner(visit)))


def _describe(basket: BasketView) -> Facts:
    return {
        "pieces": basket.pieces,
        "basket_total": basket.total.minor_units,
        "gives": basket.discount.minor_units,
        "free_delivery_in": None if basket.free_delivery_in is None else basket.free_delivery_in.minor_units,
    }


def _refuse(refused: object, facts: dict[str, Any]) -> ErrandRefused:
    if not isinstance(refused, Refused):
        return ErrandRefused(obstacle=Obstacle.UNKNOWN, facts=facts)
    more = {
        "missing": None if refused.missing is None else refused.missing.minor_units,
        "minimum": None if refused.minimum is None else refused.minimum.minor_units,
        "day": None if refused.on is None else refused.on.isoformat(),
        "at_most": refused.at_most,
        "other_code": refused.other_code,
    }
    return ErrandRefused(
        obstacle=Obstacle(refused.reason.value), instead=_INSTEAD.get(refused.reason), facts={**facts, **more}
    )
