"""Everything that conversations hold about a customer; all of it goes when the customer is erased."""

from __future__ import annotations

from typing import Final

from balie.storage.held import Belonging, Fate, Held

_DIGESTS: Final = frozenset({"code_digest", "address_digest"})

_BY_AGENT: Final = {"agent_id": "agents.display_name"}

HOLDINGS: Final = (
    # Also those that were sent in a conversation of somebody else, who did not know them.
    Belonging(Held("one_time_codes", hidden=_DIGESTS), Fate.GOES),
    Belonging(
        Held(
            "conversations",
            parts=(
                Held("messages", "conversation_id", named=_BY_AGENT),
                Held("message_buttons", "conversation_id"),
                Held("photos", "conversation_id"),
                Held("identification_attempts", "conversation_id"),
                Held("ratings", "conversation_id", named=_BY_AGENT),
                Held("handoff_notes", "conversation_id", named=_BY_AGENT),
                Held(
                    "handoffs",
                    "conversation_id",
                    parts=(Held("handoff_events", "handoff_id", named=_BY_AGENT),),
                    named={**_BY_AGENT, "offered_to": "agents.display_name"},
                ),
                Held("channel_links", "conversation_id"),
                Held("channel_calls", "conversation_id"),
                Held("continuations", "conversation_id", hidden=frozenset({"code_hash"})),
                Held("shop_events", "visitor", hidden=frozenset({"key"})),
                Held("recommendation_dismissals", "conversation_id"),
            ),
        ),
        Fate.GOES,
    ),
)
