"""The figures, counted by both databases from the same rows."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from balie.handoff.numbers import NumbersService
from balie.handoff.numbers_behind import Figure, Wanted
from balie.handoff.numbers_repository import NumbersQuery
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock
from tests.support.numbers import DeskBook, after, feeling
from tests.support.store import add_customer

SHOP = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 2)


@pytest.fixture
def clock() -> StillClock:
    return StillClock(after(days=10))


@pytest.fixture
def book(unit_of_work: UnitOfWork) -> DeskBook:
    return DeskBook(unit_of_work)


@pytest.fixture
def numbers(unit_of_work: UnitOfWork, clock: StillClock) -> NumbersService:
    return NumbersService(unit_of_work, clock=clock, timezone=SHOP)


def week(numbers: NumbersService, *, team: str | None = None, language: str | None = None) -> NumbersQuery:
    return NumbersQuery(numbers.period(MONDAY, MONDAY + timedelta(days=6)), team, language)


async def behind(numbers: NumbersService, figure: Figure, **part: object) -> list[UUID]:
    wanted = Wanted(figure, **part)  # type: ignore[arg-type]
    found = await numbers.list_behind(week(numbers), wanted)
    assert found.count == len(found.items)
    return [each.conversation_id for each in found.items]


async def a_served_customer(book: DeskBook, agent_id: int, **facts: object) -> tuple[UUID, UUID]:
    """Angry before, content after; asked at 10:02, accepted 10:03, answered 10:04, ended 10:12."""
    conversation = await book.add_conversation(
        ("customer", after(0), feeling("anger", 0.9)),
        ("assistant", after(0.1)),
        ("customer", after(1), feeling("anger", 0.7)),
        ("assistant", after(1.1)),
        ("customer", after(2.5), feeling("anger", 1.0)),
        ("agent", after(4)),
        ("customer", after(8), feeling("gratitude", 0.8)),
        ("customer", after(9), feeling("anger", 1.0, known=False)),
        ("agent", after(11)),
        ("customer", after(13), feeling("anger", 1.0)),
    )
    handoff = await book.add_handoff(
        conversation,
        after(2),
        **{
            "agent_id": agent_id,
            "accepted_at": after(3),
            "first_reply_at": after(4),
            "first_reply_due_at": after(4),
            "code": "solved",
            "ended_at": after(12),
            **facts,
        },
    )
    return conversation, handoff


async def test_a_week_is_counted_as_by_hand(book: DeskBook, numbers: NumbersService) -> None:
    agent = await book.add_agent()
    served, handoff = await a_served_customer(book, agent)
    answered = await book.add_conversation(("customer", after(30)), ("assistant", after(31)))
    unanswered = await book.add_conversation(
        ("customer", after(40)), ("assistant:utter_default", after(41)), language="en"
    )
    await book.add_rating(served, after(13), 4, handoff)
    await book.add_rating(answered, after(60), None)

    total = (await numbers.overview(week(numbers))).total

    assert total.conversations == 3
    assert (total.handoff_rate.count, total.handoff_rate.of) == (1, 3)
    assert [share.count for share in (total.by_assistant, total.by_person, total.unsolved)] == [1, 1, 1]
    assert (total.handoffs, total.reasons) == (1, {"asked": 1})
    assert (total.first_reply.median_s, total.in_time.count, total.resolution.median_s) == (120, 1, 600)
    assert (total.ratings.average, total.ratings.answered.count, total.ratings.answered.of) == (4, 1, 2)
    assert await behind(numbers, Figure.BY_PERSON) == [served]
    assert await behind(numbers, Figure.BY_ASSISTANT) == [answered]
    assert await behind(numbers, Figure.UNSOLVED) == [unanswered]
    assert await behind(numbers, Figure.CONVERSATIONS) == [unanswered, answered, served]
    assert await behind(numbers, Figure.RATINGS, score=4) == [served]
    assert await behind(numbers, Figure.RATINGS, score=5) == []


async def test_moods_are_of_the_last_messages_that_could_be_read(
    book: DeskBook, numbers: NumbersService
) -> None:
    served, _ = await a_served_customer(book, await book.add_agent())

    mood = (await numbers.overview(week(numbers))).total.mood

    # Before: 10:00 and 10:01, not 10:02:30, when nobody had accepted. After: 10:08; not what came later.
    assert (mood.count, mood.better) == (1, 1)
    assert (mood.before, mood.after) == pytest.approx((-0.8, 0.8))
    assert await behind(numbers, Figure.MOOD_BETTER) == [served]
    assert await behind(numbers, Figure.MOOD_WORSE) == []


async def test_a_mood_without_its_other_half_is_not_counted(book: DeskBook, numbers: NumbersService) -> None:
    conversation = await book.add_conversation(("customer", after(0), feeling("anger")), ("agent", after(5)))
    agent = await book.add_agent()
    await book.add_handoff(
        conversation, after(1), agent_id=agent, accepted_at=after(3), ended_at=after(9), code="no_answer"
    )

    assert (await numbers.overview(week(numbers))).total.mood.count == 0


async def test_repeats_are_found_in_the_same_conversation_and_in_the_next_one(
    book: DeskBook, numbers: NumbersService, unit_of_work: UnitOfWork
) -> None:
    customer = await add_customer(unit_of_work)
    within_a_day = await book.add_conversation(
        ("customer", after(0)),
        ("assistant", after(1)),
        ("customer", after(1, hours=5)),
        ("assistant", after(2, hours=5)),
    )
    within_three = await book.add_conversation(
        ("customer", after(0, hours=1)), ("assistant", after(1, hours=1)), customer_id=customer
    )
    the_next = await book.add_conversation(
        ("customer", after(0, days=2)), ("assistant", after(1, days=2)), customer_id=customer
    )
    nothing_said = await book.add_conversation(customer_id=customer)

    total = (await numbers.overview(week(numbers))).total

    assert {hours: share.count for hours, share in total.repeats.items()} == {24: 1, 72: 2}
    assert await behind(numbers, Figure.REPEAT_24) == [within_a_day]
    assert await behind(numbers, Figure.REPEAT_72) == [within_three, within_a_day]
    assert the_next in await behind(numbers, Figure.BY_ASSISTANT)
    assert nothing_said not in await behind(numbers, Figure.CONVERSATIONS)


async def test_what_happened_is_counted_on_the_shops_day(book: DeskBook, numbers: NumbersService) -> None:
    half_past_midnight = after(30, hours=14)  # 23:30 in UTC
    await book.add_conversation(("customer", half_past_midnight), ("assistant", half_past_midnight))

    overview = await numbers.overview(week(numbers))

    days = {day: figures.conversations for day, figures in overview.by_day.items()}
    assert len(days) == 7
    assert (days["2026-11-02"], days["2026-11-03"]) == (0, 1)


async def test_figures_are_of_one_team_or_language_when_asked_for(
    book: DeskBook, numbers: NumbersService
) -> None:
    agent = await book.add_agent()
    await a_served_customer(book, agent)
    await a_served_customer(book, agent, team="workshop", language="en")
    await book.add_conversation(("customer", after(30)), ("assistant", after(31)), language=None)

    everything = await numbers.overview(week(numbers))
    workshop = (await numbers.overview(week(numbers, team="workshop"))).total
    unknown = (await numbers.overview(week(numbers, language="und"))).total
    slices = await numbers.list_slices(week(numbers))

    assert {name: each.handoffs for name, each in everything.by_team.items()} == {
        "": 0,
        "service": 1,
        "workshop": 1,
    }
    assert {name: each.conversations for name, each in everything.by_language.items()} == {
        "en": 0,
        "nl": 2,
        "und": 1,
    }
    assert (workshop.handoffs, workshop.conversations, workshop.mood.count) == (1, 1, 1)
    assert (unknown.handoffs, unknown.conversations) == (0, 1)
    assert [(place.team, place.language) for place, _ in slices] == [
        ("", "und"),
        ("service", "nl"),
        ("workshop", "en"),
        ("workshop", "nl"),
    ]


async def test_who_waits_now_is_counted_whatever_the_period(
    book: DeskBook, numbers: NumbersService, clock: StillClock
) -> None:
    agent = await book.add_agent()
    waiting = await book.add_conversation(("customer", after(0)))
    served = await book.add_conversation(("customer", after(0)))
    promised = await book.add_conversation(("customer", after(0)))
    await book.add_handoff(waiting, after(1), state="queued")
    await book.add_handoff(served, after(1), state="accepted", agent_id=agent, accepted_at=after(2))
    await book.add_handoff(promised, after(1), state="promised", wish="mail", promised_at=after(days=1))
    clock.now = after(31)

    query = NumbersQuery(numbers.period(date(2026, 1, 1), date(2026, 1, 2)))
    now = (await numbers.overview(query)).now
    found = await numbers.list_behind(query, Wanted(Figure.WAITING))

    assert (now.waiting, now.longest_s, now.with_agents, now.promised) == (1, 1800, 1, 1)
    assert [(each.conversation_id, each.why["waited_s"]) for each in found.items] == [(waiting, 1800)]


async def test_late_first_replies_are_found_with_their_reason(
    book: DeskBook, numbers: NumbersService
) -> None:
    agent = await book.add_agent()
    late, _ = await a_served_customer(book, agent, first_reply_at=after(5), reason="angry")
    await a_served_customer(book, agent)

    assert await behind(numbers, Figure.LATE) == [late]
    assert await behind(numbers, Figure.HANDOFFS, reason="angry") == [late]
    assert (
        len(await behind(numbers, Figure.FIRST_REPLY)) == len(await behind(numbers, Figure.RESOLUTION)) == 2
    )


async def test_only_the_newest_are_listed_and_all_are_counted(
    book: DeskBook, numbers: NumbersService
) -> None:
    made = [await book.add_conversation(("customer", after(number))) for number in range(205)]

    found = await numbers.list_behind(week(numbers), Wanted(Figure.CONVERSATIONS))

    assert found.count == 205
    assert [each.conversation_id for each in found.items] == made[::-1][:200]


async def test_an_empty_shop_has_figures_of_nothing(numbers: NumbersService) -> None:
    overview = await numbers.overview(week(numbers))

    assert (overview.total.conversations, overview.now.longest_s) == (0, None)
    assert await numbers.list_slices(week(numbers)) == []
