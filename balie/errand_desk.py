"""Puts together what errands need (:mod:`balie.bootstrap` hands out the rest)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from balie.baskets.codes import CardDigests
from balie.baskets.service import BasketService
from balie.baskets.terms import BasketTerms
from balie.conversations.holdings import HOLDINGS as CONVERSATIONS
from balie.errands.holdings import HOLDINGS
from balie.errands.links import LinkService
from balie.errands.preparing import BasketBooks, Outside, Rings
from balie.errands.privacy import PrivacyService
from balie.errands.service import ErrandService
from balie.errands.terms import ErrandTerms
from balie.gateway.services import MailedLinks
from balie.gateway.tokens import AccountCodes, AccountLinks
from balie.jobs.chores import list_chores
from balie.jobs.housekeeping import Chore
from balie.kernel.clock import Clock
from balie.kernel.ids import ConversationId
from balie.orders.changes import ChangeService
from balie.recommendations.holdings import HOLDINGS as RECOMMENDATIONS
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Bells:
    """Who hears of what was done.

    Attributes:
        post: Rung when a letter was promised.
        basket: Rung for the page of a conversation whose basket has changed.
    """

    post: Rings
    basket: Callable[[ConversationId], None]


@dataclass(frozen=True, slots=True)
class ErrandDesk:
    """Errands, the links that they mail, and what is held about a person.

    Attributes:
        timezone: Where the shop's days begin and end.
    """

    errands: ErrandService
    mailed_links: MailedLinks
    privacy: PrivacyService
    timezone: ZoneInfo


def open_errand_desk(
    settings: Settings, unit_of_work: UnitOfWork, shop: Mapping[str, Any], bells: Bells, clock: Clock
) -> ErrandDesk:
    """Everything about errands.

    Args:
        settings: With their secrets.
        unit_of_work: The store.
        shop: Its facts, as parsed.
        bells: Who hears of what was done.
        clock: The present moment.

    Raises:
        ShopTermsError: The shop's facts lack something.
    """
    terms, timezone = ErrandTerms.from_shop(shop), ZoneInfo(shop["timezone"])
    secret, shop_secret = settings.secret.get_secret_value(), settings.shop_secret.get_secret_value()
    links = AccountLinks(secret, settings.resolved_public_url, lifetime=terms.link_lifetime, clock=clock)
    baskets = BasketBooks(BasketTerms.from_shop(shop), CardDigests(secret), bells.basket)
    outside = Outside(bells.post, links, baskets)
    return ErrandDesk(
        errands=ErrandService(unit_of_work, terms, outside, clock=clock, timezone=timezone),
        mailed_links=MailedLinks(
            LinkService(unit_of_work, clock=clock), links, AccountCodes(shop_secret, clock=clock)
        ),
        privacy=open_privacy(unit_of_work, shop, clock),
        timezone=timezone,
    )


def open_baskets(
    settings: Settings, unit_of_work: UnitOfWork, shop: Mapping[str, Any], clock: Clock
) -> BasketService:
    """The baskets, with discounts and gift cards; arguments as of :func:`open_errand_desk`."""
    terms, timezone = BasketTerms.from_shop(shop), ZoneInfo(shop["timezone"])
    secret = settings.secret.get_secret_value()
    return BasketService(unit_of_work, terms, secret, clock=clock, timezone=timezone)


def open_privacy(unit_of_work: UnitOfWork, shop: Mapping[str, Any], clock: Clock) -> PrivacyService:
    """What tells and erases a person, with everything that any feature holds about them.

    Raises:
        ShopTermsError: The shop's facts lack something.
    """
    return PrivacyService(
        unit_of_work,
        ErrandTerms.from_shop(shop),
        (*HOLDINGS, *RECOMMENDATIONS, *CONVERSATIONS),
        clock=clock,
        timezone=ZoneInfo(shop["timezone"]),
    )


def errand_chores(
    unit_of_work: UnitOfWork, desk: ErrandDesk, changes: ChangeService, clock: Clock
) -> Mapping[str, Chore]:
    """What has to be done now and then, by what it did."""
    return list_chores(unit_of_work, changes, desk.privacy, clock=clock, timezone=desk.timezone)
