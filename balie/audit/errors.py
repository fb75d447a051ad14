"""What can go wrong with the keys of changes."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class ChangeKeyTakenError(BalieError):
    """A change was asked for under the key of another customer's change; nothing was changed."""

    code: ClassVar[str] = "change_key_taken"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self) -> None:
        super().__init__("This turn has made a change for another customer.")
