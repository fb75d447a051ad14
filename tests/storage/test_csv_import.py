from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from balie.catalogue.models import CategoryRow, ProductRow, ProductVariantRow, StockRow, StoreRow
from balie.customers.models import CustomerAddressRow, CustomerRow, LoyaltyAccountRow
from balie.orders.csv_import import ImportKind, import_csv
from balie.orders.models import InvoiceRow, OrderLineRow, OrderRow, PaymentRow, ShipmentRow
from balie.settings import PROJECT_ROOT
from balie.storage.base import Base
from balie.storage.bulk import insert_rows
from balie.storage.csv_import import BadLine, ImportReport
from balie.storage.engine import open_sync_engine
from balie.storage.errors import CsvColumnsError, StoreUnavailableError
from balie.storage.unit_of_work import bulk_write

EXAMPLES = PROJECT_ROOT / "docs" / "examples"
CUSTOMERS = "external_id;first_name;last_name;email;language\n"
ORDERS = (
    "order_number;external_id;placed_at;sku;quantity;unit_price;"
    "email;street;house_number;postcode;city;country\n"
)
ADDRESS = "sanne@voorbeeld.example;Beukenlaan;12;3811BK;Amersfoort;NL"

Import = Callable[[str, str], ImportReport]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_sync_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def load(database_url: str, tmp_path: Path) -> Import:
    def load(kind: str, content: str) -> ImportReport:
        path = tmp_path / f"{kind}.csv"
        path.write_text(content, encoding="utf-8")
        return import_csv(ImportKind(kind), path, database_url)

    return load


@pytest.fixture
def sanne(load: Import) -> None:
    load("customers", CUSTOMERS + "K-1;Sanne;de Wit;sanne@voorbeeld.example;nl\n")


def rows(engine: Engine, model: type[Base], *columns: str) -> list[tuple[Any, ...]]:
    table = model.__table__
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*(table.c[name] for name in columns)))]


def count(engine: Engine, model: type[Base]) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def add_store(engine: Engine, code: str) -> None:
    texts = dict.fromkeys(("name", "street", "house_number", "postcode", "city", "phone"), code)
    place = {"country": "NL", "latitude": 52.1, "longitude": 5.1}
    with bulk_write(engine) as connection:
        insert_rows(
            connection, StoreRow, [{"code": code, **texts, **place, "services": [], "directions": {}}]
        )


