"""The words that the table of cases may hold."""

from __future__ import annotations

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case is about."""

    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    MISSING_ITEM = "missing_item"
    COMPLAINT = "complaint"
    PRICE_MATCH = "price_match"
    WARRANTY = "warranty"
    DATA_EXPORT = "data_export"
    DATA_ERASURE = "data_erasure"


class CaseState(StrEnum):
    """How far a case has come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Remedy(StrEnum):
    """What a customer wants for an item that is not as it should be."""

    REPLACEMENT = "replacement"
    REFUND = "refund"
    REPAIR = "repair"
