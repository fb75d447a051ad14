"""How baskets look on the wire (``basket_schemas`` describes it)."""

from __future__ import annotations

from balie.baskets.errors import refusal_facts
from balie.baskets.views import BasketLineView, BasketView, DiscountView
from balie.gateway.wire import Json


def basket_json(basket: BasketView) -> Json:
    """A basket as a page sees it."""
    free_in = basket.free_delivery_in
    return {
        "currency": basket.total.currency,
        "pieces": basket.pieces,
        "lines": [_line_json(line) for line in basket.lines],
        "discounts": [_discount_json(discount) for discount in basket.discounts],
        "goods_minor": basket.goods.minor_units,
        "discount_minor": basket.discount.minor_units,
        "delivery_minor": basket.delivery.minor_units,
        "total_minor": basket.total.minor_units,
        "country": basket.country,
        "delivers": basket.delivers,
        "free_delivery_in_minor": None if free_in is None else free_in.minor_units,
        "can_check_out": basket.can_check_out,
        "checkout_url": basket.checkout_url,
    }


def _line_json(line: BasketLineView) -> Json:
    return {
        "sku": line.sku,
        "product_sku": line.product_sku,
        "names": dict(line.names),
        "size": line.size,
        "colours": dict(line.colours),
        "quantity": line.quantity,
        "unit_price_minor": line.unit_price.minor_units,
        "total_minor": line.total.minor_units,
        "stock": line.stock.value,
        "at_most": line.at_most,
    }


def _discount_json(discount: DiscountView) -> Json:
    return {
        "code": discount.code,
        "percent": discount.percent,
        "amount_minor": None if discount.amount is None else discount.amount.minor_units,
        "gives_minor": discount.gives.minor_units,
        "refused": None if discount.refused is None else refusal_facts(discount.refused),
    }
