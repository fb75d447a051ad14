import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from balie.assistant.port import AssistantAnswer, AssistantTurn
from balie.content.render import RenderedButton
from balie.conversations.bell import Listener, Rung, Signal, Typing
from balie.conversations.service import ConversationService
from balie.conversations.views import Conversation, Message, PendingTurn
from balie.turns.ports import HeardAs
from balie.turns.runner import Pace, TurnRunner, patient_delays
from tests.support.assistants import MENU, SILENCE, FakeAssistant, saying
from tests.support.content import FakeRenderer, WordlessRenderer
from tests.support.moods import emotion
from tests.support.store import locked_by_somebody_else

NO_GRACE = timedelta()


def without_delay() -> Iterator[float]:
    return itertools.repeat(0.0)


@pytest.fixture
async def turns(conversations: ConversationService, assistant: FakeAssistant) -> AsyncIterator[TurnRunner]:
    runner = TurnRunner(conversations, assistant, FakeRenderer(), pace=Pace(4, without_delay))
    yield runner
    await runner.stop(NO_GRACE)


@pytest.fixture
async def conversation(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def say(conversations: ConversationService, conversation: Conversation, text: str) -> None:
    await conversations.record_customer_message(conversation.id, text, client_message_id=uuid4())


async def read(conversations: ConversationService, conversation: Conversation) -> list[str]:
    page = await conversations.list_messages(conversation.id)
    return [message.text for message in page.messages]


async def last_message(conversations: ConversationService, conversation: Conversation) -> Message:
    return (await conversations.list_messages(conversation.id)).messages[-1]


async def heard_until_quiet(listener: Listener) -> list[Signal]:
    signals: list[Signal] = []
    while Typing(active=False) not in signals:
        signals.append(await listener.next_signal())
    return signals


async def test_a_message_gets_its_answer(
    conversations: ConversationService, turns: TurnRunner, conversation: Conversation
) -> None:
    await say(conversations, conversation, "hoi")

    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["hoi", "U zei: hoi"]


async def test_the_assistant_is_told_what_helps_to_read_the_message(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    await conversations.remember_language(conversation.id, "en")
    for text in ("hoi", "hello"):
        await say(conversations, conversation, text)
        turns.submit(conversation.id)
        await turns.wait_until_idle()

    conversation_id, turn = assistant.asked[-1]
    assert conversation_id == conversation.id
    assert turn.text == "hello"
    assert (turn.explicit_language, turn.recent_languages, turn.page_language) == ("en", ("nl",), "nl")


async def test_messages_are_answered_in_the_order_they_came(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    texts = [f"bericht {number}" for number in range(10)]
    for text in texts:
        await say(conversations, conversation, text)
        turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert assistant.texts == texts
    said = [text for text in await read(conversations, conversation) if text not in texts]
    assert said == [f"U zei: {text}" for text in texts]


async def test_a_conversation_has_one_turn_at_a_time_and_others_go_on(
    conversations: ConversationService, turns: TurnRunner, assistant: FakeAssistant
) -> None:
    assistant.gate.clear()
    opened = [await conversations.open_conversation() for _ in range(6)]
    for conversation in opened:
        for text in ("een", "twee"):
            await say(conversations, conversation, text)
            turns.submit(conversation.id)
    await assistant.wait_until_running(4)

    assert assistant.texts == ["een"] * 4
    assistant.gate.set()
    await turns.wait_until_idle()

    assert assistant.most_running == 4
    for conversation in opened:
        assert await read(conversations, conversation) == ["een", "twee", "U zei: een", "U zei: twee"]


async def test_a_message_that_comes_during_a_turn_is_taken_after_it(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.gate.clear()
    await say(conversations, conversation, "een")
    turns.submit(conversation.id)
    await assistant.wait_until_running(1)
    await say(conversations, conversation, "twee")
    turns.submit(conversation.id)

    assistant.gate.set()
    await turns.wait_until_idle()

    assert assistant.texts == ["een", "twee"]


async def test_submitting_twice_asks_once(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    await say(conversations, conversation, "hoi")
    for _ in range(5):
        turns.submit(conversation.id)
    await turns.wait_until_idle()
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert assistant.texts == ["hoi"]


async def test_typing_is_shown_during_a_turn_and_always_ends(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    for assistant.is_up in (True, False):
        await say(conversations, conversation, "hoi")
        with conversations.bell.listening(conversation.id) as listener:
            turns.submit(conversation.id)

            assert await heard_until_quiet(listener) == [Typing(True), Rung(), Typing(False)]


async def test_deliberate_silence_leaves_no_message(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.behaviour = lambda _: SILENCE
    await say(conversations, conversation, "...")
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["..."]
    assert await conversations.find_pending_turn(conversation.id) is None


@pytest.mark.parametrize(
    ("page_language", "told"),
    [
        ("nl", ("Dat lukt nu even niet.", "Een medewerker spreken")),
        ("en", ("That does not work right now.", "Talk to a person")),
        ("zh", ("Dat lukt nu even niet.", "Een medewerker spreken")),
        (None, ("Dat lukt nu even niet.", "Een medewerker spreken")),
    ],
)
async def test_a_customer_whom_the_assistant_fails_is_told_so_and_offered_a_person(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    page_language: str | None,
    told: tuple[str, str],
) -> None:
    assistant.is_up = False
    conversation = await conversations.open_conversation(page_language=page_language)
    await say(conversations, conversation, "hoi")
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    message = await last_message(conversations, conversation)
    assert message.response == "utter_assistant_unavailable"
    assert (message.text, message.buttons[0].title) == told


async def test_the_offered_person_can_be_asked_for(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.is_up = False
    await say(conversations, conversation, "hoi")
    turns.submit(conversation.id)
    await turns.wait_until_idle()
    button_id = (await last_message(conversations, conversation)).buttons[0].id
    assert button_id is not None

    assistant.is_up = True
    await conversations.record_button_press(conversation.id, button_id, client_message_id=uuid4())
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert assistant.asked[-1][1].payload == "/contact_human_agent"


async def test_the_person_is_offered_once_when_the_content_offers_one_too(
    conversations: ConversationService, assistant: FakeAssistant, conversation: Conversation
) -> None:
    assistant.is_up = False
    content = FakeRenderer(
        (
            RenderedButton("Een mens", intent="contact_human_agent"),
            RenderedButton("Bel", url="https://b.example"),
        )
    )
    turns = TurnRunner(conversations, assistant, content)
    await say(conversations, conversation, "hoi")
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    buttons = (await last_message(conversations, conversation)).buttons
    assert [button.title for button in buttons] == ["Een mens", "Bel"]


async def test_a_failed_turn_does_not_block_the_next(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    def fail_the_first(turn: AssistantTurn) -> AssistantAnswer:
        if turn.text == "een":
            raise RuntimeError("a bug of ours")
        return saying("gelukt")

    assistant.behaviour = fail_the_first
    for text in ("een", "twee"):
        await say(conversations, conversation, text)
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["een", "twee", "Dat lukt nu even niet.", "gelukt"]


async def test_content_without_words_for_a_failure_does_not_block_the_next_turn(
    conversations: ConversationService, assistant: FakeAssistant, conversation: Conversation
) -> None:
    assistant.is_up = False
    turns = TurnRunner(conversations, assistant, WordlessRenderer())
    await say(conversations, conversation, "hoi")
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["hoi"]
    assert await conversations.find_pending_turn(conversation.id) is None


async def test_what_a_customer_said_does_not_stand_in_the_log(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant.is_up = False
    with caplog.at_level(logging.DEBUG, logger="balie"):
        await say(conversations, conversation, "mijn geheim is 1234")
        turns.submit(conversation.id)
        await turns.wait_until_idle()

    assert caplog.records
    assert "geheim" not in caplog.text


async def test_pressed_buttons_reach_the_assistant_as_what_they_mean(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.behaviour = lambda _: MENU
    await say(conversations, conversation, "menu")
    turns.submit(conversation.id)
    await turns.wait_until_idle()
    button_id = (await last_message(conversations, conversation)).buttons[0].id
    assert button_id is not None

    await conversations.record_button_press(conversation.id, button_id, client_message_id=uuid4())
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    turn = assistant.asked[-1][1]
    assert (turn.text, turn.payload) == ("Volg mijn pakket", "/track_order")


class CheaperOnes:
    """Hears one sentence, in English, and nothing else."""

    async def read(self, turn: PendingTurn) -> HeardAs | None:
        return HeardAs('/card_follow_up{"detail": "cheaper"}', "en") if turn.text == "cheaper" else None


async def test_what_is_typed_about_cards_reaches_the_assistant_as_what_it_means_and_stays_as_typed(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    turns.hear_by(CheaperOnes())
    for text in ("cheaper", "cheaper than elsewhere"):
        await say(conversations, conversation, text)
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    first, second = (turn for _, turn in assistant.asked)
    assert (first.text, first.payload) == ("cheaper", '/card_follow_up{"detail": "cheaper"}')
    assert first.explicit_language == "en"
    assert (second.payload, second.explicit_language) == (None, None)
    assert (await conversations.get_conversation(conversation.id)).explicit_language is None
    assert (await read(conversations, conversation))[:2] == ["cheaper", "cheaper than elsewhere"]


async def test_a_pressed_button_is_not_read_again(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    turns.hear_by(CheaperOnes())
    await conversations.record_choice(conversation.id, "cheaper", "/help", client_message_id=uuid4())
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert assistant.asked[-1][1].payload == "/help"


async def test_unanswered_messages_are_taken_up_after_a_restart(
    conversations: ConversationService, assistant: FakeAssistant
) -> None:
    opened = [await conversations.open_conversation() for _ in range(3)]
    assistant.gate.clear()
    before = TurnRunner(conversations, assistant, FakeRenderer())
    for conversation in opened:
        await say(conversations, conversation, "hoi")
        before.submit(conversation.id)
    await assistant.wait_until_running(3)
    await before.stop(NO_GRACE)

    assistant.gate.set()
    after = TurnRunner(conversations, assistant, FakeRenderer())
    resumed = await after.resume_pending()
    await after.wait_until_idle()

    assert resumed == 3
    for conversation in opened:
        assert await read(conversations, conversation) == ["hoi", "U zei: hoi"]


async def test_stopping_lets_a_running_turn_end_and_starts_no_other(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.gate.clear()
    for text in ("een", "twee"):
        await say(conversations, conversation, text)
    turns.submit(conversation.id)
    await assistant.wait_until_running(1)

    stopping = asyncio.create_task(turns.stop(timedelta(seconds=5)))
    await asyncio.sleep(0)
    assistant.gate.set()
    await stopping
    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["een", "twee", "U zei: een"]


async def test_an_answer_is_kept_while_the_database_is_locked_and_not_asked_for_again(
    database_url: str,
    conversations: ConversationService,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    waiting = asyncio.Event()

    def delays() -> Iterator[float]:
        yield 0.0
        waiting.set()
        yield from itertools.repeat(0.0)

    turns = TurnRunner(conversations, assistant, FakeRenderer(), pace=Pace(delays=delays))
    await say(conversations, conversation, "hoi")

    with locked_by_somebody_else(database_url):
        turns.submit(conversation.id)
        await waiting.wait()
        assert await read(conversations, conversation) == ["hoi"]
    await turns.wait_until_idle()

    assert await read(conversations, conversation) == ["hoi", "U zei: hoi"]
    assert assistant.texts == ["hoi"]


async def test_a_reading_is_recorded_with_the_turn_even_when_nothing_is_said(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.behaviour = lambda turn: replace(SILENCE, replies=(), emotion=emotion(anger=0.9))
    await say(conversations, conversation, "pff")

    turns.submit(conversation.id)
    await turns.wait_until_idle()

    assert (await last_message(conversations, conversation)).emotion == emotion(anger=0.9)


async def test_a_turn_that_failed_was_not_read(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    assistant.is_up = False
    await say(conversations, conversation, "pff")

    turns.submit(conversation.id)
    await turns.wait_until_idle()

    page = await conversations.list_messages(conversation.id)
    assert [message.emotion for message in page.messages] == [None, None]


async def test_words_for_a_mood_are_remembered_with_the_reply(
    conversations: ConversationService,
    turns: TurnRunner,
    assistant: FakeAssistant,
    conversation: Conversation,
) -> None:
    (plain,) = saying("Zo zit het.").replies
    warm = replace(plain, opening="anger.nl.2", remark="person.nl.0")
    assistant.behaviour = lambda turn: AssistantAnswer((warm,), "nl")
    await say(conversations, conversation, "pff")

    turns.submit(conversation.id)
    await turns.wait_until_idle()

    told = await last_message(conversations, conversation)
    assert (told.opening, told.remark) == ("anger.nl.2", "person.nl.0")


def test_waiting_for_the_database_grows_and_never_ends() -> None:
    delays = list(itertools.islice(patient_delays(), 8))

    assert delays == sorted(delays)
    assert delays[-1] == delays[-2] == 15.0
