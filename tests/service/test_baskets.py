"""The basket as the shop's page sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from balie.conversations.views import Proof
from balie.gateway.basket_schemas import BasketShape
from balie.gateway.services import BASKET_CHANGES_PER_MINUTE
from balie.kernel.ids import ConversationId
from tests.service.test_live import Socket
from tests.storage.basket_shop import TODAY, BasketShop
from tests.support.gateway import Balie, Customer, on_a_port


@pytest.fixture
async def shop(balie: Balie) -> BasketShop:
    """Goods, codes and stock in the same database."""
    return await BasketShop(balie.unit_of_work).open()


class Page:
    """The shop's page with a conversation."""

    def __init__(self, customer: Customer) -> None:
        self.customer = customer

    @property
    def id(self) -> ConversationId:
        return ConversationId(UUID(self.customer.id))

    async def call(self, method: str, path: str = "", **options: Any) -> httpx.Response:
        headers = {**self.customer.headers, **options.pop("headers", {})}
        url = f"{self.customer.path}/basket{path}"
        return await self.customer.balie.http.request(method, url, headers=headers, **options)

    async def basket(self) -> dict[str, Any]:
        answer = await self.call("GET")
        assert answer.status_code == 200, answer.text
        return checked(answer)

    async def put(self, sku: str, quantity: object) -> httpx.Response:
        return await self.call("PUT", f"/lines/{sku}", json={"quantity": quantity})

    async def enter(self, code: str) -> httpx.Response:
        return await self.call("PUT", "/discount", json={"code": code})


def checked(answer: httpx.Response) -> dict[str, Any]:
    """The basket of an answer, which is of the shape that is described."""
    assert answer.status_code == 200, answer.text
    basket: dict[str, Any] = answer.json()
    BasketShape.model_validate(basket)
    return basket


@pytest.fixture
async def page(balie: Balie, shop: BasketShop) -> Page:
    return Page(await balie.open(language="nl"))


async def test_a_basket_begins_empty(page: Page, shop: BasketShop) -> None:
    basket = await page.basket()

    assert (basket["pieces"], basket["total_minor"], basket["currency"]) == (0, 0, "EUR")
    assert basket["checkout_url"] == shop.terms.checkout_url


async def test_lines_are_put_changed_and_taken_out(page: Page) -> None:
    first = checked(await page.put("SHOE-42", 2))
    again = checked(await page.put("SHOE-42", 2))
    fewer = checked(await page.put("SHOE-42", 1))

    assert first == again
    assert first["lines"] == [
        {
            "sku": "SHOE-42",
            "product_sku": "SHOE",
            "names": {"nl": "shoe"},
            "size": "42",
            "colours": {},
            "quantity": 2,
            "unit_price_minor": 8000,
            "total_minor": 16000,
            "stock": "available",
            "at_most": 5,
        }
    ]
    assert fewer["total_minor"] == 8000
    assert await page.basket() == fewer
    empty = checked(await page.call("DELETE", "/lines/SHOE-42"))
    assert empty["lines"] == checked(await page.call("DELETE", "/lines/SHOE-42"))["lines"] == []


@pytest.mark.parametrize(
    "quantity", [0, -1, 100, 10**9, 10**30, 1.5, 2.0, "2", "two", True, None, [], {"quantity": 1}]
)
async def test_anything_but_a_number_from_1_to_99_is_no_quantity(page: Page, quantity: object) -> None:
    answer = await page.put("SHOE-42", quantity)

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "request_invalid")
    assert (await page.basket())["lines"] == []


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 10_000, b"\xff\xfe", b"null", b'{"quantity": 1e400}'])
async def test_garbage_instead_of_a_quantity_is_refused(page: Page, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await page.call("PUT", "/lines/SHOE-42", content=body, headers=headers)

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] in {"json_invalid", "request_invalid"}


@pytest.mark.parametrize("sku", ["NOTHING", "SHOE-42%20", "a/b", "'; DROP TABLE baskets; --"])
async def test_a_number_that_nothing_has_is_not_found(page: Page, sku: str) -> None:
    answer = await page.put(sku, 1)

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "product_not_found")


@pytest.mark.parametrize("sku", ["%00", "%F0%9F%8E%81", "A" * 61])
async def test_a_number_that_no_shop_would_give_is_refused(page: Page, sku: str) -> None:
    assert (await page.put(sku, 1)).status_code == 422


async def test_more_than_there_are_is_refused_with_how_many_could_be_had(page: Page) -> None:
    answer = await page.put("SHOE-42", 6)

    assert answer.status_code == 409
    error = answer.json()["error"]
    assert (error["code"], error["data"]) == ("basket_refused", {"reason": "out_of_stock", "at_most": 5})


async def test_a_code_is_entered_and_taken_out(page: Page, shop: BasketShop) -> None:
    await shop.code("WELKOM10")
    await page.put("TENT", 1)

    entered = checked(await page.enter("welkom 10"))

    assert entered["discounts"] == [
        {"code": "WELKOM10", "percent": 10, "amount_minor": None, "gives_minor": 2000, "refused": None}
    ]
    assert (entered["discount_minor"], entered["total_minor"]) == (2000, 18000)
    other = checked(await page.call("DELETE", "/discount", params={"code": "OTHER"}))
    assert len(other["discounts"]) == 1
    assert checked(await page.call("DELETE", "/discount"))["discounts"] == []


