"""Who asks: errands of an account begin here."""

from __future__ import annotations

from balie.customers.models import CustomerRow
from balie.errands.account_repository import AccountRepository
from balie.errands.errors import AskerUnknownError
from balie.errands.preparing import Visit


async def get_asker(visit: Visit) -> CustomerRow:
    """The customer who asks; once it is confirmed, no other errand of theirs is done at the same time.

    Raises:
        AskerUnknownError: Nobody has shown who they are, or the account is gone.
    """
    customer_id = visit.asker.customer_id
    if customer_id is None:
        raise AskerUnknownError
    customer = await AccountRepository(visit.session).find_customer(customer_id, lock=visit.is_confirmed)
    if customer is None:
        raise AskerUnknownError
    return customer
