import asyncio
from uuid import uuid4

import pytest

from balie.conversations.bell import MOST_WAITING, Bell, Edited, Listener, Rung, Signal, Typing
from balie.kernel.ids import ConversationId

CONVERSATION = ConversationId(uuid4())


@pytest.fixture
def bell() -> Bell:
    return Bell()


async def heard(listener: Listener) -> list[Signal]:
    """Everything that waits now."""
    signals: list[Signal] = []
    while True:
        hearing = asyncio.create_task(listener.next_signal())
        await asyncio.sleep(0)
        if not hearing.done():
            hearing.cancel()
            return signals
        signals.append(hearing.result())


async def test_signals_are_heard_in_order(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        bell.show_typing(CONVERSATION, active=True)
        bell.ring(CONVERSATION)
        bell.show_typing(CONVERSATION, active=False)

        assert await heard(listener) == [Typing(True), Rung(), Typing(False)]


async def test_repeats_in_a_row_are_heard_once(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        for _ in range(5):
            bell.ring(CONVERSATION)

        assert await heard(listener) == [Rung()]


async def test_a_listener_waits_until_something_happens(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        waiting = asyncio.create_task(listener.next_signal())
        await asyncio.sleep(0)
        bell.ring(CONVERSATION)

        assert await waiting == Rung()


async def test_other_conversations_are_not_heard(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        bell.ring(ConversationId(uuid4()))

        assert await heard(listener) == []


async def test_everybody_who_listens_hears(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as one, bell.listening(CONVERSATION) as other:
        bell.ring(CONVERSATION)

        assert await heard(one) == await heard(other) == [Rung()]


async def test_who_comes_in_the_middle_of_typing_is_told(bell: Bell) -> None:
    bell.show_typing(CONVERSATION, active=True)

    with bell.listening(CONVERSATION) as listener:
        assert await heard(listener) == [Typing(True)]

    bell.show_typing(CONVERSATION, active=False)
    with bell.listening(CONVERSATION) as listener:
        assert await heard(listener) == []


async def test_a_slow_listener_gets_the_sum_of_what_it_missed(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        for turn in range(MOST_WAITING):
            bell.ring(CONVERSATION)
            bell.show_typing(CONVERSATION, active=turn % 2 == 0)

        signals = await heard(listener)
        assert len(signals) <= MOST_WAITING
        assert Rung() in signals
        assert signals[-1] == Typing(False)


async def test_nothing_is_kept_for_those_who_left(bell: Bell) -> None:
    with bell.listening(CONVERSATION):
        pass

    assert bell._listeners == {}


async def test_a_slow_listener_still_hears_what_was_edited(bell: Bell) -> None:
    with bell.listening(CONVERSATION) as listener:
        bell.ring_for_edit(CONVERSATION, 3)
        for turn in range(MOST_WAITING):
            bell.ring(CONVERSATION)
            bell.show_typing(CONVERSATION, active=turn % 2 == 0)

        assert Edited(3) in await heard(listener)
