"""Which errand is prepared where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from balie.errands.account_details import prepare_edit
from balie.errands.accounts import prepare_address, prepare_switch
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
from balie.errands.collecting import prepare_collection
from balie.errands.deleting import prepare_deletion
from balie.errands.link_requests import prepare_link
from balie.errands.newsletter import prepare_subscription
from balie.errands.opening_cases import prepare_case
from balie.errands.outcomes import ErrandRefused
from balie.errands.preparing import Prepared, Prepares, Visit
from balie.errands.reviews import prepare_review
from balie.errands.shopping import prepare_basket, prepare_discount, prepare_gift_card
from balie.errands.stock_alerts import prepare_alert

PREPARES: Final[Mapping[type[Any], Prepares]] = {
    OpenCase: prepare_case,
    Subscribe: prepare_subscription,
    AlertWhenInStock: prepare_alert,
    WriteReview: prepare_review,
    PutAside: prepare_collection,
    EditAccount: prepare_edit,
    SetAddress: prepare_address,
    SwitchAccount: prepare_switch,
    DeleteAccount: prepare_deletion,
    MailLink: prepare_link,
    AddToBasket: prepare_basket,
    UseDiscount: prepare_discount,
    CheckGiftCard: prepare_gift_card,
}


async def prepare(visit: Visit, errand: Errand) -> Prepared | ErrandRefused:
    """What an errand would mean now; nothing is changed."""
    return await PREPARES[type(errand)](visit, errand)
