"""Money as integer minor units and a currency; floats never touch an amount."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount.

    Attributes:
        minor_units: Cents for EUR and GBP.
        currency: ISO 4217 code.
    """

    minor_units: int
    currency: str = "EUR"

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"Cannot add {other.currency} to {self.currency}.")
        return Money(self.minor_units + other.minor_units, self.currency)
