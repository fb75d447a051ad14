"""What a file says of payments, and what the payment provider has told us."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from balie.orders.csv_import import ImportKind, import_csv
from balie.orders.models import OrderRow, PaymentRow
from balie.storage.engine import open_sync_engine
from balie.storage.unit_of_work import bulk_write

CUSTOMERS = "external_id;first_name;last_name;email;language\nK-1;Sanne;de Wit;s@voorbeeld.example;nl\n"
ADDRESS = "s@voorbeeld.example;Beukenlaan;12;3811BK;Amersfoort;NL"
ORDERS = (
    "order_number;external_id;placed_at;sku;quantity;unit_price;"
    "email;street;house_number;postcode;city;country;payment_method;paid_at\n"
    f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS};ideal;2026-11-01\n"
    f"D2;K-1;2026-11-01;A;1;2,00;{ADDRESS};ideal;2026-11-01\n"
)


def test_a_payment_the_provider_knows_stays_when_its_order_is_loaded_again(
    database_url: str, tmp_path: Path
) -> None:
    for kind, content in ((ImportKind.CUSTOMERS, CUSTOMERS), (ImportKind.ORDERS, ORDERS)):
        (tmp_path / f"{kind}.csv").write_text(content, encoding="utf-8")
        import_csv(kind, tmp_path / f"{kind}.csv", database_url)
    engine = open_sync_engine(database_url)
    payments = (
        select(PaymentRow.id, OrderRow.number, PaymentRow.provider_id)
        .join(OrderRow, OrderRow.id == PaymentRow.order_id)
        .order_by(OrderRow.number)
    )
    with bulk_write(engine) as connection:
        first = connection.execute(payments).first()
        assert first is not None
        connection.execute(update(PaymentRow).where(PaymentRow.id == first.id).values(provider_id="pay-1"))

    import_csv(ImportKind.ORDERS, tmp_path / f"{ImportKind.ORDERS}.csv", database_url)

    with bulk_write(engine) as connection:
        kept, replaced = connection.execute(payments).all()
    engine.dispose()
    assert (kept.id, kept.number, kept.provider_id) == (first.id, "D1", "pay-1")
    assert (replaced.number, replaced.provider_id) == ("D2", None)
