"""What can go wrong with the database itself."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class StoreUnavailableError(BalieError):
    """The database is locked, gone, broken or not yet migrated; nothing was written.

    Attributes:
        reason: What the database said, without the statement and its values.
    """

    code: ClassVar[str] = "store_unavailable"
    kind: ClassVar[ErrorKind] = ErrorKind.UNAVAILABLE

    def __init__(self, reason: str) -> None:
        super().__init__(f"The database cannot be used right now: {reason}")
        self.reason = reason


class SchemaDriftError(BalieError):
    """The models and the migrations do not describe the same tables."""

    code: ClassVar[str] = "schema_drift"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, difference: str) -> None:
        super().__init__(f"Models and migrations differ (write one with `alembic revision`): {difference}")
        self.difference = difference
