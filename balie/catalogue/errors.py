"""What can go wrong with products and stores."""

from __future__ import annotations

from typing import ClassVar

from balie.kernel.errors import BalieError, ErrorKind


class ProductNotFoundError(BalieError):
    """Nothing is sold under this number."""

    code: ClassVar[str] = "product_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, sku: str) -> None:
        super().__init__("There is no such product.")
        self.sku = sku


class StoreNotFoundError(BalieError):
    """There is no store with this code."""

    code: ClassVar[str] = "store_not_found"
    kind: ClassVar[ErrorKind] = ErrorKind.NOT_FOUND

    def __init__(self, store_code: str) -> None:
        super().__init__("There is no such store.")
        self.store_code = store_code


class GoodsWordsError(BalieError):
    """The shop's facts say what goods are called in a way that cannot be read."""

    code: ClassVar[str] = "goods_words_unusable"
    kind: ClassVar[ErrorKind] = ErrorKind.INVALID
