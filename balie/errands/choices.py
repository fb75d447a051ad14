"""What a customer may choose from: products that they have received."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from balie.errands.choice_repository import ChoiceRepository
from balie.storage.unit_of_work import Session

MOST_BOUGHT: Final = 8


async def list_bought(session: Session, customer_id: int) -> Mapping[str, Mapping[str, str]]:
    """The products that a customer received last, by number, with their names per language; newest first."""
    found = await ChoiceRepository(session).list_delivered(customer_id)
    return dict(list({product.sku: product.names for product in found}.items())[:MOST_BOUGHT])
