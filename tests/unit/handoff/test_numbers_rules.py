"""What the figures mean, on facts that can be counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from balie.handoff.errors import PeriodInvalidError
from balie.handoff.numbers_rules import (
    ContactFacts,
    HandoffFacts,
    Pause,
    Period,
    Said,
    first_contact,
    judge,
    percentile,
)
from balie.handoff.numbers_tally import Tally, figures_of

MINUTE, HOUR, DAY = 60, 3600, 86_400
LONG_AFTER = 30 * DAY
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def answer(at_s: int, response: str = "utter_track_order") -> Said:
    return Said(at_s, "assistant", "none", response)


def question(at_s: int, turn_state: str = "answered") -> Said:
    return Said(at_s, "customer", turn_state, None)


def handoff(**facts: Any) -> HandoffFacts:
    usual = {
        "key": 1,
        "conversation": 1,
        "team": "service",
        "language": "nl",
        "reason": "asked",
        "state": "resolved",
        "code": "solved",
        "requested_s": 100,
        "accepted_s": 160,
        "replied_s": 200,
        "due_s": 280,
        "ended_s": 700,
    }
    return HandoffFacts(**{**usual, **facts})


def outcome(contact: ContactFacts, now_s: int = LONG_AFTER) -> str:
    return judge(contact, now_s).outcome


def test_a_question_that_was_answered_was_solved_by_the_assistant() -> None:
    assert outcome(ContactFacts(0, answer(5))) == "by_assistant"


@pytest.mark.parametrize("response", ["utter_default", "utter_action_failed", "utter_assistant_unavailable"])
def test_a_reply_that_says_there_is_no_answer_solves_nothing(response: str) -> None:
    assert outcome(ContactFacts(0, answer(5, response))) == "unsolved"


@pytest.mark.parametrize(("turn_state", "expected"), [("answered", "by_assistant"), ("failed", "unsolved")])
def test_deliberate_silence_is_an_answer_and_a_failed_turn_is_none(turn_state: str, expected: str) -> None:
    assert outcome(ContactFacts(0, question(5, turn_state))) == expected


def test_nothing_is_said_of_a_contact_before_a_day_has_passed() -> None:
    contact = ContactFacts(0, answer(10))

    assert outcome(contact, now_s=10 + DAY - 1) == "open"
    assert outcome(contact, now_s=10 + DAY) == "by_assistant"
    assert judge(contact, 10 + DAY).came_back == (False, None)
    assert judge(contact, 10 + 3 * DAY).came_back == (False, False)


@pytest.mark.parametrize(
    ("elsewhere_s", "came_back", "expected"),
    [
        (5 + DAY, (True, True), "unsolved"),
        (5 + DAY + 1, (False, True), "by_assistant"),
        (5 + 3 * DAY, (False, True), "by_assistant"),
        (5 + 3 * DAY + 1, (False, False), "by_assistant"),
        (2, (True, True), "unsolved"),
    ],
    ids=["a day later", "just after a day", "three days", "just after three", "beside it"],
)
def test_another_conversation_of_the_same_customer_is_a_repeat(
    elsewhere_s: int, came_back: tuple[bool, bool], expected: str
) -> None:
    verdict = judge(ContactFacts(0, answer(5), None, elsewhere_s), LONG_AFTER)

    assert (verdict.came_back, verdict.outcome) == (came_back, expected)


def test_writing_again_after_an_hour_is_a_repeat_and_before_it_is_the_same_contact() -> None:
    whole = ContactFacts(0, answer(HOUR + 20))

    same = first_contact(whole, [Pause(answer(10), 10 + HOUR - 1)], [])
    again = first_contact(whole, [Pause(answer(10), 10 + HOUR)], [])

    assert (same.again_s, same.last.at_s) == (None, HOUR + 20)
    assert (again.again_s, again.last.at_s) == (10 + HOUR, 10)
    assert judge(again, LONG_AFTER).came_back == (True, True)


def test_waiting_for_an_agent_is_no_pause() -> None:
    whole = ContactFacts(0, question(5 * HOUR))
    pause = Pause(question(90), 4 * HOUR)

    waiting = first_contact(whole, [pause], [handoff(ended_s=6 * HOUR)])
    just_served = first_contact(whole, [pause], [handoff(ended_s=4 * HOUR - 60)])
    long_served = first_contact(whole, [pause], [handoff(ended_s=2 * HOUR)])

    assert waiting.again_s is just_served.again_s is None
    assert long_served.again_s == 4 * HOUR


def test_a_handoff_of_a_later_contact_is_not_counted_with_the_first() -> None:
    later = handoff(requested_s=9 * HOUR, ended_s=10 * HOUR)
    whole = ContactFacts(0, answer(10 * HOUR))

    contact = first_contact(whole, [Pause(answer(10), 8 * HOUR)], [later])

    assert (contact.handoffs, contact.team) == ([], "")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"code": "solved"}, "by_person"),
        ({"code": "partly_solved"}, "by_person"),
        ({"code": "called"}, "by_person"),
        ({"code": "not_solved"}, "unsolved"),
        ({"code": "no_answer"}, "unsolved"),
        ({"state": "returned", "code": None}, "by_person"),
        ({"state": "withdrawn", "code": None, "accepted_s": None}, "unsolved"),
        ({"state": "expired", "code": None, "accepted_s": None}, "unsolved"),
        ({"state": "accepted", "code": None, "ended_s": None}, "open"),
    ],
)
def test_how_a_handoff_ended_says_how_the_contact_went(facts: dict[str, Any], expected: str) -> None:
    assert outcome(ContactFacts(0, answer(90), handoffs=(handoff(**facts),))) == expected


@pytest.mark.parametrize(
    ("facts", "now_s", "expected"),
    [
        ({"replied_s": 280}, 1000, True),
        ({"replied_s": 281}, 1000, False),
        ({"replied_s": None, "ended_s": None}, 280, None),
        ({"replied_s": None, "ended_s": None}, 281, False),
        ({"replied_s": None, "ended_s": 270}, 1000, None),
        ({"due_s": None}, 1000, None),
    ],
    ids=["just in time", "late", "not due yet", "nobody came", "left before", "nobody counts"],
)
def test_a_first_reply_is_in_time_or_late(facts: dict[str, Any], now_s: int, expected: bool | None) -> None:
    assert handoff(**facts).in_time(now_s) is expected


def test_percentiles_are_values_that_occurred() -> None:
    hundred = list(range(1, 101))

    assert (percentile(hundred, 0.5), percentile(hundred, 0.9)) == (50, 90)
    assert (percentile([7.0], 0.5), percentile([7.0], 0.9), percentile([], 0.5)) == (7.0, 7.0, None)
    assert percentile([9, 1, 5], 0.9) == 9


def test_a_tally_adds_up() -> None:
    one, other = Tally(), Tally()
    one.add_contacts(judge(ContactFacts(0, answer(5)), LONG_AFTER), 3, with_handoff=False)
    one.add_handoff(handoff(), now_s=1000)
    one.add_rating(5)
    one.add_mood(-0.6, 0.2)
    other.add_contacts(judge(ContactFacts(0, answer(5)), 10), 1, with_handoff=True)
    other.add_handoff(handoff(replied_s=400, reason="angry", state="returned"), now_s=1000)
    other.add_rating(2)
    other.add_rating(None)
    other.add_mood(0.1, 0.0)

    one.add(other)
    figures = figures_of(one)

    assert (figures.conversations, figures.handoff_rate.share) == (4, 0.25)
    assert (figures.by_assistant.count, figures.by_assistant.of) == (3, 3)
    assert {hours: (share.count, share.of) for hours, share in figures.repeats.items()} == {
        24: (0, 3),
        72: (0, 3),
    }
    assert (figures.handoffs, figures.reasons) == (2, {"asked": 1, "angry": 1})
    assert (figures.first_reply.median_s, figures.first_reply.p90_s) == (100, 300)
    assert (figures.in_time.count, figures.in_time.of) == (1, 2)
    assert (figures.resolution.count, figures.resolution.median_s) == (1, 600)
    assert (figures.ratings.average, figures.ratings.answered.of) == (3.5, 3)
    assert figures.ratings.distribution == {1: 0, 2: 1, 3: 0, 4: 0, 5: 1}
    assert (figures.mood.before, figures.mood.after) == pytest.approx((-0.25, 0.1))
    assert (figures.mood.better, figures.mood.same, figures.mood.worse) == (1, 1, 0)


def test_figures_of_nothing_are_none_and_never_a_division() -> None:
    figures = figures_of(Tally())

    assert figures.handoff_rate.share is figures.ratings.average is figures.mood.before is None
    assert figures.first_reply.median_s is None


def test_days_are_the_shops_days_also_when_the_clocks_change() -> None:
    period = Period.of(date(2026, 10, 25), date(2026, 10, 25), AMSTERDAM)

    assert period.ends_at.timestamp() - period.begins_at.timestamp() == 25 * HOUR


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 2, 2), date(2026, 2, 1)), (date(2025, 1, 1), date(2026, 1, 2))],
    ids=["backwards", "367 days"],
)
def test_a_period_that_cannot_be_counted_is_refused(first: date, last: date) -> None:
    with pytest.raises(PeriodInvalidError):
        Period.of(first, last, AMSTERDAM)


def test_a_leap_year_is_a_period() -> None:
    assert Period.of(date(2024, 1, 1), date(2024, 12, 31), AMSTERDAM)
