"""Everything that is held about a customer below the conversations, and what becomes of it at their erasure.

What stays is what the law wants kept: orders with what was paid, sent and given back, and that a case was
there. It goes with the customer's row when the years are over (``privacy.py``).
"""

from __future__ import annotations

from typing import Final

from balie.storage.held import Belonging, Fate, Held

_VARIANT: Final = {"variant_id": "product_variants.sku"}
_KEY: Final = frozenset({"key"})
"""Under which another party knows what we asked of it."""

_RETURNS: Final = Held(
    "returns",
    "order_id",
    parts=(
        Held(
            "return_lines",
            "return_id",
            parts=(Held("reservations", "return_line_id", named=_VARIANT),),
            named={"order_line_id": "order_lines.sku"},
        ),
        Held("parcel_announcements", "return_id", hidden=_KEY),
    ),
)
_REFUNDS: Final = Held(
    "refunds",
    "order_id",
    parts=(Held("provider_refunds", "refund_id", hidden=_KEY | {"payment_id"}),),
    named={"return_id": "returns.number"},
    hidden=frozenset({"payment_id"}),
)
ORDERS: Final = Held(
    "orders",
    parts=(
        Held("order_lines", "order_id", hidden=frozenset({"variant_id"})),
        Held("payments", "order_id"),
        Held("payment_links", "order_id", hidden=_KEY | {"asked_key", "payment_id"}),
        Held("shipments", "order_id", parts=(Held("shipment_events", "shipment_id"),)),
        Held("invoices", "order_id"),
        _RETURNS,
        _REFUNDS,
    ),
)
_ORDER: Final = {"order_id": "orders.number"}

HOLDINGS: Final = (
    Belonging(Held("customer_addresses"), Fate.GOES),
    Belonging(Held("channel_identities"), Fate.GOES),
    Belonging(Held("consents"), Fate.GOES),
    Belonging(Held("loyalty_accounts", parts=(Held("loyalty_entries"),)), Fate.GOES),
    Belonging(ORDERS, Fate.STAYS),
    Belonging(Held("cases", named=_ORDER), Fate.STAYS, blank={"story": None, "facts": {}}),
    Belonging(Held("stock_alerts", named=_VARIANT), Fate.GOES),
    Belonging(Held("reviews", named={"product_id": "products.sku"}), Fate.GOES),
    Belonging(Held("collections", named={**_VARIANT, "store_id": "stores.code"}), Fate.GOES),
    Belonging(Held("email_changes", hidden=frozenset({"old_link_id", "new_link_id"})), Fate.GOES),
    Belonging(Held("account_links", hidden=frozenset({"id"})), Fate.GOES),
    Belonging(Held("account_deletions"), Fate.STAYS),
    Belonging(
        Held(
            "baskets",
            parts=(
                Held("basket_lines", "basket_id", named=_VARIANT),
                Held("basket_discounts", "basket_id", named={"code_id": "discount_codes.code"}),
            ),
        ),
        Fate.GOES,
    ),
    Belonging(Held("discount_codes"), Fate.GOES),
    Belonging(
        Held(
            "discount_code_uses",
            named={"code_id": "discount_codes.code"},
            hidden=frozenset({"basket_id"}),
        ),
        Fate.STAYS,
        # It still counts how often the code was used.
        blank={"customer_id": None},
    ),
    # A letter may hold a link that still works, or a code; the person has had the letter.
    Belonging(Held("outbox_letters", hidden=frozenset({"facts", "key"})), Fate.GOES),
    Belonging(Held("audit_entries", named=_ORDER), Fate.GOES),
    Belonging(Held("change_keys"), Fate.GOES),
)
