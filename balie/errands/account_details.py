"""What an account says of its owner: names and telephone at once, an e-mail address once confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from balie.customers.kinds import AddressKind
from balie.customers.masking import mask_email
from balie.customers.models import CustomerRow
from balie.customers.repository import CustomerRepository
from balie.errands.account_repository import AccountRepository
from balie.errands.account_rules import tidy_name, tidy_phone
from balie.errands.asked import EditAccount
from balie.errands.askers import get_asker
from balie.errands.kinds import LinkPurpose, Obstacle
from balie.errands.link_requests import read_email
from balie.errands.mailed_links import A_DAY, MOST_A_DAY, MailedLink, mail_link
from balie.errands.models import EmailChangeRow
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit

EMAIL: Final = "email"
_NAME: Final = "name"
_NAMES: Final = ("first_name", "last_name")


@dataclass(frozen=True, slots=True)
class Edit:
    """One field of an account as it is, and as it is to be."""

    field: str
    old: str | None
    value: str


async def prepare_edit(visit: Visit, errand: EditAccount) -> Prepared | ErrandRefused:
    """Change what was asked for, all of it or nothing.

    The facts name as ``field`` what changes first (``name``, ``phone`` or ``email``), as ``value`` how all of
    it will read, and of an e-mail address as ``old`` the present one, masked.
    """
    customer = await get_asker(visit)
    wanted = await _read(visit, customer, errand)
    if isinstance(wanted, ErrandRefused):
        return wanted
    edits = [edit for edit in wanted if edit.value != edit.old]
    if not edits:
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts=_facts(customer, wanted))
    changes_email = any(edit.field == EMAIL for edit in edits)
    # Only of the address that is there now: what is refused must not say anything about the other one.
    if changes_email and await _is_mailed_enough(visit, customer.email):
        return ErrandRefused(obstacle=Obstacle.TOO_MANY, facts=_facts(customer, edits))

    async def write() -> Facts:
        for edit in edits:
            if edit.field == EMAIL:
                await _ask_both(visit, customer, edit.value)
            else:
                setattr(customer, edit.field, edit.value)
        await visit.session.flush()
        return {}

    return Prepared(
        facts=_facts(customer, edits),
        write=write,
        before={edit.field: edit.old for edit in edits},
        after={"email_wanted" if edit.field == EMAIL else edit.field: edit.value for edit in edits},
    )


async def _read(visit: Visit, customer: CustomerRow, errand: EditAccount) -> list[Edit] | ErrandRefused:
    """Every change that was asked for, in the form in which it is stored."""
    edits = []
    for field, written, old in (
        ("first_name", errand.first_name, customer.first_name),
        ("last_name", errand.last_name, customer.last_name),
    ):
        if written is not None:
            name = tidy_name(written)
            if name is None:
                return ErrandRefused(obstacle=Obstacle.INVALID_NAME, facts={"field": _NAME})
            edits.append(Edit(field, old, name))
    if errand.phone is not None:
        phone = tidy_phone(errand.phone, country=await _country_of(visit, customer))
        if phone is None:
            return ErrandRefused(obstacle=Obstacle.INVALID_PHONE, facts={"field": "phone"})
        edits.append(Edit("phone", customer.phone, phone))
    if errand.email is not None:
        email = read_email(errand.email)
        if email is None:
            return ErrandRefused(obstacle=Obstacle.INVALID_EMAIL, facts={"field": EMAIL})
        edits.append(Edit(EMAIL, customer.email, email))
    return edits


async def _country_of(visit: Visit, customer: CustomerRow) -> str:
    home = await CustomerRepository(visit.session).find_address(customer.id, AddressKind.HOME)
    return visit.terms.country if home is None else home.country


async def _is_mailed_enough(visit: Visit, email: str) -> bool:
    mailed = await AccountRepository(visit.session).count_links(
        email, [LinkPurpose.CONFIRM_EMAIL], since=visit.now - A_DAY
    )
    return mailed >= MOST_A_DAY


async def _ask_both(visit: Visit, customer: CustomerRow, email: str) -> None:
    """Mail a link to the old address and to the one that is wanted; what was asked before counts no more.

    An address that is another customer's gets no mail, and so the change is never done; whoever asks learns
    nothing of it, because everything else is the same.
    """
    await AccountRepository(visit.session).drop_open_email_changes(customer.id, at=visit.now)
    taken = await CustomerRepository(visit.session).find_by_email(email) is not None
    is_silent = taken or await _is_mailed_enough(visit, email)
    purpose = LinkPurpose.CONFIRM_EMAIL
    old = MailedLink(
        purpose=purpose, customer_id=customer.id, email=customer.email, letter="letter_email_change_old"
    )
    new = MailedLink(
        purpose=purpose,
        customer_id=customer.id,
        email=email,
        letter=None if is_silent else "letter_email_change_confirm",
    )
    visit.session.add(
        EmailChangeRow(
            customer_id=customer.id,
            new_email=email,
            old_link_id=await mail_link(visit, old),
            new_link_id=await mail_link(visit, new),
            asked_at=visit.now,
            done_at=None,
        )
    )


def _facts(customer: CustomerRow, edits: Sequence[Edit]) -> Facts:
    read = {edit.field: edit.value for edit in edits}
    named = {name: value for name, value in read.items() if name not in _NAMES}
    if len(named) < len(read):
        parts = (read.get(name, getattr(customer, name)) for name in _NAMES)
        named = {_NAME: " ".join(part for part in parts if part), **named}
    facts = {"field": next(iter(named), None), "value": ", ".join(named.values())}
    return {**facts, "old": mask_email(customer.email)} if EMAIL in read else facts
