"""Who owns a conversation, and how that may change: one function, one table.

```mermaid
stateDiagram-v2
    [*] --> with_assistant
    with_assistant --> waiting_for_agent
    with_assistant --> with_agent
    with_assistant --> resolved
    waiting_for_agent --> with_agent
    waiting_for_agent --> with_assistant
    waiting_for_agent --> resolved
    with_agent --> with_assistant
    with_agent --> waiting_for_agent
    with_agent --> resolved
    resolved --> with_assistant
```
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from balie.conversations.errors import StatusChangeRefusedError


class ConversationStatus(StrEnum):
    """The one owner of a conversation at this moment."""

    WITH_ASSISTANT = "with_assistant"
    WAITING_FOR_AGENT = "waiting_for_agent"
    WITH_AGENT = "with_agent"
    RESOLVED = "resolved"


_S = ConversationStatus

NEXT: Final[Mapping[ConversationStatus, frozenset[ConversationStatus]]] = {
    _S.WITH_ASSISTANT: frozenset({_S.WAITING_FOR_AGENT, _S.WITH_AGENT, _S.RESOLVED}),
    _S.WAITING_FOR_AGENT: frozenset({_S.WITH_AGENT, _S.WITH_ASSISTANT, _S.RESOLVED}),
    _S.WITH_AGENT: frozenset({_S.WITH_ASSISTANT, _S.WAITING_FOR_AGENT, _S.RESOLVED}),
    _S.RESOLVED: frozenset({_S.WITH_ASSISTANT}),
}


def change_status(now: ConversationStatus, wanted: ConversationStatus) -> ConversationStatus:
    """The status after the change.

    >>> change_status(ConversationStatus.WITH_ASSISTANT, ConversationStatus.WAITING_FOR_AGENT).value
    'waiting_for_agent'

    Raises:
        StatusChangeRefusedError: The table has no such step (staying where one is included).
    """
    if wanted not in NEXT[now]:
        raise StatusChangeRefusedError(now.value, wanted.value)
    return wanted


class TurnMode(StrEnum):
    """What the assistant does with a customer's message."""

    ANSWER = "answer"
    READ = "read"
    """For whoever answers it: its language, what it is for, how it feels."""


def mode_of(status: ConversationStatus, *, assistant_helps: bool) -> TurnMode:
    """Whether the assistant answers.

    It never does while an agent has the conversation, and while the customer waits for one only if they
    want it to.

    >>> mode_of(ConversationStatus.WITH_AGENT, assistant_helps=True).value
    'read'
    """
    if status is ConversationStatus.WITH_AGENT:
        return TurnMode.READ
    if status is ConversationStatus.WAITING_FOR_AGENT and not assistant_helps:
        return TurnMode.READ
    return TurnMode.ANSWER
