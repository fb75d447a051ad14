"""Reports of what is broken, wrong or missing, and the guarantee: what is written, and what is refused."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import update

from balie.cases.kinds import CaseKind, Remedy
from balie.cases.models import CaseRow
from balie.catalogue.models import ProductVariantRow
from balie.kernel.money import Money
from balie.orders.changes_asked import ReportProblem
from balie.orders.kinds import ReturnMethod
from balie.orders.models import RefundRow, ReservationRow, ReturnLineRow, ReturnRow
from balie.orders.outcomes import Done, Outcome
from balie.orders.policy_facts import Change, Elsewhere, Reason
from balie.outbox.models import OutboxLetterRow
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.changes_shop import NUMBER, ChangingShop, a_turn, shop_facts, shop_terms

SHOES, TENT = 1, 2
ANSWERED_BY = date(2026, 11, 5)
"""Two working days after the Tuesday of the still clock."""


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> ChangingShop:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=3)
    return shop


def report(
    problem: CaseKind = CaseKind.DAMAGED,
    remedy: Remedy = Remedy.REPLACEMENT,
    *,
    position: int = SHOES,
    quantity: int = 1,
    method: ReturnMethod = ReturnMethod.PARCEL,
) -> ReportProblem:
    return ReportProblem(
        problem=problem,
        position=position,
        quantity=quantity,
        remedy=remedy,
        photos=("p1", "p2"),
        story="the sole came off",
        method=method,
    )


async def the_case(shop: ChangingShop) -> CaseRow:
    [case] = await shop.rows(CaseRow)
    assert isinstance(case, CaseRow)
    return case


async def test_a_broken_shoe_is_replaced_and_the_new_one_kept_aside(shop: ChangingShop) -> None:
    done = await shop.make(report())

    assert isinstance(done, Done)
    case = await the_case(shop)
    assert (case.kind, case.remedy, case.state, case.wants_person) == (
        "damaged", "replacement", "open", False,
    )  # fmt: skip
    assert case.facts == {"position": SHOES, "quantity": 1, "photos": ["p1", "p2"]}
    assert (case.story, case.promised_by) == ("the sole came off", ANSWERED_BY)
    assert (done.case_number, done.return_number) == (case.number, f"R{NUMBER}-1")
    assert await shop.in_stock("SHOE-42") == 4
    assert [one.quantity for one in await shop.rows(ReservationRow)] == [1]
    assert [one.reason for one in await shop.rows(ReturnLineRow)] == ["damaged"]
    assert await shop.refunded() == []


@pytest.mark.parametrize("price", [5000, 12000])
async def test_another_of_the_same_costs_nothing_and_brings_nothing_whatever_its_price_is_today(
    shop: ChangingShop, price: int
) -> None:
    async with shop.unit_of_work.write() as session:
        await session.execute(
            update(ProductVariantRow).where(ProductVariantRow.sku == "SHOE-42").values(price_minor=price)
        )

    done = await shop.make(report())

    assert isinstance(done, Done)
    assert (done.effects.refund, done.effects.to_pay, await shop.refunded()) == (None, None, [])


async def test_money_back_for_a_broken_shoe_costs_no_parcel_fee(shop: ChangingShop) -> None:
    done = await shop.make(report(remedy=Remedy.REFUND))

    assert isinstance(done, Done)
    assert (done.effects.refund, done.effects.fee) == (Money(8000), None)
    [refund] = await shop.rows(RefundRow)
    assert refund.approved_at is None, "it waits for the item"


async def test_the_label_and_the_number_of_the_case_are_mailed_in_the_same_transaction(
    shop: ChangingShop,
) -> None:
    await shop.make(report())

    letters = await shop.rows(OutboxLetterRow)
    assert sorted(letter.letter for letter in letters) == ["letter_case_opened", "letter_return_label"]


async def test_what_is_missing_is_sent_after_all_without_anything_coming_back(shop: ChangingShop) -> None:
    done = await shop.make(report(CaseKind.MISSING_ITEM))

    assert isinstance(done, Done)
    assert (done.return_number, await shop.count(ReturnRow)) == (None, 0)
    assert await shop.in_stock("SHOE-42") == 4


async def test_the_price_of_what_is_missing_goes_back_at_once(shop: ChangingShop) -> None:
    done = await shop.make(report(CaseKind.MISSING_ITEM, Remedy.REFUND, quantity=2))

    assert isinstance(done, Done)
    assert done.effects.refund == Money(16000)
    [refund] = await shop.rows(RefundRow)
    assert refund.approved_at is not None


async def test_what_is_missing_and_dear_is_left_to_a_person(unit_of_work: UnitOfWork) -> None:
    facts = shop_facts()
    facts["damage"]["person_above"] = 15000
    shop = await ChangingShop(unit_of_work, shop_terms().from_shop(facts)).open()
    await shop.pay()
    await shop.ship(delivered=3)

    done = await shop.make(report(CaseKind.MISSING_ITEM, Remedy.REFUND, quantity=2))

    assert isinstance(done, Done)
    assert done.effects.wants_person
    assert (await the_case(shop)).wants_person
    assert (await shop.refunded(), await shop.in_stock("SHOE-42")) == ([], 5)


async def test_no_more_is_given_back_than_is_held(shop: ChangingShop) -> None:
    first = await shop.make(report(CaseKind.MISSING_ITEM, Remedy.REFUND, quantity=2))
    second = await shop.make(report(CaseKind.MISSING_ITEM, Remedy.REFUND, position=TENT))

    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert sum(await shop.refunded()) <= shop.order.total_minor


async def test_the_same_pieces_are_reported_once(shop: ChangingShop) -> None:
    await shop.make(report(CaseKind.MISSING_ITEM, quantity=2))

    again = await shop.refusal(report(CaseKind.MISSING_ITEM))

    assert (again.reason, again.alternative) == (Reason.ALREADY_REPORTED, Elsewhere.PERSON)


async def test_of_two_shoes_the_other_one_may_be_reported_too(shop: ChangingShop) -> None:
    await shop.make(report(CaseKind.MISSING_ITEM))

    refused = await shop.refusal(report(CaseKind.MISSING_ITEM, quantity=2))
    done = await shop.make(report(CaseKind.MISSING_ITEM))

    assert refused.reason is Reason.TOO_MANY
    assert isinstance(done, Done)


async def test_what_comes_back_already_cannot_be_reported(shop: ChangingShop) -> None:
    await shop.make(report(remedy=Remedy.REFUND, quantity=2))

    assert (await shop.refusal(report())).reason is Reason.ALREADY_ANNOUNCED


@pytest.mark.parametrize("quantity", [0, -1])
async def test_no_pieces_are_no_report(shop: ChangingShop, quantity: int) -> None:
    assert (await shop.refusal(report(quantity=quantity))).reason is Reason.INVALID_QUANTITY


async def test_a_remedy_that_cannot_be_had_is_refused(shop: ChangingShop) -> None:
    await shop.set_stock("SHOE-42", 0)

    assert (await shop.refusal(report())).reason is Reason.OUT_OF_STOCK
    assert (await shop.refusal(report(remedy=Remedy.REPAIR))).reason is Reason.OUT_OF_STOCK


async def test_an_item_that_is_not_there_is_refused(shop: ChangingShop) -> None:
    assert (await shop.refusal(report(position=9))).reason is Reason.NO_SUCH_ITEM


async def test_the_same_turn_again_reports_nothing(shop: ChangingShop) -> None:
    turn = a_turn()
    offered = await shop.offer(report())

    first = await shop.confirm(report(), offered, turn=turn)
    second = await shop.confirm(report(), offered, turn=turn)

    assert isinstance(second, Done)
    assert isinstance(first, Done)
    assert second.repeated
    assert second.case_number == first.case_number
    assert (await shop.count(CaseRow), await shop.count(ReturnRow)) == (1, 1)


async def test_two_tabs_at_once_open_one_case(shop: ChangingShop) -> None:
    asked = report(CaseKind.MISSING_ITEM, quantity=2)
    offered = await shop.offer(asked)

    outcomes: list[Outcome] = await asyncio.gather(*(shop.confirm(asked, offered) for _ in range(2)))

    assert sum(isinstance(one, Done) for one in outcomes) == 1
    assert await shop.count(CaseRow) == 1


async def test_after_the_days_for_damage_the_guarantee_helps(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=60)

    refused = await shop.refusal(report())
    repaired = await shop.make(report(CaseKind.WARRANTY, Remedy.REPLACEMENT))

    assert (refused.reason, refused.alternative) == (Reason.PERIOD_OVER, Elsewhere.WARRANTY)
    assert isinstance(repaired, Done)


async def test_after_its_years_the_guarantee_is_over(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()
    await shop.ship(delivered=2 * 365 + 1)

    refused = await shop.refusal(report(CaseKind.WARRANTY))

    assert (refused.reason, refused.alternative) == (Reason.PERIOD_OVER, Elsewhere.PERSON)


async def test_what_has_not_arrived_cannot_be_reported(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work).open()
    await shop.pay()

    refused = await shop.refusal(report())

    assert (refused.reason, refused.alternative) == (Reason.NOT_SHIPPED, Elsewhere.TRACK_ORDER)


async def test_what_is_never_taken_back_is_left_to_a_person(unit_of_work: UnitOfWork) -> None:
    shop = await ChangingShop(unit_of_work, shop_terms(excluded=["shoes"])).open()
    await shop.pay()
    await shop.ship(delivered=3)

    done = await shop.make(report(remedy=Remedy.REFUND))

    assert isinstance(done, Done)
    assert (done.effects.wants_person, done.return_number) == (True, None)


async def test_the_options_say_what_can_be_done_about_an_item(shop: ChangingShop) -> None:
    await shop.set_stock("TENT", 0)

    options = await shop.service.list_options(shop.customer, NUMBER, Change.REPORT_DAMAGE)

    assert [item.trouble.in_stock for item in options.items] == [True, False]
