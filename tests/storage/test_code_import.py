from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from balie.baskets.csv_import import CodeFileKind, code_importer
from balie.baskets.kinds import Reason
from balie.baskets.models import DiscountCodeRow, GiftCardEntryRow, GiftCardRow
from balie.baskets.views import GiftCardView
from balie.kernel.money import Money
from balie.settings import PROJECT_ROOT
from balie.storage.csv_import import BadLine, ImportReport, load_file
from balie.storage.errors import CsvColumnsError
from balie.storage.unit_of_work import UnitOfWork
from tests.storage.basket_shop import SECRET, BasketShop, a_stranger, refused

EXAMPLES = PROJECT_ROOT / "docs" / "examples"

Load = Callable[[str, str], ImportReport]


@pytest.fixture
async def shop(unit_of_work: UnitOfWork) -> BasketShop:
    shop = await BasketShop(unit_of_work).open()
    shop.clock.now = datetime(2026, 11, 3, 10, tzinfo=UTC)
    return shop


@pytest.fixture
def load(shop: BasketShop, database_url: str, tmp_path: Path) -> Load:
    def load(kind: str, content: str) -> ImportReport:
        path = tmp_path / "codes.csv"
        path.write_text(content, encoding="utf-8")
        return load_file(code_importer(CodeFileKind(kind), secret=SECRET), path, database_url)

    return load


@pytest.mark.parametrize("kind", CodeFileKind)
async def test_the_examples_load_and_loading_them_again_changes_nothing(
    shop: BasketShop, database_url: str, kind: CodeFileKind
) -> None:
    tables = (DiscountCodeRow, GiftCardRow, GiftCardEntryRow)
    importer, file = code_importer(kind, secret=SECRET), EXAMPLES / f"{kind}.csv"

    first = load_file(importer, file, database_url)
    counts = [await shop.orders.count(table) for table in tables]
    again = load_file(importer, file, database_url)

    assert (first.added, first.changed, first.bad_lines) == (3, 0, ())
    assert (again.added, again.changed, again.bad_lines) == (0, 3, ())
    assert [await shop.orders.count(table) for table in tables] == counts


async def test_a_code_keeps_its_uses_and_what_the_file_does_not_speak_of(
    shop: BasketShop, load: Load
) -> None:
    await shop.code(
        "TIEN", amount_minor=500, currency="EUR", uses=7, once_per_customer=True, min_order_minor=99
    )

    load("discount-codes", "code;amount;ends_on\ntien;10,00;2026-12-31\n")

    [row] = await shop.orders.rows(DiscountCodeRow)
    assert (row.amount_minor, row.ends_on, row.uses) == (1000, date(2026, 12, 31), 7)
    assert (row.once_per_customer, row.min_order_minor, row.active) == (True, 99, True)


async def test_an_amount_can_become_a_percentage(shop: BasketShop, load: Load) -> None:
    await shop.code("TIEN", amount_minor=500, currency="EUR")

    load("discount-codes", "code;percent\nTIEN;10\n")

    [row] = await shop.orders.rows(DiscountCodeRow)
    assert (row.percent, row.amount_minor, row.currency) == (10, None, None)


async def test_a_code_can_be_one_customers(shop: BasketShop, load: Load) -> None:
    report = load("discount-codes", "code;percent;external_id\nMINE;10;K-1001\nNOBODYS;10;K-9999\n")

    [row] = await shop.orders.rows(DiscountCodeRow)
    assert (row.code, row.customer_id) == ("MINE", shop.orders.customer)
    assert report.bad_lines == (BadLine(3, "column external_id: there is no such customer"),)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A1;10;", "column code"),
        ("CODE;;", "either a percent or an amount"),
        ("CODE;10;5,00", "either a percent or an amount"),
        ("CODE;;0", "either a percent or an amount"),
        ("CODE;101;", "column percent"),
        ("CODE;;-5", "column amount"),
    ],
)
async def test_a_code_that_makes_no_sense_is_reported_and_the_rest_is_loaded(
    shop: BasketShop, load: Load, line: str, reason: str
) -> None:
    report = load("discount-codes", f"code;percent;amount\n{line}\nGOOD;10;\n")

    assert [bad.line for bad in report.bad_lines] == [2]
    assert reason in report.bad_lines[0].reason
    assert [row.code for row in await shop.orders.rows(DiscountCodeRow)] == ["GOOD"]


async def test_a_code_that_ends_before_it_starts_is_reported(load: Load) -> None:
    report = load("discount-codes", "code;percent;starts_on;ends_on\nCODE;10;2026-05-02;2026-05-01\n")

    assert report.bad_lines == (BadLine(2, "it ends before it starts"),)


async def test_a_card_holds_what_the_file_says_whatever_was_known_before(
    shop: BasketShop, load: Load
) -> None:
    head = "code;initial;issued_on;expires_on;balance\n"
    await shop.card("DDGC234567890123", 2500, spent=500)

    load("gift-cards", head + "ddgc-2345-6789-0123;25,00;2025-06-01;2028-06-01;7,50\n")

    view = await shop.service.check_gift_card(a_stranger(), "DDGC 2345 6789 0123")
    assert isinstance(view, GiftCardView)
    assert (view.balance, view.last_four) == (Money(750), "0123")
    assert [row.amount_minor for row in await shop.orders.rows(GiftCardEntryRow)] == [-500, -1250]


async def test_a_card_that_is_blocked_stays_so_unless_the_file_says_otherwise(
    shop: BasketShop, load: Load
) -> None:
    await shop.card("DDGC345678901234", blocked=True)
    line = "DDGC345678901234;50,00;2025-06-01;2028-06-01"

    load("gift-cards", f"code;initial;issued_on;expires_on\n{line}\n")
    answer = await shop.service.check_gift_card(a_stranger(), "DDGC345678901234")
    assert refused(answer).reason is Reason.UNKNOWN

    load("gift-cards", f"code;initial;issued_on;expires_on;blocked\n{line};nee\n")
    answer = await shop.service.check_gift_card(a_stranger(), "DDGC345678901234")
    assert isinstance(answer, GiftCardView)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("SHORT1;50,00;2025-06-01;2028-06-01", "column code"),
        ("DDGC123456789012;0;2025-06-01;2028-06-01", "column initial"),
        ("DDGC123456789012;50,00;2028-06-01;2025-06-01", "expires before"),
        ("DDGC123456789012;50,00;;2028-06-01", "column issued_on"),
    ],
)
async def test_a_card_that_makes_no_sense_is_reported_without_its_code(
    shop: BasketShop, load: Load, line: str, reason: str
) -> None:
    report = load("gift-cards", f"code;initial;issued_on;expires_on\n{line}\n")

    [bad] = report.bad_lines
    assert reason in bad.reason
    assert "DDGC" not in bad.reason
    assert await shop.orders.count(GiftCardRow) == 0


async def test_a_file_without_codes_is_refused(load: Load) -> None:
    with pytest.raises(CsvColumnsError, match="initial"):
        load("gift-cards", "code;amount\n")
