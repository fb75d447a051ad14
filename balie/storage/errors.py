"""What can go wrong with the database itself."""

from __future__ import annotations

from collections.abc import Sequence
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


class ReferencesLostError(BalieError):
    """After a migration, rows refer to rows that are not there; the migration was undone.

    Attributes:
        tables: Where such rows are.
    """

    code: ClassVar[str] = "references_lost"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(f"Rows refer to rows that are gone, in {', '.join(tables)}; nothing was changed.")
        self.tables = tuple(tables)


class RowsRefusedError(BalieError):
    """The database refused rows that contradict others; nothing of the transaction was written."""

    code: ClassVar[str] = "rows_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        # What the database says names values, and those may be personal.
        super().__init__("The database refused a row that contradicts another one.")


class CsvUnreadableError(BalieError):
    """A file is missing, empty, or not the text of a CSV file.

    Attributes:
        file_name: Without its folder.
        reason: What is wrong with it.
    """

    code: ClassVar[str] = "csv_unreadable"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, file_name: str, reason: str) -> None:
        super().__init__(f"{file_name} cannot be read: {reason}.")
        self.file_name = file_name
        self.reason = reason


class CsvColumnsError(BalieError):
    """The header of a CSV file lacks columns, or names one twice.

    Attributes:
        missing: Needed, and not there.
        twice: There more than once.
        found: What the header has.
    """

    code: ClassVar[str] = "csv_columns"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(
        self, file_name: str, *, found: Sequence[str], missing: Sequence[str] = (), twice: Sequence[str] = ()
    ) -> None:
        problem = f"has no column {', '.join(missing)}" if missing else f"has {', '.join(twice)} twice"
        super().__init__(f"{file_name} {problem}; its first line names: {', '.join(found)}.")
        self.missing = tuple(missing)
        self.twice = tuple(twice)
        self.found = tuple(found)
