from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from balie.orders.demo.load import DemoSize, make_demo_shop
from balie.orders.demo.rows import TABLES
from balie.orders.models import OrderRow
from balie.storage.base import Base

TODAY = date(2026, 11, 3)


@cache
def made() -> dict[type[Base], list[dict[str, Any]]]:
    """A shop of two years, made once, in memory."""
    shop = make_demo_shop(today=TODAY, seed=1, progress=lambda *_: None, size=DemoSize(2_000, 16_000))
    return {model: shop.of(model) for model in TABLES}


def tables() -> dict[str, list[dict[str, Any]]]:
    return {model.__tablename__: rows for model, rows in made().items()}


def test_there_are_four_hundred_products_with_different_names() -> None:
    assert len(tables()["products"]) == 400
    assert len({product["names"]["en"] for product in tables()["products"]}) == 400


def test_nothing_has_happened_that_lies_ahead() -> None:
    now = datetime(2026, 11, 3, 7, tzinfo=UTC)
    moments = [
        (model.__tablename__, name, value)
        for model, some in made().items()
        for row in some
        for name, value in row.items()
        if isinstance(value, datetime) and value > now
    ]

    assert moments == []


def test_what_happens_to_an_order_happens_in_order() -> None:
    placed = {order["id"]: order for order in tables()["orders"]}
    wrong = [
        shipment
        for shipment in tables()["shipments"]
        if shipment["shipped_at"]
        and not (
            placed[shipment["order_id"]]["placed_at"]
            < placed[shipment["order_id"]]["packed_at"]
            <= shipment["shipped_at"]
            <= (shipment["ready_at"] or shipment["shipped_at"])
            <= (shipment["delivered_at"] or datetime.max.replace(tzinfo=UTC))
        )
    ]

    assert wrong == []


def test_totals_are_the_sum_of_the_lines() -> None:
    goods = Counter[int]()
    for line in tables()["order_lines"]:
        goods[line["order_id"]] += line["quantity"] * line["unit_price_minor"]

    assert all(
        order["total_minor"] == goods[order["id"]] + order["shipping_minor"] - order["discount_minor"]
        for order in tables()["orders"]
    )


def test_a_few_customers_buy_much_and_many_buy_little() -> None:
    per_customer = Counter(order["customer_id"] for order in tables()["orders"])
    most_eager = sum(count for _, count in per_customer.most_common(200))

    assert 0.25 < most_eager / 16_000 < 0.6
    assert sum(count > 1 for count in per_customer.values()) > 1_200


def test_tents_sell_in_summer_and_gloves_in_winter() -> None:
    kinds = {variant["id"]: variant["product_id"] for variant in tables()["product_variants"]}
    categories = {product["id"]: product["category"] for product in tables()["products"]}
    months = {order["id"]: order["placed_at"].month for order in tables()["orders"]}
    sold = Counter(
        (categories[kinds[line["variant_id"]]], months[line["order_id"]]) for line in tables()["order_lines"]
    )

    assert sold["tents", 7] > 4 * sold["tents", 1]
    assert sold["winter_sports", 12] > 4 * sold["winter_sports", 7]


def test_helmets_are_bought_together_with_bikes() -> None:
    kinds = {variant["id"]: variant["product_id"] for variant in tables()["product_variants"]}
    categories = {product["id"]: product["category"] for product in tables()["products"]}
    baskets: dict[int, set[str]] = {}
    for line in tables()["order_lines"]:
        baskets.setdefault(line["order_id"], set()).add(categories[kinds[line["variant_id"]]])
    with_bike = [basket for basket in baskets.values() if "bikes" in basket]
    others = [basket for basket in baskets.values() if "bikes" not in basket]
    share = sum("helmets" in basket for basket in with_bike) / len(with_bike)

    assert share > 3 * sum("helmets" in basket for basket in others) / len(others)


def test_some_parcels_are_late_and_most_are_not() -> None:
    promised = {order["id"]: order["promised_on"] for order in tables()["orders"]}
    arrived = [
        (shipment["ready_at"] or shipment["delivered_at"]).date() > promised[shipment["order_id"]]
        for shipment in tables()["shipments"]
        if shipment["ready_at"] or shipment["delivered_at"]
    ]

    assert 0.02 < sum(arrived) / len(arrived) < 0.12


def test_returns_stand_in_every_stage() -> None:
    stages = Counter(
        (bool(refund["approved_at"]), bool(refund["paid_at"]), bool(refund["refused_at"]))
        for refund in tables()["refunds"]
    )

    assert set(stages) >= {
        (False, False, False),
        (True, False, False),
        (True, True, False),
        (False, False, True),
    }
    assert 0.05 < len(tables()["returns"]) / 16_000 < 0.2


def test_another_seed_makes_another_shop() -> None:
    small = DemoSize(customers=20, orders=20)
    one, other = (
        make_demo_shop(today=TODAY, seed=seed, progress=lambda *_: None, size=small) for seed in (1, 2)
    )

    assert one.of(OrderRow) != other.of(OrderRow)
