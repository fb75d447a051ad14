"""Returns that a carrier comes for: what they cost, when it comes, and that nothing else changes."""

from __future__ import annotations

from datetime import date

import pytest

from balie.kernel.money import Money
from balie.orders.changes_asked import ReturnItems, ReturnWish
from balie.orders.kinds import ReturnMethod, ReturnReason
from balie.orders.models import ReturnRow
from balie.orders.outcomes import Done, Refused, outcome_document, read_outcome
from balie.orders.policy_facts import Reason
from balie.orders.return_labels import ReturnLabels
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NUMBER, ChangingShop, a_turn, shop_terms

SHOES = 1
FEE = 595
TOMORROW = date(2026, 11, 4)
SATURDAY = date(2026, 11, 7)


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=3)
    return shop


def picked_up(
    day: date | None = TOMORROW, *, reason: ReturnReason = ReturnReason.TOO_SMALL, sku: str | None = None
) -> ReturnItems:
    wish = ReturnWish(position=SHOES, quantity=1, reason=reason, variant_sku=sku)
    return ReturnItems((wish,), ReturnMethod.PICK_UP, day)


async def test_the_day_is_kept_with_the_return_and_told(shop: ChangingShop) -> None:
    done = await shop.make(picked_up())

    assert isinstance(done, Done)
    assert (done.effects.pick_up_on, done.effects.send_by) == (TOMORROW, None)
    [row] = await shop.rows(ReturnRow)
    assert (row.method, row.pick_up_on, row.track_code) == ("pick_up", TOMORROW, None)
    [entry] = await shop.audited()
    assert entry.after["returns"][0]["pick_up_on"] == "2026-11-04"


async def test_it_has_a_price_of_its_own(shop: ChangingShop) -> None:
    done = await shop.make(picked_up())

    assert isinstance(done, Done)
    assert (done.effects.refund, done.effects.fee) == (Money(8000 - FEE), Money(FEE))


async def test_it_is_free_where_a_parcel_is(shop: ChangingShop) -> None:
    await shop.make(picked_up(reason=ReturnReason.DAMAGED))
    await shop.join_club()
    await shop.make(picked_up())

    assert await shop.refunded() == [8000, 8000]


async def test_an_exchange_can_be_picked_up_too(shop: ChangingShop) -> None:
    done = await shop.make(picked_up(sku="SHOE-43"))

    assert isinstance(done, Done)
    assert (done.effects.pick_up_on, done.effects.refund) == (TOMORROW, None)


@pytest.mark.parametrize("day", [None, SATURDAY], ids=["no day", "a Saturday"])
async def test_another_day_is_refused_with_the_first_that_is_possible(
    shop: ChangingShop, day: date | None
) -> None:
    refused = await shop.refusal(picked_up(day))

    assert (refused.reason, refused.possible_from) == (Reason.PICK_UP_NOT_POSSIBLE, TOMORROW)
    assert read_outcome(outcome_document(refused)) == refused


async def test_nobody_comes_abroad(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open(country="GB")
    await shop.pay()
    await shop.ship(delivered=3)

    refused = await shop.refusal(picked_up())

    assert (refused.reason, refused.possible_from) == (Reason.PICK_UP_NOT_POSSIBLE, None)


async def test_a_day_that_has_passed_by_the_time_of_the_yes_is_refused(shop: ChangingShop) -> None:
    offered = await shop.offer(picked_up())
    shop.clock.now = shop.clock.now.replace(day=5)

    outcome = await shop.confirm(picked_up(), offered)

    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.PICK_UP_NOT_POSSIBLE


async def test_a_yes_is_for_the_day_that_was_shown(shop: ChangingShop) -> None:
    offered = await shop.offer(picked_up())

    outcome = await shop.service.make(
        shop.customer, NUMBER, picked_up(date(2026, 11, 5)), turn=a_turn(), confirmed=offered.offer_id
    )

    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.ORDER_CHANGED


async def test_a_day_means_nothing_for_other_ways_back(shop: ChangingShop) -> None:
    request = ReturnItems(picked_up().wishes, ReturnMethod.PARCEL, SATURDAY)

    done = await shop.make(request)

    assert isinstance(done, Done)
    assert done.effects.pick_up_on is None
    assert [row.pick_up_on for row in await shop.rows(ReturnRow)] == [None]


async def test_its_label_says_when_the_carrier_comes(shop: ChangingShop) -> None:
    done = await shop.make(picked_up())
    assert isinstance(done, Done)

    label = await ReturnLabels(shop.unit_of_work, shop_terms()).get_label(str(done.return_number))

    assert (label.pick_up_on, label.track_code) == (TOMORROW, None)
