"""One person's part in recommendations: told, and taken away with them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from balie.conversations.holdings import HOLDINGS as CONVERSATIONS
from balie.errands.holdings import HOLDINGS
from balie.errands.privacy import PrivacyService
from balie.errands.terms import ErrandTerms
from balie.recommendations.asked import Who
from balie.recommendations.events import ShopEvent
from balie.recommendations.holdings import HOLDINGS as RECOMMENDATIONS
from balie.recommendations.kinds import EventKind, ListKind
from balie.recommendations.models import (
    DismissalRow,
    ExposureRow,
    OutcomeRow,
    RecommendedPersonallyRow,
    ShopEventRow,
)
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.recommending_shop import NOW, RecommendingShop, shop_facts


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> RecommendingShop:
    return await RecommendingShop(unit_of_work).open()


@pytest.fixture
def privacy(shop: RecommendingShop) -> PrivacyService:
    holdings = (*HOLDINGS, *RECOMMENDATIONS, *CONVERSATIONS)
    return PrivacyService(shop.unit_of_work, ErrandTerms.from_shop(shop_facts()), holdings, clock=shop.clock)


async def live_through_everything(shop: RecommendingShop, external_id: str) -> None:
    customer = await shop.customer(external_id)
    who = Who(customer, await shop.conversation(customer))
    await shop.pairs(ListKind.COMPLEMENTARY, "BIKE", "HELMET", "LIGHT")
    shown = await shop.show(who, occasion=external_id)
    await shop.outcomes.dismiss(who, "LIGHT", shown.items[1].key)
    await shop.events.take(
        who, [ShopEvent(id=uuid4(), kind=EventKind.VIEW, at=NOW, sku="HELMET")], page_agreed=True
    )


async def test_everything_is_told(shop: RecommendingShop, privacy: PrivacyService) -> None:
    await live_through_everything(shop, "K-1")

    told = await privacy.export("K-1")

    assert [event["sku"] for event in told["shop_events"]] == ["HELMET"]
    assert [row["sku"] for row in told["recommendation_dismissals"]] == ["LIGHT"]
    exposures = told["recommendation_exposures"]
    assert [row["sku"] for row in exposures] == ["HELMET", "LIGHT"]
    assert [row["kind"] for row in exposures[1]["recommendation_outcomes"]] == ["dismissed"]
    assert not {"key", "run_id", "visitor", "conversation_id"} & {*exposures[0], *told["shop_events"][0]}


async def test_what_was_shown_stays_without_whom_and_the_rest_goes(
    shop: RecommendingShop, privacy: PrivacyService
) -> None:
    await live_through_everything(shop, "K-1")
    await live_through_everything(shop, "K-2")
    await shop.personal((await shop.rows(ExposureRow, "customer_id"))[0], "TENT")

    await privacy.erase("K-1")

    owners = await shop.rows(ExposureRow, "customer_id")
    assert [owner is None for owner in owners] == [True, True, False, False]
    assert [each is None for each in await shop.rows(ExposureRow, "conversation_id")] == [
        True,
        True,
        False,
        False,
    ]
    assert len(await shop.rows(OutcomeRow, "id")) == 2
    assert await shop.rows(DismissalRow, "customer_id") == owners[2:3]
    assert await shop.rows(ShopEventRow, "customer_id") == owners[2:3]
    assert await shop.rows(RecommendedPersonallyRow, "sku") == []
