"""A conversation by mail, for the customer who had it: word for word, without what agents noted."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from balie.conversations.views import Author, Conversation, Message
from balie.handoff.book import Book
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session

LETTER: Final = "letter_transcript"
MOST_MESSAGES: Final = 500


async def write_transcript(
    session: Session, book: Book, conversation: Conversation, email: str, timezone: ZoneInfo
) -> bool:
    """Promise the letter, within the transaction; False when exactly this one was promised before.

    Args:
        session: Of the transaction.
        book: Of the same.
        conversation: Whose words.
        email: The address of the account; nobody else's.
        timezone: In which the moments are told.
    """
    after = max(0, conversation.last_sequence - MOST_MESSAGES)
    page = book.conversations.find_page(conversation.id, after=after, limit=MOST_MESSAGES)
    messages = () if page is None else page.messages
    said = [_line(book, message, timezone) for message in messages]
    language = conversation.spoken_language or ""
    letter = Letter(LETTER, email, language, {"messages": said}, customer_id=conversation.customer_id)
    key = f"transcript:{conversation.id}:{conversation.last_sequence}"
    return await OutboxRepository(session).put(letter, key=key, at=book.now)


def _line(book: Book, message: Message, timezone: ZoneInfo) -> dict[str, object]:
    return {
        "author": message.author.value,
        "name": book.name_of(message.agent_id) if message.author is Author.AGENT else None,
        "at": message.created_at.astimezone(timezone).isoformat(timespec="minutes"),
        "text": message.text,
        "photo": bool(message.photos),
    }
