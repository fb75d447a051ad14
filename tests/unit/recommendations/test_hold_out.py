"""Chance without dice."""

from __future__ import annotations

from uuid import UUID

from balie.kernel.ids import ConversationId
from balie.recommendations.asked import Who
from balie.recommendations.hold_out import draw_for, is_held_out

FIRST = [62, 64, 68, 86, 110]
PEOPLE = [Who(number) for number in range(20_000)]


def test_about_one_in_twenty_is_held_out_and_always_the_same() -> None:
    held_out = [who for who in PEOPLE if is_held_out(who, 0.05)]

    assert 0.045 < len(held_out) / len(PEOPLE) < 0.055
    assert held_out == [who for who in PEOPLE if is_held_out(who, 0.05)]


def test_these_are_the_first_of_them_for_good() -> None:
    # Written down: another digest would let people change sides.
    assert [who.customer_id for who in PEOPLE if is_held_out(who, 0.05)][:5] == FIRST


def test_a_larger_share_keeps_everybody_who_was_in_it() -> None:
    assert all(is_held_out(who, 0.10) for who in PEOPLE if is_held_out(who, 0.05))


def test_a_customer_is_in_the_same_group_in_every_conversation() -> None:
    conversations = [ConversationId(UUID(int=number)) for number in range(50)]

    assert len({is_held_out(Who(7, conversation), 0.5) for conversation in conversations}) == 1
    assert len({is_held_out(Who(None, conversation), 0.5) for conversation in conversations}) == 2


def test_nobody_is_held_out_of_nothing() -> None:
    assert not any(is_held_out(who, 0.0) for who in PEOPLE)


def test_an_occasion_draws_the_same_numbers_and_they_are_even() -> None:
    draws = [draw_for(str(number)) for number in range(10_000)]

    assert draws == [draw_for(str(number)) for number in range(10_000)]
    assert abs(sum(draw.explores for draw in draws) / len(draws) - 0.5) < 0.02
    assert abs(sum(draw.picks for draw in draws) / len(draws) - 0.5) < 0.02
    assert 0.045 < sum(draw.explores < 0.05 for draw in draws) / len(draws) < 0.055