def everything(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """Every row, but for when a product was last touched and the numbers of payments, which have no key."""
    passing = {"products.updated_at", "payments.id"}
    with engine.connect() as connection:
        return {
            table.name: sorted(
                tuple(map(str, row))
                for row in connection.execute(select(*(c for c in table.c if str(c) not in passing)))
            )
            for table in Base.metadata.sorted_tables
        }


def test_example_files_load_without_a_bad_line(database_url: str, engine: Engine) -> None:
    reports = [import_csv(kind, EXAMPLES / f"{kind}.csv", database_url) for kind in ImportKind]

    assert [report.bad_lines for report in reports] == [(), (), ()]
    assert [report.ignored_columns for report in reports] == [(), (), ()]
    assert [(report.lines, report.added, report.changed) for report in reports] == [
        (3, 3, 0),
        (3, 3, 0),
        (3, 2, 0),
    ]


def test_loading_the_example_files_again_changes_nothing(database_url: str, engine: Engine) -> None:
    for kind in ImportKind:
        import_csv(kind, EXAMPLES / f"{kind}.csv", database_url)
    before = everything(engine)

    reports = [import_csv(kind, EXAMPLES / f"{kind}.csv", database_url) for kind in ImportKind]

    assert [(report.added, report.changed) for report in reports] == [(0, 3), (0, 3), (0, 2)]
    assert everything(engine) == before


def test_customer_comes_with_home_and_membership(database_url: str, engine: Engine) -> None:
    import_csv(ImportKind.CUSTOMERS, EXAMPLES / "customers.csv", database_url)

    assert ("3811BK", "NL") in rows(engine, CustomerAddressRow, "postcode", "country")
    assert count(engine, LoyaltyAccountRow) == 2


def test_later_line_about_a_customer_counts(load: Import, engine: Engine, sanne: None) -> None:
    lines = "K-1;Sanne;de Wit;old@voorbeeld.example;nl\nK-1;Sanne;Bakker;NEW@Voorbeeld.example;en\n"

    report = load("customers", CUSTOMERS + lines)

    assert (report.added, report.changed) == (0, 1)
    expected = [("Bakker", "new@voorbeeld.example", "en")]
    assert rows(engine, CustomerRow, "last_name", "email", "language") == expected


def test_columns_a_file_lacks_leave_what_is_known(load: Import, engine: Engine) -> None:
    line = "K-1;Sanne;de Wit;sanne@voorbeeld.example;nl"
    load("customers", CUSTOMERS.strip() + ";phone;account_type\n" + line + ";+31 6 555;business\n")

    load("customers", CUSTOMERS + line + "\n")

    assert rows(engine, CustomerRow, "phone", "account_type") == [("+31 6 555", "business")]


def test_bad_lines_are_reported_and_the_rest_is_loaded(load: Import, engine: Engine) -> None:
    report = load(
        "customers",
        CUSTOMERS
        + "K-1;Sanne;de Wit;sanne@voorbeeld.example;nl\n"
        + "K-2;Tom;Claes;no address;nl\n"
        + "K-3;Emma\n"
        + ";Kees;Bos;kees@voorbeeld.example;nl\n"
        + "K-5;Zoë;Vos;zoe@voorbeeld.example;nl\n",
    )

    assert report.bad_lines == (
        BadLine(3, "column email: not an e-mail address"),
        BadLine(4, "it has 2 fields, the header has 5"),
        BadLine(5, "column external_id: it is empty"),
    )
    assert (report.lines, report.added, report.bad_line_count) == (5, 2, 3)
    assert {number for (number,) in rows(engine, CustomerRow, "external_id")} == {"K-1", "K-5"}


def test_half_an_address_spoils_its_line(load: Import, engine: Engine) -> None:
    header = CUSTOMERS.strip() + ";street;house_number;postcode;city;country\n"

    report = load("customers", header + "K-1;Sanne;de Wit;s@voorbeeld.example;nl;Beukenlaan;;3811BK;;NL\n")

    assert report.bad_lines == (BadLine(2, "half an address: house_number, city missing"),)
    assert count(engine, CustomerRow) == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_letters_survive_every_usual_encoding(
    database_url: str, engine: Engine, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "K-1;Zoë;Müller;zoe@voorbeeld.example;nl\n", encoding=encoding)

    import_csv(ImportKind.CUSTOMERS, path, database_url)

    assert rows(engine, CustomerRow, "first_name", "last_name") == [("Zoë", "Müller")]


def test_wrong_columns_are_refused_before_anything_is_read(load: Import, engine: Engine) -> None:
    with pytest.raises(CsvColumnsError, match="has no column email, language"):
        load("customers", "external_id,first_name,last_name,mail\nK-1,Sanne,de Wit,x\n")

    assert count(engine, CustomerRow) == 0


def test_unknown_columns_are_named_and_ignored(load: Import) -> None:
    report = load("customers", CUSTOMERS.strip() + ";shoe_size\nK-1;Sanne;de Wit;s@voorbeeld.example;nl;41\n")

    assert report.ignored_columns == ("shoe_size",)
    assert report.bad_line_count == 0


def test_products_gather_their_variants_texts_and_stock(database_url: str, engine: Engine) -> None:
    import_csv(ImportKind.PRODUCTS, EXAMPLES / "products.csv", database_url)

    assert count(engine, ProductRow) == 2
    variants = set(rows(engine, ProductVariantRow, "sku", "size", "price_minor"))
    assert variants == {("REGEN-1-M", "M", 14995), ("REGEN-1-L", "L", 14995), ("FLES-1", None, 1995)}
    assert dict(rows(engine, CategoryRow, "code", "names")) == {
        "jackets": {"nl": "jassen", "en": "jackets"},
        "bottles": {"nl": "drinkflessen", "en": "bottles"},
    }
    assert dict(rows(engine, ProductRow, "sku", "facts"))["FLES-1"] == {
        "nl": {"inhoud": "0,75 l"},
        "en": {"volume": "0.75 l"},
    }
    assert sorted(rows(engine, StockRow, "quantity", "store_id")) == [(0, None), (12, None), (140, None)]


@pytest.mark.parametrize("column", ["picture", "page"])
def test_a_product_keeps_its_picture_and_page_when_a_file_has_no_column_for_it(
    load: Import, engine: Engine, column: str
) -> None:
    header = "sku;brand;category;price;name_nl"
    load("products", f"{header};{column}\nA;B;c;1;Bel;https://shop.example/bel\n")
    load("products", f"{header}\nA;B;c;2;Bel\n")

    assert rows(engine, ProductRow, "sku", f"{column}_url") == [("A", "https://shop.example/bel")]


def test_an_empty_page_takes_the_page_away(load: Import, engine: Engine) -> None:
    header = "sku;brand;category;price;name_nl;page"
    load("products", f"{header}\nA;B;c;1;Bel;https://shop.example/bel\n")
    load("products", f"{header}\nA;B;c;1;Bel;\n")

    assert rows(engine, ProductRow, "page_url") == [(None,)]


@pytest.mark.parametrize("column", ["picture", "page"])
@pytest.mark.parametrize("address", ["bel.jpg", "http://shop.example/bel.jpg", "javascript:alert(1)"])
def test_pictures_and_pages_are_addresses_that_browsers_may_open(
    load: Import, engine: Engine, column: str, address: str
) -> None:
    report = load("products", f"sku;brand;category;price;name_nl;{column}\nA;B;c;1;Bel;{address}\n")

    assert count(engine, ProductRow) == 0
    assert report.bad_line_count == 1


def test_stock_goes_to_the_store_its_column_names(load: Import, engine: Engine) -> None:
    add_store(engine, "utrecht")
    header = "sku;brand;category;price;name_nl;stock_utrecht;stock_nowhere\n"
    load("products", header + "A;B;c;1;Bel;3;9\n")

    report = load("products", header + "A;B;c;1;Bel;5;9\n")

    assert rows(engine, StockRow, "quantity", "store_id") == [(5, 1)]
    assert report.ignored_columns == ("stock_nowhere",)


def test_restock_day_survives_an_import_of_quantities(load: Import, engine: Engine) -> None:
    header = "sku;brand;category;price;name_nl;stock_online\n"
    load("products", header + "A;B;c;1;Bel;0\n")
    with bulk_write(engine) as connection:
        connection.exec_driver_sql("UPDATE stock SET restocked_on = '2026-12-01'")

    load("products", header + "A;B;c;1;Bel;4\n")

    assert rows(engine, StockRow, "quantity", "restocked_on") == [(4, date(2026, 12, 1))]


def test_product_without_a_name_or_with_broken_facts_spoils_its_line(load: Import) -> None:
    report = load(
        "products",
        "sku;brand;category;price;name_nl;facts_nl\nA;B;c;1;;\nB;B;c;1;Bel;heavy\nC;B;c;free;Bel;\nD;B;c;1;Bel;\n",
    )

    assert [bad.line for bad in report.bad_lines] == [2, 3, 4]
    assert report.added == 1


def test_products_need_a_column_with_names(load: Import) -> None:
    with pytest.raises(CsvColumnsError, match="name_nl"):
        load("products", "sku;brand;category;price\nA;B;c;1\n")


def test_order_arrives_with_lines_parcel_payment_and_invoice(database_url: str, engine: Engine) -> None:
    for kind in ImportKind:
        import_csv(kind, EXAMPLES / f"{kind}.csv", database_url)

    totals = dict(rows(engine, OrderRow, "number", "total_minor"))
    assert totals == {"DD1048213": 14995 + 2 * 1995, "DD1048214": 1995 + 395}
    assert count(engine, OrderLineRow) == 3
    assert rows(engine, ShipmentRow, "track_code", "expected_on") == [("3SDUIN1048213", date(2026, 11, 3))]
    assert rows(engine, InvoiceRow, "number") == [("F2026-000101",)]
    assert count(engine, PaymentRow) == 2


def test_lines_of_an_order_find_each_other_across_the_file(load: Import, engine: Engine, sanne: None) -> None:
    lines = [f"D{number};K-1;2026-11-01;A;1;1,00;{ADDRESS}\n" for number in range(3_000)]
    spread = [f"D{number};;;B;2;1,00;;;;;;\n" for number in range(3_000)]

    report = load("orders", ORDERS + "".join(lines) + "".join(spread))

    assert (report.added, report.bad_line_count) == (3_000, 0)
    assert {total for (total,) in rows(engine, OrderRow, "total_minor")} == {300}


def test_one_bad_line_keeps_its_whole_order_out(load: Import, engine: Engine, sanne: None) -> None:
    report = load(
        "orders",
        ORDERS
        + f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS}\n"
        + f"D2;K-1;2026-11-01;A;1;1,00;{ADDRESS}\n"
        + "D1;;;B;none;1,00;;;;;;\n",
    )

    assert report.bad_lines == (
        BadLine(2, "its order cannot be loaded without line 4"),
        BadLine(4, "column quantity: not a whole number from 1 to 100000"),
    )
    assert rows(engine, OrderRow, "number") == [("D2",)]
    assert count(engine, OrderLineRow) == 1


