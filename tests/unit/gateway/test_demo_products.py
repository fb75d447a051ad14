"""The goods of the demo shop, on its own page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.demo_shop import copy_demo_shop
from tests.support.gateway import Balie, balie_with


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[Balie]:
    async with balie_with(copy_demo_shop(tmp_path), static_dir=tmp_path / "none", demo=True) as balie:
        yield balie


async def test_what_is_searched_for_is_found_in_the_language_of_the_page(demo: Balie) -> None:
    dutch = (await demo.http.get("/demo/products", params={"query": "fietshelm"})).json()
    english = (await demo.http.get("/demo/products", params={"query": "helmet", "language": "en"})).json()

    assert {hit["category"] for hit in dutch[:3]} == {"fietshelmen"}
    assert "helmet" in english[0]["name"]
    assert len(dutch) <= 12
    assert (dutch[0]["currency"], dutch[0]["price_minor"] > 0) == ("EUR", True)


async def test_a_product_has_a_page_with_what_customers_ask_about(demo: Balie) -> None:
    [hit, *_] = (await demo.http.get("/demo/products", params={"query": "fietshelm"})).json()

    product = (await demo.http.get(f"/demo/products/{hit['sku']}")).json()

    assert hit.items() <= product.items()
    assert product["facts"]["gewicht"].endswith("g")
    assert product["description"]


async def test_a_page_offers_every_size_and_colour_and_says_where_there_are_some(demo: Balie) -> None:
    [hit, *_] = (await demo.http.get("/demo/products", params={"query": "regenjas"})).json()

    product = (await demo.http.get(f"/demo/products/{hit['sku']}")).json()
    variants = product["variants"]

    assert len({(variant["size"], variant["colour"]) for variant in variants}) == len(variants) > 1
    assert {variant["sku"].rpartition("-")[0] for variant in variants} == {hit["sku"]}
    assert min(variant["price_minor"] for variant in variants) == product["price_minor"]
    assert all(variant["online"] >= 0 for variant in variants)
    assert len(set(product["stores"])) == len(product["stores"])


async def test_what_is_not_sold_is_not_found(demo: Balie) -> None:
    unknown = await demo.http.get("/demo/products/NO-SUCH")
    nothing = await demo.http.get("/demo/products", params={"query": "qqqq"})
    empty = await demo.http.get("/demo/products", params={"query": ""})

    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "product_not_found")
    assert (nothing.json(), empty.status_code) == ([], 422)


async def test_a_real_shop_has_pages_of_its_own(balie: Balie) -> None:
    assert (await balie.http.get("/demo/products", params={"query": "tent"})).status_code == 404
