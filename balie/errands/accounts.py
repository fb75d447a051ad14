"""Where an account's orders go, and whom the account is for."""

from __future__ import annotations

from typing import Final

from balie.customers.kinds import AddressKind
from balie.customers.models import CustomerAddressRow
from balie.customers.repository import CustomerRepository
from balie.errands.account_repository import AccountRepository
from balie.errands.asked import SetAddress, SwitchAccount
from balie.errands.askers import get_asker
from balie.errands.kinds import Obstacle
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.orders.addresses import tidy_address
from balie.orders.changes_asked import DeliveryAddress

_PARTS: Final = ("street", "house_number", "postcode", "city", "country")


async def prepare_address(visit: Visit, errand: SetAddress) -> Prepared | ErrandRefused:
    """The address to which orders go from now on; those that are placed keep theirs."""
    customer = await get_asker(visit)
    country = errand.address.country.strip().upper()
    if country not in visit.terms.countries:
        return ErrandRefused(obstacle=Obstacle.COUNTRY_NOT_SERVED, facts={"country": country})
    address = tidy_address(errand.address)
    if address is None:
        return ErrandRefused(obstacle=Obstacle.INVALID_ADDRESS)
    addresses = CustomerRepository(visit.session)
    delivery = await addresses.find_address(customer.id, AddressKind.DELIVERY)
    # Without an address of their own, orders go home.
    used = delivery or await addresses.find_address(customer.id, AddressKind.HOME)
    facts: Facts = {
        "street": f"{address.street} {address.house_number}",
        "place": f"{address.postcode} {address.city}",
        "country": address.country,
    }
    if used is not None and _parts(used) == _parts(address):
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts=facts)

    async def write() -> Facts:
        await AccountRepository(visit.session).put_address(customer.id, AddressKind.DELIVERY, address)
        return {}

    return Prepared(
        facts=facts,
        write=write,
        before={} if delivery is None else _parts(delivery),
        after=_parts(address),
    )


async def prepare_switch(visit: Visit, errand: SwitchAccount) -> Prepared | ErrandRefused:
    """Make a personal account a business account, or the other way round."""
    customer, wanted = await get_asker(visit), errand.account_type.value
    facts: Facts = {"account_type": wanted}
    if customer.account_type == wanted:
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts=facts)

    async def write() -> Facts:
        customer.account_type = wanted
        await visit.session.flush()
        return {}

    return Prepared(
        facts=facts,
        write=write,
        before={"account_type": customer.account_type},
        after={"account_type": wanted},
    )


def _parts(address: CustomerAddressRow | DeliveryAddress) -> dict[str, str]:
    return {part: getattr(address, part) for part in _PARTS}
