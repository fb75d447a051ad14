"""Everything that conversations hold about a customer; all of it goes when the customer is erased."""

from __future__ import annotations

from typing import Final

from balie.storage.held import Belonging, Fate, Held

_DIGESTS: Final = frozenset({"code_digest", "address_digest"})

HOLDINGS: Final = (
    # Also those that were sent in a conversation of somebody else, who did not know them.
    Belonging(Held("one_time_codes", hidden=_DIGESTS), Fate.GOES),
    Belonging(
        Held(
            "conversations",
            parts=(
                Held("messages", "conversation_id"),
                Held("message_buttons", "conversation_id"),
                Held("photos", "conversation_id"),
                Held("identification_attempts", "conversation_id"),
            ),
        ),
        Fate.GOES,
    ),
)