def test_broken_line_keeps_the_order_out_that_it_begins_with(
    load: Import, engine: Engine, sanne: None
) -> None:
    report = load("orders", ORDERS + f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS}\nD1;;;B\n")

    assert [bad.line for bad in report.bad_lines] == [2, 3]
    assert count(engine, OrderRow) == 0


def test_order_whose_lines_contradict_each_other_is_kept_out(
    load: Import, engine: Engine, sanne: None
) -> None:
    report = load(
        "orders", ORDERS + f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS}\nD1;K-2;2026-11-01;B;1;1,00;;;;;;\n"
    )

    assert report.bad_lines[1] == BadLine(3, "column external_id: not what line 2 says")
    assert count(engine, OrderRow) == 0


def test_order_of_an_unknown_customer_is_kept_out(load: Import, engine: Engine, sanne: None) -> None:
    report = load("orders", ORDERS + f"D1;K-9;2026-11-01;A;1;1,00;{ADDRESS}\n")

    assert report.bad_lines == (BadLine(2, "column external_id: no such customer"),)
    assert count(engine, OrderRow) == 0


def test_order_without_any_address_is_kept_out(load: Import, sanne: None) -> None:
    report = load("orders", ORDERS + "D1;K-1;2026-11-01;A;1;1,00;;;;;;\n")

    assert report.bad_lines == (BadLine(2, "no address: neither here nor with the customer"),)


