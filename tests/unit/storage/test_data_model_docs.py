"""docs/data-model.md lists every table, every CSV column and every named customer."""

from __future__ import annotations

import pytest

from balie.audit import models as audit_models
from balie.cases import models as case_models
from balie.catalogue import csv_import as products
from balie.catalogue import models as catalogue_models
from balie.customers import csv_import as customers
from balie.customers import models as customer_models
from balie.errands import models as errand_models
from balie.orders import csv_columns as orders
from balie.orders import models as order_models
from balie.orders.demo import list_demo_customers
from balie.orders.status import OrderStatus
from balie.outbox import models as outbox_models
from balie.parcels import models as parcel_models
from balie.payments import models as payment_models
from balie.settings import PROJECT_ROOT

TEXT = (PROJECT_ROOT / "docs" / "data-model.md").read_text("utf-8")
TABLES = [
    row.__tablename__
    for module in (
        customer_models,
        catalogue_models,
        order_models,
        outbox_models,
        audit_models,
        case_models,
        errand_models,
        payment_models,
        parcel_models,
    )
    for name, row in vars(module).items()
    if name.endswith("Row")
]


@pytest.mark.parametrize("table", sorted(set(TABLES)))
def test_every_table_is_drawn(table: str) -> None:
    assert f" {table} " in TEXT


@pytest.mark.parametrize("column", sorted({*customers.COLUMNS, *products.FIXED_COLUMNS, *orders.COLUMNS}))
def test_every_csv_column_is_listed(column: str) -> None:
    assert f"`{column}`" in TEXT


@pytest.mark.parametrize("named", list_demo_customers(), ids=lambda named: named.first_name)
def test_every_named_customer_is_listed_with_proofs_and_story(named: object) -> None:
    customer = next(one for one in list_demo_customers() if one is named)

    for fact in (
        customer.external_id,
        customer.order_number,
        customer.email,
        customer.postcode,
        customer.story["en"],
    ):
        assert fact in TEXT


@pytest.mark.parametrize("status", OrderStatus)
def test_every_status_is_named(status: OrderStatus) -> None:
    assert f"`{status}`" in TEXT
