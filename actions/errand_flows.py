"""Everything that a customer can have done that is not a change of an order: what has to be known first.

As the flows of orders (``actions.change_flows``) each is a row, and the same form asks its details. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from actions.change_flows import NO_ADDRESS
from actions.contacts import Field
from actions.errand_details import (
    A_CODE,
    A_STORY,
    THE_CONTACT,
    THE_PIECES,
    THE_PRODUCT,
    THE_STORE,
    a_thing,
    fixed,
    listed,
    tells_a_price,
)
from actions.flow import Detail, Flow, Source, Told, anything
from actions.wishes import (
    ACCOUNT_TYPE,
    ADDRESS,
    BOUGHT,
    CANDIDATES,
    CODE,
    CONTACT,
    DATA,
    FIELD,
    NEWSLETTER,
    PRODUCT,
    QUANTITY,
    STARS,
    STORE,
    STORY,
    VARIANT,
    Wish,
)
from balie.cases.kinds import CaseKind
from balie.conversations.access import Level
from balie.customers.kinds import AccountType
from balie.errands.asked import (
    AddToBasket,
    AlertWhenInStock,
    CheckGiftCard,
    DeleteAccount,
    EditAccount,
    Errand,
    MailLink,
    OpenCase,
    PutAside,
    SetAddress,
    Subscribe,
    SwitchAccount,
    UseDiscount,
    WriteReview,
)
from balie.errands.kinds import Obstacle

JOIN, LEAVE = "join", "leave"
EXPORT, ERASE = "export", "erase"
NO_WORDS: Final = "none"
"""A review of stars alone."""
MOST_STARS: Final = 5
CONTACT_PARTS: Final = ("first_name", "last_name", "phone", "email")
"""What a message may say of a contact, as it is told to the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandFlow(Flow):
    """One errand.

    Attributes:
        request: What is asked of the store once every detail is known.
        nothing_fits: What it means when no variant can be meant, and the intent that helps instead.
        only_tells: Whether it changes nothing, so that nothing has to be confirmed.
        is_clear: Whether nobody needs to be told how it works who says this much.
        private: Facts that Rasa may not see.
    """

    request: Callable[[Wish, Told], Errand]
    nothing_fits: tuple[Obstacle, str] = (Obstacle.IN_STOCK, "place_order")
    only_tells: bool = False
    is_clear: Callable[[Wish], bool] = lambda _wish: False
    private: frozenset[str] = frozenset({"email"})


def _says(*details: str) -> Callable[[Wish], bool]:
    return lambda wish: any(wish.get(detail) is not None for detail in details)


def _complaint(_wish: Wish, told: Told) -> Errand:
    return OpenCase(kind=CaseKind.COMPLAINT, story=told.texts.get(STORY))


def _price_match(wish: Wish, told: Told) -> Errand:
    return OpenCase(kind=CaseKind.PRICE_MATCH, story=told.texts.get(STORY), product_sku=wish.get(PRODUCT))


def _data(wish: Wish, _told: Told) -> Errand:
    return OpenCase(kind=CaseKind.DATA_ERASURE if wish.get(DATA) == ERASE else CaseKind.DATA_EXPORT)


def _review(wish: Wish, told: Told) -> Errand:
    return WriteReview(wish.get(BOUGHT) or "", int(wish.get(STARS) or 0), told.texts.get(STORY))


def _edit(wish: Wish, told: Told) -> Errand:
    contact = {part: told.texts[part] for part in CONTACT_PARTS if part in told.texts}
    # Of a message that is gone nothing can be read: then the field is empty, and refused.
    return EditAccount(**contact or {_MISSING[Field(wish.get(FIELD) or Field.NAME)]: ""})


_MISSING: Final = {Field.NAME: "first_name", Field.PHONE: "phone", Field.EMAIL: "email"}


def _set_address(_wish: Wish, told: Told) -> Errand:
    return SetAddress(told.address or NO_ADDRESS)


def _switch(wish: Wish, _told: Told) -> Errand:
    return SwitchAccount(AccountType(wish.get(ACCOUNT_TYPE) or AccountType.PERSONAL))


