"""The words that the tables of handoffs may hold."""

from __future__ import annotations

from enum import StrEnum


class HandoffState(StrEnum):
    """How far a handoff has come."""

    QUEUED = "queued"
    OFFERED = "offered"
    """To one agent, for a short while."""
    ACCEPTED = "accepted"
    PROMISED = "promised"
    """The customer left a message, or wants to be called or written to; the assistant goes on meanwhile."""
    RESOLVED = "resolved"
    RETURNED = "returned"
    """To the assistant."""
    WITHDRAWN = "withdrawn"
    """By the customer."""
    EXPIRED = "expired"


class Step(StrEnum):
    """What may happen to a handoff."""

    REQUEST = "request"
    OFFER = "offer"
    DECLINE = "decline"
    LAPSE = "lapse"
    """An offer that nobody answered."""
    ACCEPT = "accept"
    TRANSFER_TO_TEAM = "transfer_to_team"
    TRANSFER_TO_AGENT = "transfer_to_agent"
    TAKE_OVER = "take_over"
    SNOOZE = "snooze"
    WAKE = "wake"
    LOSE_AGENT = "lose_agent"
    """The agent is gone while the customer waits for an answer."""
    WITHDRAW = "withdraw"
    PROMISE = "promise"
    EXPIRE = "expire"
    RETURN = "return"
    RESOLVE = "resolve"


class Reason(StrEnum):
    """Why a person is needed."""

    ASKED = "asked"
    ANGRY = "angry"
    CONFUSED = "confused"
    NOT_UNDERSTOOD = "not_understood"
    FAILED = "failed"
    POLICY = "policy"
    VALUABLE = "valuable"


class Wish(StrEnum):
    """How a customer who does not wait wants to hear from us."""

    MESSAGE = "message"
    """In this conversation; and by mail, when the address is known."""
    CALL = "call"
    MAIL = "mail"


class ResolutionCode(StrEnum):
    """How a conversation with a person ended."""

    SOLVED = "solved"
    PARTLY_SOLVED = "partly_solved"
    NOT_SOLVED = "not_solved"
    NO_ANSWER = "no_answer"
    """From the customer."""
    CALLED = "called"
    DUPLICATE = "duplicate"
    ABUSE = "abuse"
