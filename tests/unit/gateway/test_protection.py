from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from balie.orders.demo import list_demo_customers
from tests.support.gateway import BASE_URL, Balie, balie_with
from tests.support.store import add_customer

SHOP = "https://shop.example"


@pytest.fixture
async def open_to_the_shop(database_url: str, static_dir: Path) -> AsyncIterator[Balie]:
    async with balie_with(
        database_url, static_dir=static_dir, allowed_origins=f"{SHOP}/, https://b.example"
    ) as balie:
        yield balie


async def test_too_many_messages_are_refused_until_later(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, messages_per_minute=3) as balie:
        one, other = await balie.open(), await balie.open()
        for text in ("een", "twee", "drie"):
            await one.say(text)

        refused = await one.send(text="vier")

        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_messages")
        assert refused.headers["Retry-After"] == "20"
        await other.say("ik mag wel")
        balie.seconds[0] += 20
        await one.say("vier")


async def test_too_many_conversations_of_one_client_are_refused(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, conversations_per_minute=2) as balie:
        for _ in range(2):
            await balie.open()

        refused = await balie.http.post("/api/v1/conversations")

        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_conversations")
        assert refused.headers["Retry-After"] == "30"


async def test_pages_of_an_allowed_origin_may_ask(open_to_the_shop: Balie) -> None:
    answer = await open_to_the_shop.http.post("/api/v1/conversations", headers={"Origin": SHOP})

    assert answer.status_code == 201
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert answer.headers["Vary"] == "Origin"


async def test_a_refusal_can_be_read_by_an_allowed_page(open_to_the_shop: Balie) -> None:
    answer = await open_to_the_shop.http.post(
        "/api/v1/conversations", headers={"Origin": SHOP}, content=b"x" * 70_000
    )

    assert answer.status_code == 413
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP


async def test_an_allowed_page_may_ask_first(open_to_the_shop: Balie) -> None:
    answer = await open_to_the_shop.http.options(
        "/api/v1/conversations",
        headers={
            "Origin": SHOP,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        },
    )

    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://shop.example.evil.example",
        "http://shop.example",
        "null",
        "",
        "http://[",
    ],
)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_pages_of_other_origins_may_not(open_to_the_shop: Balie, origin: str, method: str) -> None:
    answer = await open_to_the_shop.http.request(
        method, "/api/v1/conversations", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_refused")
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_our_own_pages_may_ask(balie: Balie) -> None:
    for origin in (BASE_URL, BASE_URL.replace("http:", "https:")):
        assert (await balie.http.post("/api/v1/conversations", headers={"Origin": origin})).status_code == 201


async def test_pages_are_protected_in_the_browser(balie: Balie) -> None:
    page = await balie.http.get("/")

    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"


async def test_answers_of_the_api_are_kept_by_nobody(balie: Balie) -> None:
    customer = await balie.open()

    answer = await balie.http.get(f"{customer.path}/messages", headers=customer.headers)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_demo_shop_signs_for_its_customers_and_only_there(
    database_url: str, static_dir: Path
) -> None:
    async with balie_with(database_url, static_dir=static_dir, demo=True) as balie:
        await add_customer(balie.unit_of_work, "K-1001")

        token = (await balie.http.post("/demo/customer-token", json={"external_id": "K-1001"})).json()
        unknown = await balie.http.post("/demo/customer-token", json={"external_id": "K-9"})

        assert balie.customer_tokens.read(token["customer_token"]) == "K-1001"
        assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "customer_not_found")
    async with balie_with(database_url, static_dir=static_dir) as balie:
        assert (
            await balie.http.post("/demo/customer-token", json={"external_id": "K-1001"})
        ).status_code == 404


async def test_the_demo_shop_names_only_customers_who_are_in_the_store(
    database_url: str, static_dir: Path
) -> None:
    sanne = list_demo_customers()[0]
    async with balie_with(database_url, static_dir=static_dir, demo=True) as balie:
        nobody = await balie.http.get("/demo/customers")
        await add_customer(balie.unit_of_work, sanne.external_id)
        somebody = await balie.http.get("/demo/customers")

    assert nobody.json() == []
    assert [customer["name"] for customer in somebody.json()] == ["Sanne de Vries"]
