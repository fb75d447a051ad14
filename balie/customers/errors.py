"""What can go wrong with customers."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class CustomerNotFoundError(BalieError):
    """There is no such customer."""

    code: ClassVar[str] = "customer_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, customer_id: int | str) -> None:
        super().__init__(f"No customer {customer_id}.")
        self.customer_id = customer_id
