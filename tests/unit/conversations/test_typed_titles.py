"""A typed title is that button pressed: which texts are one, and what is stored of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import pytest

from balie.conversations.errors import ConversationNotFoundError
from balie.conversations.policy import find_titled
from balie.conversations.repository import ConversationRepository
from balie.conversations.rows import Placed
from balie.conversations.service import ConversationService
from balie.conversations.status import ConversationStatus
from balie.conversations.views import (
    Author,
    Conversation,
    NewButton,
    NewReply,
    PendingTurn,
    TurnOutcome,
    TurnState,
    VisibleButton,
)
from balie.kernel.ids import ConversationId
from balie.storage.unit_of_work import UnitOfWork
from tests.support.clock import StillClock

DONE = TurnOutcome(TurnState.ANSWERED, "nl")
PLAIN = NewReply("Komt goed.", (), "utter_done", "nl")
OFFER = NewReply(
    "Zal ik hem annuleren?",
    (
        NewButton("Ja, annuleer", payload='/confirm_change{"offer": "a1"}'),
        NewButton("Nee, laat maar zo", payload='/decline_change{"offer": "a1"}'),
        NewButton("Winkels", url="https://shop.example/stores"),
    ),
    "utter_offer",
    "nl",
)
CARDS = NewReply(
    "1. Tent\n2. Mat",
    (
        NewButton("Bekijk", payload='/show_product{"card": "k1:A"}', card=0),
        NewButton("Bekijk", payload='/show_product{"card": "k2:B"}', card=1),
        NewButton("Laat iets anders zien", payload='/something_else{"detail": "{}"}'),
    ),
    "utter_recommended",
    "nl",
)


@pytest.fixture
async def conversation(conversations: ConversationService) -> Conversation:
    return await conversations.open_conversation(page_language="nl")


async def shown(conversations: ConversationService, conversation: Conversation, *replies: NewReply) -> None:
    """A question that these are the answer to."""
    await conversations.record_customer_message(conversation.id, "hoi", client_message_id=uuid4())
    await conversations.record_replies(await pending(conversations, conversation), replies, DONE)


async def pending(conversations: ConversationService, conversation: Conversation) -> PendingTurn:
    turn = await conversations.find_pending_turn(conversation.id)
    assert turn is not None
    return turn


async def meaning_of(
    conversations: ConversationService, conversation: Conversation, text: str
) -> tuple[str, str | None]:
    """A typed text as it waits for the assistant: its words, and what it means."""
    await conversations.record_customer_message(conversation.id, text, client_message_id=uuid4())
    turn = await pending(conversations, conversation)
    return turn.text, turn.payload


def titled(*titles: str) -> Sequence[VisibleButton]:
    return [VisibleButton(title, id=str(place)) for place, title in enumerate(titles)]


@pytest.mark.parametrize(
    "text",
    [
        *("Ja, annuleer", "ja annuleer", "JA,ANNULEER!", " ja   annuleer. ", "já annuleer", "“Ja, annuleer”"),
        *("Ja – annuleer", "ja\nannuleer", "Ja, annuleer 👍"),
    ],
)
def test_case_accents_spaces_and_punctuation_do_not_make_another_title(text: str) -> None:
    assert find_titled(titled("Nee", "Ja, annuleer"), text) == "1"


@pytest.mark.parametrize(
    "text",
    [
        *("ja", "ja annuleer maar", "annuleer", "ja annuleren", "nee ja annuleer", "!", "👍", ""),
        *("/confirm_change", '/confirm_change{"offer": "a1"}', "/ja annuleer", "1", "0"),
    ],
)
def test_anything_more_less_or_else_is_no_title(text: str) -> None:
    assert find_titled(titled("Nee", "Ja, annuleer"), text) is None


@pytest.mark.parametrize(
    "text", ["Ja, annuleer?", "ja annuleer ?", "ja annuleer?!", "ja, annuleer？", "“Ja, annuleer?”"]
)
def test_a_question_presses_no_button_that_asks_nothing(text: str) -> None:
    assert find_titled(titled("Nee", "Ja, annuleer"), text) is None


@pytest.mark.parametrize("text", ["Hoe lang duurt het?", "hoe lang duurt het"])
def test_a_title_that_asks_is_typed_with_its_question_mark_or_without(text: str) -> None:
    assert find_titled(titled("Nee", "Hoe lang duurt het?"), text) == "1"


def test_numbers_are_not_pushed_together() -> None:
    budgets = titled("Tot € 50,00", "Tot € 5.000,00")

    assert find_titled(budgets, "tot 50,00") == "0"
    assert find_titled(budgets, "tot €5000,00") is None
    assert find_titled(budgets[:1], "tot 5000") is None


def test_other_scripts_have_titles_too() -> None:
    assert find_titled(titled("查询订单", "Да"), "查询订单。") == "0"
    assert find_titled(titled("查询订单", "Да"), "да") == "1"


def test_a_title_that_two_buttons_have_decides_nothing() -> None:
    assert find_titled(titled("Bekijk", "Bekijk", "Niets"), "bekijk") is None


def test_a_card_may_be_named_by_the_number_of_its_line() -> None:
    buttons = [VisibleButton("Bekijk", id="a", card=0), VisibleButton("Bekijk", id="b", card=1)]

    assert find_titled(buttons, "2 · Bekijk") == "b"
    assert find_titled(buttons, "2 bekijk") == "b"
    assert find_titled(buttons, "3 bekijk") is None


def test_a_link_is_not_pressed_by_typing_its_title() -> None:
    assert find_titled([VisibleButton("Winkels", url="https://shop.example")], "winkels") is None


async def test_a_typed_title_means_what_the_button_means_and_stays_as_typed(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER)

    meant = await meaning_of(conversations, conversation, "ja annuleer!")

    assert meant == ("ja annuleer!", '/confirm_change{"offer": "a1"}')


async def test_the_next_products_are_asked_for_by_typing_what_the_button_says(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, CARDS)

    meant = await meaning_of(conversations, conversation, "laat iets anders zien")

    assert meant[1] == '/something_else{"detail": "{}"}'


@pytest.mark.parametrize(
    "text", ["bekijk", '/confirm_change{"offer": "a1"}', "/something_else", "iets anders"]
)
async def test_what_is_no_title_or_several_is_only_text(
    conversations: ConversationService, conversation: Conversation, text: str
) -> None:
    await shown(conversations, conversation, CARDS)

    assert await meaning_of(conversations, conversation, text) == (text, None)


async def test_buttons_of_an_earlier_message_are_not_typed_any_more(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER)
    await shown(conversations, conversation, PLAIN)

    assert (await meaning_of(conversations, conversation, "ja, annuleer"))[1] is None


async def test_of_several_replies_the_last_one_counts(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER, CARDS)

    assert (await meaning_of(conversations, conversation, "ja, annuleer"))[1] is None


async def test_a_repeated_delivery_is_one_message_with_one_meaning(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER)
    same = uuid4()
    first = await conversations.record_customer_message(
        conversation.id, "Ja, annuleer", client_message_id=same
    )
    turn = await pending(conversations, conversation)
    await conversations.record_replies(turn, [PLAIN], DONE)

    again = await conversations.record_customer_message(
        conversation.id, "Ja, annuleer", client_message_id=same
    )

    assert again.duplicate
    assert again.message.id == first.message.id
    assert await conversations.find_pending_turn(conversation.id) is None


@pytest.mark.parametrize("status", [ConversationStatus.WAITING_FOR_AGENT, ConversationStatus.WITH_AGENT])
async def test_what_is_typed_to_a_person_is_only_text(
    conversations: ConversationService, conversation: Conversation, status: ConversationStatus
) -> None:
    await shown(conversations, conversation, OFFER)
    await conversations.change_status(conversation.id, status)

    assert (await meaning_of(conversations, conversation, "ja, annuleer"))[1] is None


async def test_what_an_agent_said_since_comes_between(
    conversations: ConversationService,
    conversation: Conversation,
    unit_of_work: UnitOfWork,
    clock: StillClock,
) -> None:
    await shown(conversations, conversation, OFFER)

    def say(records: ConversationRepository) -> None:
        taken = records.take_sequence_numbers(conversation.id, 1, clock())
        assert taken is not None
        records.insert_line(Placed(conversation.id, taken.last_sequence, clock(), Author.AGENT), PLAIN)

    await unit_of_work.run_writing(lambda connection: say(ConversationRepository(connection)))

    assert (await meaning_of(conversations, conversation, "ja, annuleer"))[1] is None


async def test_a_word_of_the_channel_does_not_come_between(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER)
    await conversations.record_notice(conversation.id, PLAIN, notice_id=uuid4())

    assert (await meaning_of(conversations, conversation, "ja, annuleer"))[1] is not None


async def test_a_title_that_is_edited_before_it_is_taken_up_means_what_it_reads_then(
    conversations: ConversationService, conversation: Conversation
) -> None:
    await shown(conversations, conversation, OFFER)
    said = uuid4()
    await conversations.record_customer_message(conversation.id, "Ja, annuleer", client_message_id=said)

    await conversations.replace_message(conversation.id, "wacht, toch niet", client_message_id=said)
    doubting = await pending(conversations, conversation)
    await conversations.replace_message(conversation.id, "Nee, laat maar zo", client_message_id=said)
    declining = await pending(conversations, conversation)

    assert (doubting.text, doubting.payload) == ("wacht, toch niet", None)
    assert declining.payload == '/decline_change{"offer": "a1"}'


async def test_nothing_is_typed_into_a_conversation_that_does_not_exist(
    conversations: ConversationService,
) -> None:
    with pytest.raises(ConversationNotFoundError):
        await conversations.record_customer_message(
            ConversationId(uuid4()), "Ja, annuleer", client_message_id=uuid4()
        )