def test_order_that_got_shorter_loses_its_old_lines(load: Import, engine: Engine, sanne: None) -> None:
    first = f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS}\n"
    load("orders", ORDERS + first + "D1;;;B;1;1,00;;;;;;\n")

    load("orders", ORDERS + first)

    assert rows(engine, OrderLineRow, "sku") == [("A",)]
    assert rows(engine, OrderRow, "total_minor") == [(100,)]


def test_track_code_of_another_order_keeps_one_order_out_and_harms_no_other(
    load: Import, engine: Engine, sanne: None
) -> None:
    header = ORDERS.strip() + ";shipped_at;track_code\n"
    load("orders", header + f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS};2026-11-01;3S1\n")

    report = load(
        "orders",
        header
        + f"D2;K-1;2026-11-02;A;1;1,00;{ADDRESS};2026-11-02;3S1\n"
        + f"D3;K-1;2026-11-02;A;1;1,00;{ADDRESS};2026-11-02;3S3\n",
    )

    assert report.bad_lines == (BadLine(2, "it contradicts what is in the database"),)
    assert sorted(rows(engine, OrderRow, "number")) == [("D1",), ("D3",)]


@pytest.mark.parametrize(
    ("extra", "value", "reason"),
    [
        ("paid_at", "2026-11-01", "column payment_method: it is empty, though the order is paid"),
        ("delivered_at", "2026-11-01", "column shipped_at: it is empty, though the order has arrived"),
        ("discount", "5,00", "column discount: more than the order costs"),
        ("delivery_method", "pigeon", "column delivery_method: not one of"),
    ],
)
def test_order_that_makes_no_sense_is_kept_out(
    load: Import, sanne: None, extra: str, value: str, reason: str
) -> None:
    report = load("orders", ORDERS.strip() + f";{extra}\nD1;K-1;2026-11-01;A;1;1,00;{ADDRESS};{value}\n")

    [bad] = report.bad_lines
    assert bad.reason.startswith(reason)


def test_order_with_absurdly_many_lines_is_kept_out(load: Import, engine: Engine, sanne: None) -> None:
    line = f"D1;K-1;2026-11-01;A;1;1,00;{ADDRESS}\n"

    report = load("orders", ORDERS + line * 1_001 + line.replace("D1", "D2"))

    assert report.bad_lines == (BadLine(2, "its order has more than 1000 lines: none of them is loaded"),)
    assert rows(engine, OrderRow, "number") == [("D2",)]


def test_line_without_an_order_number_is_reported(load: Import, sanne: None) -> None:
    report = load("orders", ORDERS + f";K-1;2026-11-01;A;1;1,00;{ADDRESS}\n")

    assert report.bad_lines == (BadLine(2, "column order_number: it is empty"),)


def test_every_bad_line_is_told_though_the_report_keeps_only_some(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "K;too;few\n" * 1_500)
    told: list[BadLine] = []

    report = import_csv(ImportKind.CUSTOMERS, path, database_url, on_bad_line=told.append)

    assert (len(told), report.bad_line_count, len(report.bad_lines)) == (1_500, 1_500, 1_000)


def test_progress_reaches_the_end(database_url: str, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "".join(f"K-{n};a;b;k{n}@voorbeeld.example;nl\n" for n in range(2_500)))
    told: list[tuple[str, int, int]] = []

    import_csv(ImportKind.CUSTOMERS, path, database_url, progress=lambda *step: told.append(step))

    assert told[-1] == ("read", path.stat().st_size, path.stat().st_size)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_import_into_a_database_that_is_gone_says_so(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(CUSTOMERS + "K-1;Sanne;de Wit;sanne@voorbeeld.example;nl\n")

    with pytest.raises(StoreUnavailableError):
        import_csv(ImportKind.CUSTOMERS, path, f"sqlite:///{tmp_path / 'gone' / 'balie.db'}")
