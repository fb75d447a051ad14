"""What the shop promises about errands: one typed value, read from its facts (``data/shop/shop.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from balie.orders.errors import ShopTermsError


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandTerms:
    """The shop's conditions.

    Attributes:
        country: Whose working days count (ISO 3166).
        countries: Where the shop delivers.
        answer_working_days: By when a complaint, or a lower price elsewhere, is answered.
        data_answer_days: By when somebody has their data, or has been forgotten.
        alert_days: How long a wish to hear of new stock is kept.
        collect_days: How long a piece is kept aside in a store.
        collect_ready_hours: Within how many opening hours it lies ready there.
        review_working_days: By when a review has been looked at, and is shown.
        delete_days: How long the closing of an account can be withdrawn.
        invoices_years: How long the law wants invoices kept.
        link_lifetime: How long a mailed link works.
    """

    country: str
    countries: frozenset[str]
    answer_working_days: int
    data_answer_days: int
    alert_days: int
    collect_days: int
    collect_ready_hours: int
    review_working_days: int
    delete_days: int
    invoices_years: int
    link_lifetime: timedelta

    @classmethod
    def from_shop(cls, shop: Mapping[str, Any]) -> Self:
        """Read them from the shop's facts, as parsed.

        Raises:
            ShopTermsError: Something is missing or is no number.
        """
        try:
            return cls(
                country=str(shop["head_office"]["country"]),
                countries=frozenset(map(str, shop["delivery"]["countries"])),
                answer_working_days=int(shop["complaints"]["answer_working_days"]),
                data_answer_days=int(shop["privacy"]["answer_days"]),
                alert_days=int(shop["stock"]["alert_kept_days"]),
                collect_days=int(shop["click_and_collect"]["kept_days"]),
                collect_ready_hours=int(shop["click_and_collect"]["ready_hours"]),
                review_working_days=int(shop["reviews"]["published_working_days"]),
                delete_days=int(shop["account"]["delete_days"]),
                invoices_years=int(shop["privacy"]["invoices_kept_years"]),
                link_lifetime=timedelta(minutes=int(shop["account"]["password_link_minutes"])),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ShopTermsError(f"{type(error).__name__}: {error}") from error
