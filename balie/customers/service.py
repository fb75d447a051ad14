"""What the rest of Balie may ask about customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

from balie.customers.contact import normalise_email
from balie.customers.errors import CustomerNotFoundError
from balie.customers.kinds import AccountType, AddressKind, LoyaltyReason
from balie.customers.loyalty import PointsEntry, points_to_voucher, work_out_balance
from balie.customers.masking import mask_email
from balie.customers.models import CustomerAddressRow, CustomerRow, LoyaltyEntryRow
from balie.customers.repository import CustomerRepository
from balie.customers.views import AddressView, ContactView, CustomerView, LoyaltyEntryView, LoyaltyView
from balie.kernel.clock import DEFAULT_TIMEZONE, Clock, local_day, utc_now
from balie.storage.unit_of_work import UnitOfWork

DEFAULT_POINTS_FOR_VOUCHER: Final = 250

_NOT_A_MEMBER: Final = LoyaltyView(
    member=False,
    points=0,
    points_to_voucher=0,
    vouchers_ready=0,
    expiring_points=0,
    expires_on=None,
    recent_entries=(),
)


class CustomerService:
    """Answers questions about customers; changes nothing."""

    def __init__(
        self,
        unit_of_work: UnitOfWork,
        *,
        clock: Clock = utc_now,
        timezone: ZoneInfo = DEFAULT_TIMEZONE,
        points_for_voucher: int = DEFAULT_POINTS_FOR_VOUCHER,
    ) -> None:
        """Build the service.

        Args:
            unit_of_work: The store.
            clock: The present moment.
            timezone: Where the shop's days begin and end.
            points_for_voucher: What a voucher costs (``loyalty.points_for_voucher`` of the shop's facts).
        """
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timezone = timezone
        self._points_for_voucher = points_for_voucher

    async def get_customer(self, customer_id: int) -> CustomerView:
        """The customer with this id.

        Raises:
            CustomerNotFoundError: There is none.
        """
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_id(customer_id)
        if customer is None:
            raise CustomerNotFoundError(customer_id)
        return _customer_view(customer)

    async def find_by_external_id(self, external_id: str) -> CustomerView | None:
        """The customer with the shop's own number (``sub`` of a shop-signed token), or None."""
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_external_id(external_id)
        return None if customer is None else _customer_view(customer)

    async def find_by_channel_identity(self, channel: str, identity: str) -> CustomerView | None:
        """The customer known by ``identity`` in ``channel`` (``telegram``, "4711"), or None."""
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_channel_identity(channel, identity)
        return None if customer is None else _customer_view(customer)

    async def find_contact(self, customer_id: int) -> ContactView | None:
        """Where letters reach this customer, or None when there is no such customer."""
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_id(customer_id)
        return None if customer is None else _contact_view(customer)

    async def find_contact_by_email(self, email: str) -> ContactView | None:
        """The customer with this address, however it is written; of several, the one who registered last.

        Whoever may ask must not tell anybody whether there is one.
        """
        async with self._unit_of_work.read() as session:
            customer = await CustomerRepository(session).find_by_email(normalise_email(email))
        return None if customer is None else _contact_view(customer)

    async def find_home_address(self, customer_id: int) -> AddressView | None:
        """Where the customer lives; None when unknown (or there is no such customer)."""
        async with self._unit_of_work.read() as session:
            address = await CustomerRepository(session).find_address(customer_id, AddressKind.HOME)
        return None if address is None else _address_view(address)

    async def get_home_postcode(self, customer_id: int) -> str | None:
        """The postcode at home, upper case without spaces; None when unknown."""
        address = await self.find_home_address(customer_id)
        return None if address is None else address.postcode

    async def get_loyalty(self, customer_id: int, *, recent: int = 5) -> LoyaltyView:
        """How the customer stands in the loyalty programme.

        Args:
            customer_id: Whose points.
            recent: How many entries to list at most.

        Returns:
            A view with ``member=False`` for a customer who never joined.
        """
        async with self._unit_of_work.read() as session:
            repository = CustomerRepository(session)
            if await repository.find_loyalty_account(customer_id) is None:
                return _NOT_A_MEMBER
            entries = await repository.list_loyalty_entries(customer_id)
        return self._loyalty_view(entries, recent)

    def _loyalty_view(self, entries: Sequence[LoyaltyEntryRow], recent: int) -> LoyaltyView:
        points_entries = [
            PointsEntry(entry.points, local_day(entry.recorded_at, self._timezone), entry.expires_on)
            for entry in entries
        ]
        balance = work_out_balance(points_entries, today=local_day(self._clock(), self._timezone))
        newest = list(entries)[::-1][:recent]
        return LoyaltyView(
            member=True,
            points=balance.points,
            points_to_voucher=points_to_voucher(balance.points, self._points_for_voucher),
            vouchers_ready=balance.points // self._points_for_voucher,
            expiring_points=balance.expiring_points,
            expires_on=balance.expires_on,
            recent_entries=tuple(self._entry_view(entry) for entry in newest),
        )

    def _entry_view(self, entry: LoyaltyEntryRow) -> LoyaltyEntryView:
        return LoyaltyEntryView(
            points=entry.points,
            reason=LoyaltyReason(entry.reason),
            order_number=entry.order_number,
            recorded_on=local_day(entry.recorded_at, self._timezone),
            expires_on=entry.expires_on,
        )


def _customer_view(customer: CustomerRow) -> CustomerView:
    return CustomerView(
        id=customer.id,
        external_id=customer.external_id,
        first_name=customer.first_name,
        last_name=customer.last_name,
        language=customer.language,
        account_type=AccountType(customer.account_type),
        masked_email=mask_email(customer.email),
    )


def _contact_view(customer: CustomerRow) -> ContactView:
    return ContactView(customer_id=customer.id, email=customer.email, language=customer.language)


def _address_view(address: CustomerAddressRow) -> AddressView:
    return AddressView(
        street=address.street,
        house_number=address.house_number,
        postcode=address.postcode,
        city=address.city,
        country=address.country,
    )
