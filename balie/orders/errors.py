"""What can go wrong with orders."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class OrderNotFoundError(BalieError):
    """The customer has no order with this number (or it belongs to somebody else)."""

    code: ClassVar[str] = "order_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, order_number: str) -> None:
        # What was typed as a number may be anything, an e-mail address too: it stays out of the text.
        super().__init__("This customer has no such order.")
        self.order_number = order_number


class InvoiceNotFoundError(BalieError):
    """There is no invoice yet: it is made when the parcel leaves.

    Attributes:
        order_number: The order that was asked about; None when the customer has no invoice at all.
    """

    code: ClassVar[str] = "invoice_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, order_number: str | None) -> None:
        super().__init__(f"No invoice for {order_number or 'this customer'} yet.")
        self.order_number = order_number


class ReturnNotFoundError(BalieError):
    """There is no return with this number that has a label."""

    code: ClassVar[str] = "return_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no such return.")


class StoreNotEmptyError(BalieError):
    """The demo shop does not go where a real shop's customers are.

    Attributes:
        customers: How many of those there are.
    """

    code: ClassVar[str] = "store_not_empty"
    kind: ClassVar[ErrorKind] = ErrorKind.CONFLICT

    def __init__(self, customers: int) -> None:
        super().__init__(
            f"The database holds {customers} customers of a real shop; use another one for the demo."
        )
        self.customers = customers


class ShopTermsError(BalieError):
    """The shop's facts do not say what may be changed, returned and refunded, or say it in a wrong form.

    Attributes:
        reason: What is missing or wrong.
    """

    code: ClassVar[str] = "shop_terms_unusable"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID

    def __init__(self, reason: str) -> None:
        super().__init__(f"data/shop/shop.yml lacks the terms of orders: {reason}.")
        self.reason = reason
