"""The kinds of wishes that simulated customers have: what each is in the store, and what may be mailed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

ORDERS: Final = "an order that is not packed yet", "an order that arrived", "one that arrived lately", "an old order"
FRESH, ARRIVED, LATELY, LONG_AGO = ORDERS
SUBSCRIBED, ANYBODY = "a reader of the newsletter", "a customer"
"""What a goal is chosen from."""

LABEL, CASE, INVOICE, CODE = (
    "letter_return_label",
    "letter_case_opened",
    "letter_invoice",
    "letter_one_time_code",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """What customers with a wish of this kind have in common.

    Attributes:
        words: What they say first, by its name in ``flow_wishes.yml``.
        pool: Whose wish it can be.
        undertaking: What is done in the store; None when nothing is to be changed.
        case: The kind of case that somebody has to look at; None for no case.
        letters: What is mailed to them once: all of it when nothing is said of ``by_parcel``.
        by_parcel: What is mailed besides when something comes back with a label.
    """

    words: str
    pool: str
    undertaking: str | None = None
    case: str | None = None
    letters: tuple[str, ...] = ()
    by_parcel: tuple[str, ...] = ()


KINDS: Final[Mapping[str, Kind]] = {
    "cancel": Kind("cancel", FRESH, "cancel_order"),
    "return": Kind("return", ARRIVED, "return_items", by_parcel=(LABEL,)),
    "exchange": Kind("exchange", ARRIVED, "return_items", by_parcel=(LABEL,)),
    "pieces": Kind("change", FRESH, "change_lines"),
    "remove": Kind("change", FRESH, "change_lines"),
    "address": Kind("address", FRESH, "change_address"),
    "keep": Kind("cancel", FRESH),
    "stop": Kind("cancel", FRESH),
    "cancel_too_late": Kind("cancel", ARRIVED),
    "return_too_late": Kind("return", LONG_AGO),
    "damaged_new": Kind("damaged", LATELY, "report_problem", "damaged", (CASE,), (LABEL,)),
    "damaged_money": Kind("damaged", LATELY, "report_problem", "damaged", (CASE,), (LABEL,)),
    "missing_money": Kind("missing", LATELY, "report_problem", "missing_item", (CASE,)),
    "wrong_swap": Kind("wrong", LATELY, "report_problem", "wrong_item", (CASE,), (LABEL,)),
    "pick_up": Kind("return", ARRIVED, "return_items"),
    "invoice_by_mail": Kind("invoice", LATELY, "mail_invoice", letters=(INVOICE,)),
    "basket": Kind("basket", ANYBODY, "add_to_basket"),
    "newsletter_leave": Kind("newsletter", SUBSCRIBED, "newsletter"),
    "complaint": Kind("complaint", ANYBODY, "open_case", "complaint", (CASE,)),
    "phone": Kind("phone", ANYBODY, "edit_account"),
    "report_too_late": Kind("damaged", LONG_AGO),
}
TOO_LATE: Final = frozenset({"cancel_too_late", "return_too_late", "report_too_late"})
CHANGES_MIND: Final = frozenset({"keep", "stop"})
"""They see what would be done, and want it no more."""
NEEDS_NOBODY: Final = frozenset({"basket", "complaint"})
"""Nobody has to say who they are for it."""


@dataclass(frozen=True)
class Goal:
    """One customer's wish.

    Attributes:
        order_number: The order it is about, or the customer's newest one.
        position: Of the item on the receipt, for what is about one item.
        item: Its name, in the customer's language; of a basket, the product's.
        sku: The variant that was bought, or is to be.
        known: Whether the shop vouches for them; others show an order number and an e-mail address, or that
            they read its mailbox.
        has_photo: Whether they took a photo of what is wrong.
        day: When somebody may come for what goes back.
        size: Of what is to be bought; ``colour`` in the customer's language likewise.
        phone: Their next telephone number, in its international form.
    """

    kind: str
    order_number: str
    external_id: str
    email: str
    language: str
    known: bool
    position: int
    item: str
    sku: str
    method: str
    pieces: int
    address: tuple[str, str, str, str]
    has_photo: bool
    day: date
    size: str | None
    colour: str | None
    phone: str

    @property
    def of(self) -> Kind:
        """What its kind says of it."""
        return KINDS[self.kind]

    @property
    def details(self) -> Mapping[str, str]:
        """What to answer to the questions of the flows, by detail."""
        wanted = {"reason": "too_small", "condition": "unused", "method": self.method}
        return wanted | _DETAILS.get(self.kind, {})

    @property
    def letters(self) -> tuple[str, ...]:
        """What the customer is mailed in the end."""
        is_mailed = self.known or self.kind not in NEEDS_NOBODY
        labels = self.of.by_parcel if self.method == "parcel" else ()
        return (*self.of.letters, *labels) if is_mailed else ()


_DETAILS: Final[Mapping[str, Mapping[str, str]]] = {
    "pieces": {"kind": "pieces"},
    "remove": {"kind": "remove"},
    "damaged_new": {"remedy": "replacement"},
    "damaged_money": {"remedy": "refund"},
    "missing_money": {"problem": "missing_item", "remedy": "refund"},
    "wrong_swap": {"problem": "wrong_item", "remedy": "replacement"},
    "report_too_late": {"remedy": "replacement"},
    "pick_up": {"method": "pick_up"},
    "newsletter_leave": {"newsletter": "leave"},
    "phone": {"field": "phone"},
}
