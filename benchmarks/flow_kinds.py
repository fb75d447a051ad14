"""The kinds of wishes that simulated customers have, and what comes of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

FRESH, ARRIVED, LATELY, LONG_AGO, SUBSCRIBED, ANYBODY = (
    "an order that is not packed yet",
    "an order that arrived",
    "an order that arrived lately",
    "an old order",
    "a reader of the newsletter",
    "a customer",
)
"""What a goal is chosen from."""
LABEL, CASE, INVOICE = "letter_return_label", "letter_case_opened", "letter_invoice"
CODE: Final = "letter_one_time_code"
"""Mailed to whoever shows that way who they are."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What customers with a wish of this kind have in common.

    Attributes:
        words: What they say first, by its name in ``flow_wishes.yml``.
        flow: The intent of the flow that does it, or would.
        pool: Whose wish it can be.
        undertaking: What is done in the store; None when nothing is to be changed.
        case: The kind of case that somebody has to look at; None for no case.
        letters: What is mailed to them, each once.
        by_parcel: What is mailed besides when something comes back with a label.
        is_about_order: Whether it is about one order, and so the customer notices when another is named.
    """

    words: str
    flow: str
    pool: str
    undertaking: str | None = None
    case: str | None = None
    letters: tuple[str, ...] = ()
    by_parcel: tuple[str, ...] = ()
    is_about_order: bool = True


KINDS: Final[Mapping[str, Kind]] = {
    "cancel": Kind("cancel", "cancel_order", FRESH, "cancel_order"),
    "return": Kind("return", "return_item", ARRIVED, "return_items", by_parcel=(LABEL,)),
    "exchange": Kind("exchange", "exchange_item", ARRIVED, "return_items", by_parcel=(LABEL,)),
    "pieces": Kind("change", "change_order", FRESH, "change_lines"),
    "remove": Kind("change", "change_order", FRESH, "change_lines"),
    "address": Kind("address", "change_shipping_address", FRESH, "change_address"),
    "keep": Kind("cancel", "cancel_order", FRESH),
    "stop": Kind("cancel", "cancel_order", FRESH),
    "cancel_too_late": Kind("cancel", "cancel_order", ARRIVED),
    "return_too_late": Kind("return", "return_item", LONG_AGO),
    "damaged_new": Kind("damaged", "damaged_item", LATELY, "report_problem", "damaged", (CASE,), (LABEL,)),
    "damaged_money": Kind("damaged", "damaged_item", LATELY, "report_problem", "damaged", (CASE,), (LABEL,)),
    "missing_money": Kind(
        "missing", "wrong_or_missing_item", LATELY, "report_problem", "missing_item", (CASE,)
    ),
    "wrong_swap": Kind(
        "wrong", "wrong_or_missing_item", LATELY, "report_problem", "wrong_item", (CASE,), (LABEL,)
    ),
    "pick_up": Kind("return", "return_item", ARRIVED, "return_items"),
    "invoice_by_mail": Kind("invoice", "get_invoice", LATELY, "mail_invoice", letters=(INVOICE,)),
    "basket": Kind("basket", "place_order", ANYBODY, "add_to_basket", is_about_order=False),
    "newsletter_leave": Kind(
        "newsletter", "newsletter_subscription", SUBSCRIBED, "newsletter", is_about_order=False
    ),
    "complaint": Kind(
        "complaint", "complaint", ANYBODY, "open_case", "complaint", (CASE,), is_about_order=False
    ),
    "phone": Kind("phone", "edit_account", ANYBODY, "edit_account", is_about_order=False),
    "report_too_late": Kind("damaged", "damaged_item", LONG_AGO),
}
TOO_LATE: Final = frozenset({"cancel_too_late", "return_too_late", "report_too_late"})
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
    def needs_nobody(self) -> bool:
        """Whether nobody has to say who they are for it."""
        return self.kind in NEEDS_NOBODY

    @property
    def details(self) -> Mapping[str, str]:
        """What to answer to the questions of the flows, by detail."""
        wanted = {"reason": "too_small", "condition": "unused", "method": self.method}
        return wanted | _DETAILS.get(self.kind, {})

    @property
    def letters(self) -> tuple[str, ...]:
        """What the customer is mailed in the end."""
        is_mailed = self.known or not self.needs_nobody
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


@dataclass
class Play:
    """What one customer went through.

    Attributes:
        conversation: Its id, as the store writes it.
        said: Both sides, in order, for whoever wants to know what went wrong.
        told: What happened, as the customer wrote it when they were asked, or at once.
        photos: How many were sent.
        was_offered: Whether what was wanted was shown for a yes.
        was_refused: Whether it was said that it is too late.
        turns_s: How long each answer took.
        writing_s: The same of the turns that said yes to a change.
    """

    goal: Goal
    conversation: str = ""
    said: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    photos: int = 0
    was_offered: bool = False
    was_refused: bool = False
    turns_s: list[float] = field(default_factory=list)
    writing_s: list[float] = field(default_factory=list)
