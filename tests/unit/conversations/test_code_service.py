"""One-time codes on a real store: right ones, wrong ones, old ones, other people's, and a hundred at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from balie.conversations.code_service import CodeService
from balie.conversations.codes import (
    Addressee,
    CodeAccepted,
    CodeChecked,
    CodeRefused,
    CodeRequested,
    NoCode,
)
from balie.conversations.errors import CodesLimitedError, ConversationNotFoundError
from balie.conversations.service import ConversationService
from balie.conversations.views import Proof
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.codes import CodeBook, list_codes, list_letters
from tests.support.store import add_customer

SANNE = "k-1001@voorbeeld.example"
NOBODY = "niemand@nergens.example"


async def open_one(conversations: ConversationService) -> ConversationId:
    return (await conversations.open_conversation()).id


async def sanne(unit_of_work: UnitOfWork) -> Addressee:
    return Addressee(await add_customer(unit_of_work), SANNE, "nl")


async def test_the_right_code_makes_the_customer_known(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    clock.advance(timedelta(minutes=9))

    checked = await codes.check_code(here, "482913")

    assert checked == CodeAccepted(customer.customer_id)
    known = await conversations.get_conversation(here)
    assert (known.customer_id, known.proof) == (customer.customer_id, Proof.EMAIL_CODE)
    assert (known.proven_at, known.proven_order_number) == (clock(), None)


async def test_the_code_is_in_the_letter_and_nowhere_else(
    conversations: ConversationService,
    codes: CodeService,
    unit_of_work: UnitOfWork,
    clock: StillClock,
    code_book: CodeBook,
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)

    requested = await codes.request_code(here, customer=customer, recipient=SANNE)

    assert requested == CodeRequested(clock() + timedelta(minutes=10))
    [letter], [code] = await list_letters(unit_of_work), await list_codes(unit_of_work)
    assert (letter.letter, letter.recipient, letter.language) == ("letter_one_time_code", SANNE, "nl")
    assert letter.facts == {"code": "482913", "minutes": 10}
    assert (letter.key, letter.customer_id) == (f"code:{code['id']}", customer.customer_id)
    assert code_book.rings == 1
    assert "482913" not in str(code)
    assert SANNE not in str(code)


async def test_five_wrong_tries_and_the_code_is_dead(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)

    wrong = [await codes.check_code(here, f"00000{number}") for number in range(5)]

    assert wrong == [CodeRefused(left) for left in (4, 3, 2, 1, 0)]
    assert await codes.check_code(here, "482913") == NoCode()
    assert (await conversations.get_conversation(here)).customer_id is None


async def test_a_code_may_still_be_right_at_the_fifth_try(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    for number in range(4):
        await codes.check_code(here, f"00000{number}")

    assert await codes.check_code(here, "482913") == CodeAccepted(customer.customer_id)


async def test_after_ten_minutes_a_code_is_no_code(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)
    clock.advance(timedelta(minutes=10))

    assert await codes.check_code(here, "482913") == NoCode()


async def test_a_code_works_once(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)
    await codes.check_code(here, "482913")

    assert await codes.check_code(here, "482913") == NoCode()


async def test_only_the_newest_code_counts(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    await codes.request_code(here, customer=customer, recipient=SANNE)

    assert await codes.check_code(here, "482913") == CodeRefused(4)
    assert await codes.check_code(here, "482914") == CodeAccepted(customer.customer_id)


async def test_a_used_code_does_not_bring_an_older_one_back(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    await codes.check_code(here, "482914")

    assert await codes.check_code(here, "482913") == NoCode()


async def test_a_code_works_only_in_its_own_conversation(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, elsewhere = await open_one(conversations), await open_one(conversations)
    customer = await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)

    assert await codes.check_code(elsewhere, "482913") == NoCode()
    await codes.request_code(elsewhere, customer=customer, recipient=SANNE)
    assert await codes.check_code(elsewhere, "482913") == CodeRefused(4)
    assert await codes.check_code(here, "482913") == CodeAccepted(customer.customer_id)


async def test_an_unknown_address_gets_the_same_answers_and_rows_but_no_letter(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork, code_book: CodeBook
) -> None:
    known, unknown = await open_one(conversations), await open_one(conversations)
    customer = await sanne(unit_of_work)

    answers = [
        await codes.request_code(known, customer=customer, recipient=SANNE),
        await codes.request_code(unknown, customer=None, recipient=NOBODY),
    ]
    tries = [await codes.check_code(place, "000000") for place in (known, unknown)]

    assert answers[0] == answers[1]
    assert tries == [CodeRefused(4)] * 2
    first, second = await list_codes(unit_of_work)
    assert [name for name in first if first[name] is None] == ["used_at"]
    assert [name for name in second if second[name] is None] == ["customer_id", "used_at"]
    assert (first["tries"], second["tries"]) == (1, 1)
    assert len(await list_letters(unit_of_work)) == 1
    assert code_book.rings == 2


async def test_even_the_right_guess_of_an_unknown_addresss_code_is_wrong(
    conversations: ConversationService, codes: CodeService
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=None, recipient=NOBODY)

    assert await codes.check_code(here, "482913") == CodeRefused(4)


async def test_three_codes_an_hour_in_one_conversation(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    here = await open_one(conversations)
    for number in range(3):
        await codes.request_code(here, customer=None, recipient=f"{number}{NOBODY}")

    with pytest.raises(CodesLimitedError):
        await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)
    assert await list_letters(unit_of_work) == []
    assert len(await list_codes(unit_of_work)) == 3
    clock.advance(timedelta(hours=1, seconds=1))
    await codes.request_code(here, customer=None, recipient=SANNE)


@pytest.mark.parametrize("is_known", [True, False])
async def test_five_codes_a_day_for_one_address_known_or_not(
    conversations: ConversationService,
    codes: CodeService,
    unit_of_work: UnitOfWork,
    clock: StillClock,
    is_known: bool,
) -> None:
    customer = await sanne(unit_of_work) if is_known else None
    for _ in range(5):
        await codes.request_code(await open_one(conversations), customer=customer, recipient=SANNE)

    with pytest.raises(CodesLimitedError):
        await codes.request_code(await open_one(conversations), customer=customer, recipient=SANNE)
    await codes.request_code(await open_one(conversations), customer=None, recipient=NOBODY)
    clock.advance(timedelta(days=1, seconds=1))
    await codes.request_code(await open_one(conversations), customer=customer, recipient=SANNE)


async def test_codes_that_no_limit_counts_any_more_are_forgotten_and_their_ids_stay_taken(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork, clock: StillClock
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)
    [first] = await list_codes(unit_of_work)
    async with unit_of_work.write() as session:
        await session.execute(text("DELETE FROM one_time_codes"))
    clock.advance(timedelta(days=2))

    await codes.request_code(here, customer=customer, recipient=SANNE)
    clock.advance(timedelta(days=2))
    await codes.request_code(here, customer=customer, recipient=SANNE)

    [kept] = await list_codes(unit_of_work)
    assert kept["id"] == first["id"] + 2
    # A letter whose key came again would never be sent.
    assert len(await list_letters(unit_of_work)) == 3


async def test_tries_at_once_are_all_counted(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)

    checked: Sequence[CodeChecked] = await asyncio.gather(
        *(codes.check_code(here, f"{number:06}") for number in range(20))
    )

    left = sorted(one.tries_left for one in checked if isinstance(one, CodeRefused))
    assert left == [0, 1, 2, 3, 4]
    assert checked.count(NoCode()) == 15


async def test_the_right_code_typed_at_once_in_two_tabs_is_used_once(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)
    await codes.request_code(here, customer=customer, recipient=SANNE)

    checked = await asyncio.gather(*(codes.check_code(here, "482913") for _ in range(4)))

    assert checked.count(CodeAccepted(customer.customer_id)) == 1
    assert checked.count(NoCode()) == 3


async def test_codes_asked_for_at_once_do_not_pass_the_limit(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here, customer = await open_one(conversations), await sanne(unit_of_work)

    asked = await asyncio.gather(
        *(codes.request_code(here, customer=customer, recipient=SANNE) for _ in range(6)),
        return_exceptions=True,
    )

    assert sum(isinstance(one, CodesLimitedError) for one in asked) == 3
    assert len(await list_letters(unit_of_work)) == 3


async def test_an_erased_customer_leaves_no_code(
    conversations: ConversationService, codes: CodeService, unit_of_work: UnitOfWork
) -> None:
    here = await open_one(conversations)
    await codes.request_code(here, customer=await sanne(unit_of_work), recipient=SANNE)
    async with unit_of_work.write() as session:
        await session.execute(text("DELETE FROM customers"))

    assert await list_codes(unit_of_work) == []
    assert await codes.check_code(here, "482913") == NoCode()


async def test_a_conversation_that_does_not_exist_has_no_codes(codes: CodeService) -> None:
    nowhere = ConversationId(UUID(int=0))

    with pytest.raises(ConversationNotFoundError):
        await codes.request_code(nowhere, customer=None, recipient=NOBODY)
    assert await codes.check_code(nowhere, "482913") == NoCode()
