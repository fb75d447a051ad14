"""Reads customers from CSV: one line each, known by ``external_id``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from balie.customers.contact import normalise_postcode
from balie.customers.kinds import AccountType, AddressKind
from balie.customers.models import CustomerAddressRow, CustomerRow, LoyaltyAccountRow
from balie.storage.bulk import Key, find_ids, upsert_rows
from balie.storage.csv_import import ImportRun, NumberedValues, Written, batches
from balie.storage.csv_values import (
    BadValueError,
    Column,
    code,
    day,
    email,
    lower,
    moment,
    one_of_words,
    read_values,
    text,
    upper,
)
from balie.storage.unit_of_work import BulkConnection

ADDRESS_COLUMNS: Final = {
    "street": Column(text(120)),
    "house_number": Column(text(16)),
    "postcode": Column(lambda value: text(12)(normalise_postcode(value))),
    "city": Column(text(80)),
    "country": Column(upper(code(2))),
}

COLUMNS: Final = {
    "external_id": Column(text(64), required=True),
    "first_name": Column(text(100), required=True),
    "last_name": Column(text(100), required=True),
    "email": Column(email, required=True),
    "language": Column(lower(code(2)), required=True),
    "phone": Column(text(32)),
    "account_type": Column(one_of_words(AccountType), default=AccountType.PERSONAL.value),
    "registered_at": Column(moment),
    **ADDRESS_COLUMNS,
    "member_since": Column(day),
}


def read_customer(values: dict[str, str]) -> dict[str, Any]:
    """The customer in one line.

    Raises:
        BadValueError: A value is not what its column holds, or only half of an address is there.
    """
    customer = read_values(COLUMNS, values)
    given = [name for name in ADDRESS_COLUMNS if customer[name] is not None]
    if given and len(given) < len(ADDRESS_COLUMNS):
        missing = [name for name in ADDRESS_COLUMNS if name not in given]
        raise BadValueError(f"half an address: {', '.join(missing)} missing")
    return customer


def import_customers(run: ImportRun) -> None:
    """Write the customers of a file, a couple of thousand per transaction.

    Raises:
        StoreUnavailableError: The database cannot be used.
    """
    given = frozenset(run.file.columns)
    for batch in batches(run.usable(read_customer)):
        run.write_lines(batch, lambda connection, lines: _write(connection, lines, given, run.now))


def _write(
    connection: BulkConnection, lines: Sequence[NumberedValues], given: frozenset[str], now: datetime
) -> Written:
    # A customer who is there twice is changed twice: the later line is what counts.
    customers = {values["external_id"]: values for _, values in lines}
    known = find_ids(connection, CustomerRow, "external_id", list(customers))
    rows = [_customer_row(customer, now) for customer in customers.values()]
    keep = {"phone", "account_type", "registered_at"} - given
    upsert_rows(connection, CustomerRow, rows, key=Key(("external_id",)), keep=keep)
    ids = find_ids(connection, CustomerRow, "external_id", list(customers))
    homes = [_address_row(ids[key], customer) for key, customer in customers.items() if customer["street"]]
    upsert_rows(connection, CustomerAddressRow, homes, key=Key(("customer_id", "kind")))
    members = [
        {"customer_id": ids[key], "joined_on": customer["member_since"]}
        for key, customer in customers.items()
        if customer["member_since"]
    ]
    upsert_rows(connection, LoyaltyAccountRow, members, key=Key(("customer_id",)))
    return Written(added=len(customers) - len(known), changed=len(known))


def _customer_row(customer: dict[str, Any], now: datetime) -> dict[str, Any]:
    names = ("external_id", "first_name", "last_name", "email", "language", "phone", "account_type")
    return {
        **{name: customer[name] for name in names},
        "registered_at": customer["registered_at"] or now,
    }


def _address_row(customer_id: int, customer: dict[str, Any]) -> dict[str, Any]:
    address = {name: customer[name] for name in ADDRESS_COLUMNS}
    return {"customer_id": customer_id, "kind": AddressKind.HOME.value, **address}
