"""The demo shop: a seeded generator of products, stores, customers and two years of orders."""

from balie.orders.demo.load import (
    DEFAULT_SEED,
    DemoReport,
    DemoSize,
    find_last_day,
    is_store_empty,
    load_demo_shop,
)
from balie.orders.demo.personas import DemoCustomer, list_demo_customers

__all__ = [
    "DEFAULT_SEED",
    "DemoCustomer",
    "DemoReport",
    "DemoSize",
    "find_last_day",
    "is_store_empty",
    "list_demo_customers",
    "load_demo_shop",
]
