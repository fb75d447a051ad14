"""The words that the tables of agents may hold."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody may do at the desk; each may do what the one before may."""

    AGENT = "agent"
    LEAD = "lead"
    ADMIN = "admin"


class Presence(StrEnum):
    """Whether somebody takes customers now."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"
