"""Cases that a person has to decide: each becomes a promise at the desk, with all that was gathered.

The customer has been told by which day they hear from us; nobody is made to wait in the chat for it.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from balie.handoff import steps
from balie.handoff.book import Book
from balie.handoff.case_repository import CASE, UndecidedCase
from balie.handoff.kinds import Reason, Step, Wish
from balie.handoff.steps import Command
from balie.handoff.views import HandoffRequest

_END_OF_DAY: Final = time(17, 0)
"""In the shop's time: by then whoever was promised a day has heard from us."""


def promise_case(book: Book, case: UndecidedCase, team: str, language: str, timezone: ZoneInfo) -> bool:
    """Give a case its place among what was promised; False when somebody is busy with its customer."""
    wanted = HandoffRequest(
        reason=Reason.POLICY,
        team=team,
        language=language,
        topic=case.kind,
        facts={CASE: case.number},
    )
    book.handoffs.lock_conversation(case.conversation_id)
    if book.handoffs.find_open(case.conversation_id) is not None:
        return False
    steps.request(book.handoffs, case.conversation_id, wanted, book.now)
    by = datetime.combine(case.promised_by, _END_OF_DAY, timezone)
    command = Command(
        step=Step.PROMISE,
        columns={"wish": Wish.MESSAGE.value, "promised_at": by},
        facts={"wish": Wish.MESSAGE.value, "by": by.isoformat(), CASE: case.number},
    )
    steps.take_step(book.handoffs, case.conversation_id, command, book.now)
    return True
