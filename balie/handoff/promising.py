"""What customers do who wait, or do not want to: each within the transaction of their turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from balie.handoff import steps
from balie.handoff.book import Book
from balie.handoff.callers import masked
from balie.handoff.kinds import HandoffState, Step, Wish
from balie.handoff.states import WAITING
from balie.handoff.steps import Command
from balie.handoff.views import Handoff, HandoffRequest
from balie.kernel.ids import ConversationId
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository
from balie.storage.unit_of_work import Session

ASKING: Final = "asking"
"""The fact of a handoff that says what the customer is to type: ``call`` or ``mail``."""
LETTER: Final = "letter_promise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """That a customer will hear from us.

    Attributes:
        contact: Where; None where they are asked for it, and for a message in the conversation.
        letter_to: The mailbox that is written to about it; None for none.
        at: By when.
    """

    wish: Wish
    at: datetime
    contact: str | None = None
    letter_to: str | None = None
    customer_id: int | None = None


def withdraw(book: Book, conversation_id: ConversationId) -> bool:
    """Let go of a person who is waited for, or has promised something; False when there was none."""
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is None or open_one.state is HandoffState.ACCEPTED:
        return False
    command = Command(step=Step.WITHDRAW)
    steps.take_step(book.handoffs, conversation_id, command, book.now)
    return True


def let_help(book: Book, conversation_id: ConversationId) -> bool:
    """Let the assistant answer meanwhile; False when nobody is waited for."""
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is None or open_one.state not in WAITING:
        return False
    book.conversations.update_conversation(conversation_id, {"assistant_helps": True})
    return True


def promise(
    book: Book, conversation_id: ConversationId, wanted: HandoffRequest, promised: Promise
) -> Handoff | None:
    """Promise that the customer hears from us; whoever was waited for is not waited for any longer.

    Args:
        book: The transaction.
        conversation_id: Whose conversation.
        wanted: What to write down when nobody had been asked for yet.
        promised: What is promised.

    Returns:
        None when an agent has the conversation by now: then there is nothing to promise.
    """
    open_one = book.handoffs.find_open(conversation_id)
    if open_one is not None and open_one.state is HandoffState.ACCEPTED:
        return None
    if open_one is None:
        steps.request(book.handoffs, conversation_id, wanted, book.now)
        open_one = book.handoffs.find_open(conversation_id)
    asks = promised.wish is not Wish.MESSAGE and promised.contact is None
    facts = {
        **(open_one.facts if open_one is not None else {}),
        ASKING: promised.wish.value if asks else None,
    }
    command = Command(
        step=Step.PROMISE,
        columns={
            "wish": promised.wish.value,
            "contact": promised.contact,
            "promised_at": promised.at,
            "facts": facts,
        },
        facts={"wish": promised.wish.value, "by": promised.at.isoformat()},
    )
    return steps.take_step(book.handoffs, conversation_id, command, book.now)


def promise_facts(promised: Promise, now: datetime, timezone: ZoneInfo) -> dict[str, Any]:
    """What texts say of a promise."""
    return {
        "wish": promised.wish.value,
        "by": promised.at.astimezone(timezone).isoformat(timespec="minutes"),
        "today": now.astimezone(timezone).date().isoformat(),
        "contact": masked(
            Wish.CALL if promised.wish is Wish.CALL else Wish.MAIL, promised.contact or promised.letter_to
        ),
    }


async def write_letter(
    session: Session, handoff: Handoff, promised: Promise, now: datetime, timezone: ZoneInfo
) -> None:
    """Confirm a promise by mail: once for each promise that differs."""
    if promised.letter_to is None:
        return
    facts = promise_facts(promised, now, timezone)
    told = {"wish": facts["wish"], "by": facts["by"], "contact": facts["contact"]}
    letter = Letter(LETTER, promised.letter_to, handoff.language, told, customer_id=promised.customer_id)
    key = f"promise:{handoff.id}:{promised.wish.value}:{promised.at:%Y%m%d%H%M}"
    await OutboxRepository(session).put(letter, key=key, at=now)
