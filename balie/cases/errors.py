"""What can go wrong with cases."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class CaseNotFoundError(BalieError):
    """There is no case with this number.

    Attributes:
        number: As it was asked for.
    """

    code: ClassVar[str] = "case_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, number: str) -> None:
        super().__init__(f"There is no case {number}.")
        self.number = number
