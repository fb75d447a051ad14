"""Letters that go with an errand: put into the outbox in the same transaction, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from balie.customers.repository import CustomerRepository
from balie.errands.preparing import Visit
from balie.outbox.letters import Letter
from balie.outbox.repository import OutboxRepository


async def write_to_customer(visit: Visit, name: str, facts: Mapping[str, Any], *, key: str) -> bool:
    """Write to the address of the customer who asks; answers whether there is one.

    Args:
        visit: Of the errand.
        name: Of the letter's words (``data/letters``).
        facts: What its words may name.
        key: The same letter is never written twice under one key.
    """
    if visit.asker.customer_id is None:
        return False
    customer = await CustomerRepository(visit.session).find_by_id(visit.asker.customer_id)
    if customer is None:
        return False
    letter = Letter(
        name=name,
        recipient=customer.email,
        language=visit.asker.language,
        facts=facts,
        customer_id=customer.id,
    )
    await OutboxRepository(visit.session).put(letter, key=key, at=visit.now)
    return True