_FLOWS: Final = (
    ErrandFlow(
        intent="complaint",
        level=Level.NOBODY,
        details=(A_STORY,),
        request=_complaint,
        explains=False,
    ),
    ErrandFlow(
        intent="price_match",
        level=Level.NOBODY,
        details=(THE_PRODUCT, replace(A_STORY, is_told=tells_a_price)),
        request=_price_match,
        is_meant=_says(PRODUCT, STORY),
        offers_to_begin=True,
    ),
    ErrandFlow(
        intent="data_privacy",
        level=Level.FRESH,
        details=(fixed(DATA, (EXPORT, ERASE)),),
        request=_data,
        is_meant=_says(DATA),
    ),
    ErrandFlow(
        intent="newsletter_subscription",
        level=Level.CUSTOMER,
        details=(fixed(NEWSLETTER, (JOIN, LEAVE)),),
        request=lambda wish, _told: Subscribe(wish.get(NEWSLETTER) == JOIN),
        is_meant=_says(NEWSLETTER),
        # Whoever wants to leave is not told what readers get.
        is_clear=lambda wish: wish.get(NEWSLETTER) == LEAVE,
    ),
    ErrandFlow(
        intent="back_in_stock_alert",
        level=Level.CUSTOMER,
        details=a_thing(lambda variant: variant.in_stock == 0),
        request=lambda wish, _told: AlertWhenInStock(wish.get(VARIANT) or ""),
        is_meant=_says(PRODUCT, CANDIDATES),
        offers_to_begin=True,
    ),
    ErrandFlow(
        intent="review",
        level=Level.CUSTOMER,
        details=(
            Detail(name=BOUGHT, values=listed(BOUGHT)),
            Detail(
                name=STARS,
                values=lambda _wish, _options: [str(stars) for stars in range(MOST_STARS, 0, -1)],
            ),
            Detail(
                name=STORY,
                values=lambda _wish, _options: [NO_WORDS],
                source=Source.STORY,
                is_open=True,
                allows=lambda _value, _wish, _options: True,
                fills_itself=False,
                # Whoever wants to write one has not written it yet.
                is_told=lambda _text: False,
            ),
        ),
        request=_review,
    ),
    ErrandFlow(
        intent="click_and_collect",
        level=Level.CUSTOMER,
        details=(*a_thing(), THE_STORE),
        request=lambda wish, _told: PutAside(wish.get(VARIANT) or "", wish.get(STORE) or ""),
        is_meant=_says(PRODUCT, CANDIDATES),
        offers_to_begin=True,
    ),
    ErrandFlow(
        intent="edit_account",
        level=Level.FRESH,
        details=(fixed(FIELD, tuple(Field)), THE_CONTACT),
        request=_edit,
        private=frozenset({"value", "old"}),
    ),
    ErrandFlow(
        intent="set_up_shipping_address",
        level=Level.CUSTOMER,
        details=(anything(ADDRESS, Source.ADDRESS),),
        request=_set_address,
        private=frozenset({"street", "place"}),
    ),
    ErrandFlow(
        intent="switch_account",
        level=Level.CUSTOMER,
        details=(fixed(ACCOUNT_TYPE, tuple(AccountType)),),
        request=_switch,
        is_meant=_says(ACCOUNT_TYPE),
    ),
    ErrandFlow(intent="delete_account", level=Level.FRESH, request=lambda _wish, _told: DeleteAccount()),
    ErrandFlow(
        intent="create_account",
        level=Level.NOBODY,
        details=(THE_CONTACT,),
        request=lambda _wish, told: MailLink(email=told.texts.get("email", ""), creates=True),
        is_meant=_says(CONTACT),
        offers_to_begin=True,
    ),
    ErrandFlow(
        intent="recover_password",
        level=Level.NOBODY,
        details=(THE_CONTACT,),
        request=lambda _wish, told: MailLink(email=told.texts.get("email", ""), creates=False),
    ),
)

_SHOPPING: Final = (
    ErrandFlow(
        intent="place_order",
        level=Level.NOBODY,
        details=(*a_thing(lambda variant: variant.in_stock > 0), THE_PIECES),
        request=lambda wish, _told: AddToBasket(wish.get(VARIANT) or "", int(wish.get(QUANTITY) or 1)),
        is_meant=_says(PRODUCT, CANDIDATES),
        nothing_fits=(Obstacle.OUT_OF_STOCK, "back_in_stock_alert"),
    ),
    ErrandFlow(
        intent="discount_code",
        level=Level.NOBODY,
        details=(A_CODE,),
        request=lambda _wish, told: UseDiscount(told.texts.get(CODE, "")),
        is_meant=_says(CODE),
        offers_to_begin=True,
    ),
    ErrandFlow(
        intent="gift_card",
        level=Level.NOBODY,
        details=(A_CODE,),
        request=lambda _wish, told: CheckGiftCard(told.texts.get(CODE, "")),
        is_meant=_says(CODE),
        offers_to_begin=True,
        only_tells=True,
    ),
)

ERRANDS: Final[Mapping[str, ErrandFlow]] = {flow.intent: flow for flow in (*_FLOWS, *_SHOPPING)}
"""By the intent that begins them."""
