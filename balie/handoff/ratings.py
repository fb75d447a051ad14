"""One question of how it went, per conversation."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from balie.conversations.views import Author, NewReply
from balie.handoff.book import Book
from balie.handoff.sayings import RATING
from balie.handoff.views import Handoff

SCORES: Final = range(1, 6)
REMARK_WITHIN: Final = timedelta(minutes=10)
"""So long after the answer a sentence belongs to it."""


def ask_for_rating(book: Book, handoff: Handoff, agent_name: str | None) -> bool:
    """Ask how it went; False when this conversation was asked before."""
    if not book.handoffs.insert_rating_question(handoff, book.now):
        return False
    book.write(handoff.conversation_id, _question(book, handoff, agent_name), author=Author.SYSTEM)
    return True


def _question(book: Book, handoff: Handoff, agent_name: str | None) -> NewReply:
    sayings, language = book.sayings, handoff.language
    buttons = tuple(
        sayings.button(f"{RATING}{score}", language, title="title_rating", score=score) for score in SCORES
    )
    asked = sayings.say("rating_question", language, {"agent": agent_name})
    return NewReply(asked.text, buttons, asked.response, asked.language)
