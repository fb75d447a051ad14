"""What can be asked for, as values. Nothing here says whether it may be done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Final, TypeAlias
from uuid import UUID

from balie.cases.kinds import CaseKind
from balie.customers.kinds import AccountType
from balie.errands.kinds import Undertaking
from balie.orders.changes_asked import DeliveryAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks, and where.

    Attributes:
        customer_id: None while nobody has shown who they are.
        language: In which they are written to.
    """

    customer_id: int | None
    conversation_id: UUID
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """Have somebody look at it: a complaint, a lower price elsewhere, what we know of somebody.

    Attributes:
        story: In the customer's own words.
        product_sku: What it is about, where it is about a product.
    """

    kind: CaseKind
    story: str | None = None
    product_sku: str | None = None
    undertaking: ClassVar[Undertaking] = Undertaking.OPEN_CASE


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Get the newsletter, or get it no more."""

    wanted: bool
    undertaking: ClassVar[Undertaking] = Undertaking.NEWSLETTER


@dataclass(frozen=True, slots=True)
class AlertWhenInStock:
    """Hear of it when a variant can be bought again."""

    sku: str
    undertaking: ClassVar[Undertaking] = Undertaking.STOCK_ALERT


@dataclass(frozen=True, slots=True)
class WriteReview:
    """Say what one thinks of a product; 1 to 5 stars."""

    product_sku: str
    stars: int
    text: str | None = None
    undertaking: ClassVar[Undertaking] = Undertaking.REVIEW


@dataclass(frozen=True, slots=True)
class PutAside:
    """Have a piece put aside in a store."""

    sku: str
    store_code: str
    undertaking: ClassVar[Undertaking] = Undertaking.COLLECTION


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAccount:
    """Change what the account says; None leaves it as it is. An e-mail address is confirmed by both first."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    email: str | None = None
    undertaking: ClassVar[Undertaking] = Undertaking.EDIT_ACCOUNT


@dataclass(frozen=True, slots=True)
class SetAddress:
    """The address to which orders go from now on."""

    address: DeliveryAddress
    undertaking: ClassVar[Undertaking] = Undertaking.SET_ADDRESS


@dataclass(frozen=True, slots=True)
class SwitchAccount:
    """Make it an account of the other type."""

    account_type: AccountType
    undertaking: ClassVar[Undertaking] = Undertaking.SWITCH_ACCOUNT


@dataclass(frozen=True, slots=True)
class DeleteAccount:
    """Close the account, after some days in which that can be withdrawn."""

    undertaking: ClassVar[Undertaking] = Undertaking.DELETE_ACCOUNT


@dataclass(frozen=True, slots=True)
class MailLink:
    """Mail a link with which an account is made, or a password chosen."""

    email: str
    creates: bool
    undertaking: ClassVar[Undertaking] = Undertaking.MAIL_LINK


@dataclass(frozen=True, slots=True)
class AddToBasket:
    """Put so many of a variant into the basket."""

    sku: str
    quantity: int = 1
    undertaking: ClassVar[Undertaking] = Undertaking.ADD_TO_BASKET


@dataclass(frozen=True, slots=True)
class UseDiscount:
    """Use a discount code for the basket."""

    code: str
    undertaking: ClassVar[Undertaking] = Undertaking.USE_DISCOUNT


@dataclass(frozen=True, slots=True)
class CheckGiftCard:
    """Hear what is left on a gift card; its code is a secret."""

    code: str = field(repr=False)
    undertaking: ClassVar[Undertaking] = Undertaking.CHECK_GIFT_CARD


OF_BASKETS: Final = (AddToBasket, UseDiscount)
"""What changes a basket, which a page may show."""
COUNTED: Final = (UseDiscount, CheckGiftCard)
"""What can be guessed at: looking at one is counted."""

Errand: TypeAlias = (
    OpenCase
    | Subscribe
    | AlertWhenInStock
    | WriteReview
    | PutAside
    | EditAccount
    | SetAddress
    | SwitchAccount
    | DeleteAccount
    | MailLink
    | AddToBasket
    | UseDiscount
    | CheckGiftCard
)
