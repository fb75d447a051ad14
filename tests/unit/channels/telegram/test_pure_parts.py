"""Keyboards, gaps between updates, candidates, pace: what the channel decides by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from balie.channels.errors import OutsideUnavailableError
from balie.channels.telegram.composing import pieces_of
from balie.channels.telegram.intake import HELD_FOR, Gaps
from balie.channels.telegram.keyboards import keyboard_of, links_in_words
from balie.channels.telegram.pacing import Pacer
from balie.channels.telegram.proving import candidates
from balie.conversations.views import VisibleButton

HELD_S = HELD_FOR.total_seconds()


def titles(*buttons: VisibleButton) -> list[list[str]]:
    keyboard = keyboard_of(buttons)
    return [] if keyboard is None else [[one.text for one in row] for row in keyboard.inline_keyboard]


def test_short_titles_stand_beside_each_other_and_long_ones_below() -> None:
    stars = [VisibleButton(str(number), id=f"b{number}") for number in range(1, 6)]
    assert titles(*stars) == [["1", "2", "3", "4", "5"]]
    assert titles(VisibleButton("Ja, graag", id="a"), VisibleButton("Nee", id="b")) == [["Ja, graag", "Nee"]]
    assert titles(VisibleButton("Verbind me met een collega", id="a"), VisibleButton("Nee", id="b")) == [
        ["Verbind me met een collega"],
        ["Nee"],
    ]


def test_links_that_not_everybody_can_open_are_written_out() -> None:
    shut, is_open = (
        VisibleButton("Label", url="http://10.0.0.1/x"),
        VisibleButton("Winkels", url="https://a.nl"),
    )

    assert titles(shut, is_open) == [["Winkels"]]
    assert links_in_words([shut, is_open]) == "Label: http://10.0.0.1/x"
    assert keyboard_of([shut]) is None


def test_a_button_that_carries_too_much_is_left_out() -> None:
    assert keyboard_of([VisibleButton("X", id="é" * 33)]) is None


def test_a_message_without_words_is_its_photo_with_the_buttons_under_it() -> None:
    (piece,) = pieces_of("", [VisibleButton("Ja", id="a")], [b"jpeg"])

    assert piece.jpeg == b"jpeg"
    assert piece.keyboard is not None
    assert pieces_of(" ", ()) == []


def test_what_comes_after_a_missing_number_is_held_for_a_moment() -> None:
    gaps = Gaps()
    gaps.note(10, 0.0)
    gaps.note(12, 0.0)
    assert gaps.is_held(12, 0.1)
    gaps.note(13, 0.1)
    assert gaps.is_held(13, 0.1)
    assert not gaps.is_held(10, 0.1)

    gaps.note(11, 0.2)
    assert not gaps.is_held(13, 0.2)
    assert gaps.are_closed


def test_a_number_that_never_comes_holds_up_nobody_for_long() -> None:
    gaps = Gaps()
    gaps.note(10, 0.0)
    gaps.note(12, 0.0)

    assert not gaps.is_held(12, HELD_S + 0.01)
    assert gaps.are_closed


def test_another_beginning_is_no_gap() -> None:
    gaps = Gaps()
    gaps.note(10, 0.0)
    gaps.note(900_000, 0.0)
    assert not gaps.is_held(900_000, 0.0)
    gaps.note(5, 0.0)
    gaps.note(6, 0.0)
    assert not gaps.is_held(6, 0.0)


def test_an_earlier_process_knew_where_it_was() -> None:
    gaps = Gaps()
    gaps.begin_after(10)
    gaps.note(12, 0.0)

    assert gaps.is_held(12, 0.0)


@pytest.mark.parametrize(
    ("known", "newest", "last"), [(100, 0, 125), (100, 110, 125), (100, 160, 160), (100, 5000, 400)]
)
def test_candidates_reach_as_far_as_anybody_has_seen(known: int, newest: int, last: int) -> None:
    found = candidates(known, newest)

    assert (found[0], found[-1]) == (known + 1, last)


async def test_a_chat_that_is_asked_to_rest_is_not_written_to_until_then() -> None:
    now = [0.0]
    pacer = Pacer(30_000, seconds=lambda: now[0])
    pacer.note_flood("1", timedelta(seconds=30))

    with pytest.raises(OutsideUnavailableError) as refused:
        await pacer.wait_for("1")
    assert (refused.value.retry_after, refused.value.maybe_done) == (timedelta(seconds=30), False)
    assert not pacer.may_hint("1")
    await pacer.wait_for("2")

    now[0] = 30.0
    await pacer.wait_for("1")


async def test_when_several_chats_are_asked_to_rest_all_do() -> None:
    now = [0.0]
    pacer = Pacer(30_000, seconds=lambda: now[0])
    for chat in ("1", "2", "3"):
        pacer.note_flood(chat, timedelta(seconds=20))

    with pytest.raises(OutsideUnavailableError):
        await pacer.wait_for("4")
    now[0] = 20.0
    await pacer.wait_for("4")
