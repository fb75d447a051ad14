"""Labels are downloaded with a link from the chat: whoever has it, as long as it works, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select, update

from balie.gateway.tokens import INVOICE_PATH, LABEL_PATH, DocumentLinks
from balie.orders.demo.personas import EMMA, PIETER
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.models import InvoiceRow, OrderRow, ReturnRow
from tests.support.demo_shop import copy_demo_shop
from tests.support.gateway import Balie, balie_with


async def number_of_return(balie: Balie, order_number: str) -> str:
    async with balie.unit_of_work.read() as session:
        query = select(ReturnRow.number).join(OrderRow, OrderRow.id == ReturnRow.order_id)
        number = await session.scalar(query.where(OrderRow.number == order_number))
    assert number is not None
    return number


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return copy_demo_shop(tmp_path)


async def test_the_link_opens_the_label_and_no_cache_keeps_it(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        number = await number_of_return(balie, PIETER.order_number)
        answer = await balie.http.get(balie.document_links.label(number))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")


async def test_a_link_works_for_a_day(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        link = balie.document_links.label(await number_of_return(balie, PIETER.order_number))
        balie.clock.advance(timedelta(hours=23))
        in_time = await balie.http.get(link)
        balie.clock.advance(timedelta(hours=2))
        late = await balie.http.get(link)

    assert in_time.status_code == 200
    _is_refused(late, "link_invalid")


async def test_forged_links_and_other_tokens_open_nothing(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        number = await number_of_return(balie, PIETER.order_number)
        other = DocumentLinks("another secret, which is long enough too", lifetime=timedelta(hours=1))
        conversation = await balie.open()
        for link in (
            other.label(number),
            f"{LABEL_PATH}/{conversation.token}.pdf",
            f"{LABEL_PATH}/{number}.pdf",
            f"{LABEL_PATH}/x.pdf",
        ):
            _is_refused(await balie.http.get(link), "link_invalid")


async def test_a_return_without_a_label_has_none(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        number = await number_of_return(balie, EMMA.order_number)
        async with balie.unit_of_work.write() as session:
            await session.execute(update(ReturnRow).where(ReturnRow.number == number).values(method="store"))
        handed_in = await balie.http.get(balie.document_links.label(number))
        unknown = await balie.http.get(balie.document_links.label("RDD9999999-1"))

    _is_refused(handed_in, "return_not_found")
    _is_refused(unknown, "return_not_found")


def _is_refused(answer: httpx.Response, code: str) -> None:
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == code


async def test_an_invoice_is_downloaded_with_its_own_kind_of_link(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        async with balie.unit_of_work.read() as session:
            number = await session.scalar(select(InvoiceRow.number))
        assert number is not None
        answer = await balie.http.get(balie.document_links.invoice(number))
        unknown = await balie.http.get(balie.document_links.invoice("F1999-000001"))
        label_link = balie.document_links.label(number).rpartition("/")[2]
        crossed = await balie.http.get(f"{INVOICE_PATH}/{label_link}")

    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    _is_refused(unknown, "invoice_not_found")
    _is_refused(crossed, "link_invalid")


TAX = {"NL": 21.0, "BE": 21.0, "DE": 19.0, "FR": 20.0, "LU": 17.0, "GB": 20.0}


async def test_the_tax_on_an_invoice_is_that_of_the_country_it_went_to(
    database_url: str, tmp_path: Path
) -> None:
    async with balie_with(database_url, static_dir=tmp_path) as balie:
        async with balie.unit_of_work.read() as session:
            query = select(func.max(InvoiceRow.number)).join(OrderRow, OrderRow.id == InvoiceRow.order_id)
            numbers = (await session.scalars(query.group_by(OrderRow.country))).all()
        papers = [await InvoicePapers(balie.unit_of_work).get_paper(number) for number in numbers]

    assert {"NL", "BE", "GB"} <= {paper.country for paper in papers}
    for paper in papers:
        assert paper.tax_percent == pytest.approx(TAX[paper.country], abs=0.1)
        assert paper.net.minor_units + paper.tax.minor_units == paper.total.minor_units
