"""The demo shop: a seeded generator of products, stores, customers and two years of orders."""

from balie.orders.demo.load import DemoReport, DemoSize, load_demo_shop
from balie.orders.demo.personas import DemoCustomer, list_demo_customers

__all__ = ["DemoCustomer", "DemoReport", "DemoSize", "list_demo_customers", "load_demo_shop"]