async def test_a_refused_code_says_why_and_what_is_missing(page: Page, shop: BasketShop) -> None:
    await shop.code("GROOT", min_order_minor=10000)
    await shop.code("ZOMER5", ends_on=TODAY - timedelta(days=1))
    await page.put("SHOE-42", 1)

    minimum, expired, unknown = [await page.enter(code) for code in ("GROOT", "ZOMER5", "GUESS")]

    assert [answer.status_code for answer in (minimum, expired, unknown)] == [409] * 3
    assert [answer.json()["error"]["code"] for answer in (minimum, expired, unknown)] == ["code_refused"] * 3
    assert minimum.json()["error"]["data"] == {
        "reason": "minimum_not_reached",
        "missing_minor": 2000,
        "minimum_minor": 10000,
    }
    assert expired.json()["error"]["data"] == {"reason": "expired", "on": "2026-11-02"}
    assert unknown.json()["error"]["data"] == {"reason": "unknown"}


async def test_a_code_that_does_not_count_any_more_stays_visible(page: Page, shop: BasketShop) -> None:
    await shop.code("GROOT", min_order_minor=10000)
    await page.put("TENT", 1)
    await page.enter("GROOT")
    await page.put("SUIT", 1)

    basket = checked(await page.call("DELETE", "/lines/TENT"))

    [discount] = basket["discounts"]
    assert (discount["gives_minor"], discount["refused"]["missing_minor"]) == (0, 7000)


async def test_guessing_ends_after_ten_wrong_codes(page: Page) -> None:
    answers = [await page.enter(f"GUESS{number}") for number in range(11)]

    assert [answer.status_code for answer in answers] == [409] * 10 + [429]
    assert answers[-1].json()["error"]["code"] == "too_many_tries"


@pytest.mark.parametrize("code", ["\x00", "🎁", " ", "A" * 200, "%s' OR 1=1 --"])
async def test_a_code_of_any_characters_is_just_unknown(page: Page, code: str) -> None:
    assert (await page.enter(code)).json()["error"]["data"] == {"reason": "unknown"}


async def test_a_basket_is_only_for_whoever_holds_the_conversations_token(balie: Balie, page: Page) -> None:
    await page.put("TENT", 1)
    other = await balie.open()

    no_token = await balie.http.get(f"{page.customer.path}/basket")
    others_token = await balie.http.get(f"{page.customer.path}/basket", headers=other.headers)

    assert (no_token.status_code, no_token.json()["error"]["code"]) == (401, "token_invalid")
    assert (others_token.status_code, others_token.json()["error"]["code"]) == (404, "conversation_not_found")
    assert (await Page(other).basket())["pieces"] == 0


async def test_a_customer_has_one_basket_in_every_conversation(balie: Balie, shop: BasketShop) -> None:
    token = balie.customer_tokens.issue("K-1001")
    here, there = [Page(await balie.open(customer_token=token)) for _ in range(2)]

    await here.put("TENT", 1)

    assert (await there.basket())["pieces"] == 1


async def test_who_is_recognised_in_the_conversation_keeps_what_they_had_put_in(
    balie: Balie, page: Page, shop: BasketShop
) -> None:
    known = Page(await balie.open(customer_token=balie.customer_tokens.issue("K-1001")))
    await known.put("SHOE-42", 1)
    await page.put("TENT", 1)

    await balie.conversations.recognise_customer(
        page.id, shop.orders.customer, proof=Proof.ORDER_EMAIL, order_number="DD1048213"
    )

    assert {line["sku"] for line in (await page.basket())["lines"]} == {"SHOE-42", "TENT"}


async def test_who_only_knows_an_orders_postcode_does_not_see_the_customers_basket(
    balie: Balie, page: Page, shop: BasketShop
) -> None:
    known = Page(await balie.open(customer_token=balie.customer_tokens.issue("K-1001")))
    await known.put("SHOE-42", 1)

    await balie.conversations.recognise_customer(
        page.id, shop.orders.customer, proof=Proof.ORDER_POSTCODE, order_number="DD1048213"
    )

    assert (await page.basket())["pieces"] == 0


async def test_a_machine_that_presses_plus_all_day_is_slowed_down(page: Page) -> None:
    for _ in range(BASKET_CHANGES_PER_MINUTE):
        await page.call("DELETE", "/lines/TENT")

    answer = await page.put("TENT", 1)

    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_basket_changes")
    assert int(answer.headers["Retry-After"]) >= 1
    assert (await page.call("GET")).status_code == 200


async def test_a_locked_database_is_said_to_be_unavailable(balie: Balie, page: Page) -> None:
    balie.unit_of_work.is_down = True

    assert (await page.call("GET")).status_code == 503
    assert (await page.put("TENT", 1)).json()["error"]["code"] == "store_unavailable"


@pytest.fixture
async def address(balie: Balie) -> AsyncIterator[str]:
    async with on_a_port(balie) as address:
        yield address


async def test_other_tabs_hear_that_the_basket_changed(page: Page, address: str) -> None:
    async with Socket.of(page.customer, address) as socket:
        await socket.next_event()

        await page.put("TENT", 1)
        assert await socket.next_event() == {"type": "basket"}

        await page.put("TENT", 99)  # refused: nothing has changed, nothing rings
        await page.call("DELETE", "/lines/TENT")
        assert await socket.next_event() == {"type": "basket"}


async def test_a_page_that_is_allowed_to_may_put_and_delete(balie: Balie) -> None:
    answer = await balie.http.options(
        "/api/v1/conversations/x/basket/lines/TENT",
        headers={"Origin": "http://balie.example", "Access-Control-Request-Method": "PUT"},
    )

    assert answer.status_code == 204
    assert {"PUT", "DELETE"} <= set(answer.headers["Access-Control-Allow-Methods"].split(", "))
