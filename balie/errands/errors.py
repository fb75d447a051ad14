"""What nobody could have refused beforehand."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class AskerUnknownError(BalieError):
    """An errand of an account was asked for, and nobody has shown whose account that is."""

    code: ClassVar[str] = "asker_unknown"
    kind: ClassVar[ErrorKind] = ErrorKind.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("Nobody has shown who they are: this errand is for a customer.")


class ErasureRefusedError(BalieError):
    """A person cannot be erased yet: an order is still open, or money is on its way to them.

    Attributes:
        orders: Numbers of the open orders.
    """

    code: ClassVar[str] = "erasure_refused"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, orders: tuple[str, ...]) -> None:
        what = f"open orders: {', '.join(orders)}" if orders else "a refund that is not paid yet"
        super().__init__(f"Nothing was erased, there is still something to settle: {what}.")
        self.orders = orders
