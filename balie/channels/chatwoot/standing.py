"""What a conversation's status over there means for us. Pure.

Chatwoot's only convention is that ``pending`` is the assistant's and ``open`` is people's. Events come late,
doubled and out of order, and there is none for a change of status alone: each of them carries the status, and
the moment it was true.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from balie.channels.chatwoot.wire import Conversation
from balie.channels.views import Facts

SETTLES_WITHIN: Final = timedelta(seconds=15)
"""So long after we changed the status, an event may still tell of how it was before."""


class Verdict(Enum):
    """What has happened over there without our doing."""

    NOTHING = "nothing"
    TAKEN = "taken"
    """A person has it."""
    RETURNED = "returned"
    RESOLVED = "resolved"
    OPENED_BY_ERROR = "opened_by_error"
    """Opened for nobody, as Chatwoot does when it got no answer in time: it would stay silent for ever."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what the link has to remember."""

    verdict: Verdict
    facts: dict[str, Any] = field(default_factory=dict)


def asking_for(status: str, now: datetime) -> dict[str, Any]:
    """What a link remembers while we change the status over there."""
    return {"asked": {"status": status, "at": now.isoformat()}}


def status_of(facts: Facts) -> str | None:
    """The status over there that we know of, or asked for last."""
    asked = facts.get("asked")
    if asked:
        return str(asked["status"])
    known = facts.get("desk")
    return None if known is None else str(known["status"])


def judge(facts: Facts, heard: Conversation, now: datetime) -> Judgement:
    """What to make of the status that an event carries.

    Args:
        facts: Of the link.
        heard: The conversation in the event.
        now: The present moment.
    """
    known = facts.get("desk") or {"status": None, "as_of": -1.0}
    if heard.updated_at < known["as_of"]:
        return Judgement(Verdict.NOTHING)
    change: dict[str, Any] = {"desk": {"status": heard.status, "as_of": heard.updated_at}}
    asked = facts.get("asked")
    if asked is not None and heard.status != asked["status"]:
        if heard.status != "resolved" and now < datetime.fromisoformat(asked["at"]) + SETTLES_WITHIN:
            return Judgement(Verdict.NOTHING)
    elif asked is not None:
        known = {**known, "status": asked["status"]}
    change["asked"] = None
    return Judgement(_verdict(known["status"], heard), change)


def _verdict(known: str | None, heard: Conversation) -> Verdict:
    if heard.status in {"open", "snoozed"}:
        if heard.is_assigned:
            return Verdict.TAKEN
        if heard.status == "snoozed" or known == "open":
            return Verdict.NOTHING
        return Verdict.OPENED_BY_ERROR
    if heard.status == "resolved":
        return Verdict.NOTHING if known == "resolved" else Verdict.RESOLVED
    return Verdict.RETURNED if known in {"open", "snoozed"} else Verdict.NOTHING
