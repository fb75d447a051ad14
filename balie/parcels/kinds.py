"""The words of parcels."""

from __future__ import annotations

from enum import StrEnum


class AnnouncementState(StrEnum):
    """Whether the carrier knows of a return."""

    WANTED = "wanted"
    DONE = "done"
    REFUSED = "refused"
