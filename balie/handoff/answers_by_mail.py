"""What an agent answers somebody who did not wait: also by mail, when they are not looking."""

from __future__ import annotations

from typing import Final

from balie.conversations.views import Message
from balie.customers.repository import CustomerRepository
from balie.handoff.book import Book
from balie.handoff.card_loading import shown_access
from balie.handoff.kinds import Wish
from balie.handoff.views import Handoff
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session

LETTER: Final = "letter_answer_waiting"


async def mail_answer(
    session: Session, book: Book, handoff: Handoff, message: Message, agent_name: str
) -> bool:
    """Promise the letter, within the transaction of the answer; False where nobody knows an address.

    An account's address is used only for whoever has shown that the account is theirs.
    """
    email = await _find_email(session, book, handoff)
    if email is None:
        return False
    facts = {"agent": agent_name, "text": message.text, "url": None}
    letter = Letter(LETTER, email, handoff.language, facts)
    return await OutboxRepository(session).put(letter, key=f"answer:{message.id}", at=book.now)


async def _find_email(session: Session, book: Book, handoff: Handoff) -> str | None:
    if handoff.wish is Wish.MAIL and handoff.contact is not None:
        return handoff.contact
    conversation = book.conversations.find_conversation(handoff.conversation_id)
    access = None if conversation is None else shown_access(conversation)
    if access is None or not access.covers_customer:
        return None
    customer = await CustomerRepository(session).find_by_id(access.customer_id)
    return None if customer is None else customer.email
