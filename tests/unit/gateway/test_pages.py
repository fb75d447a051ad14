from pathlib import Path

import pytest

from tests.support.gateway import Balie, balie_with


async def test_the_demo_shop_and_the_widget_are_served(balie: Balie) -> None:
    home = await balie.http.get("/")
    widget = await balie.http.get("/widget/widget.js")

    assert (home.status_code, "Duin & Dal" in home.text) == (200, True)
    assert (await balie.http.get("/shop.css")).status_code == 200
    assert (widget.status_code, widget.headers["Content-Type"].partition(";")[0]) == (200, "text/javascript")
    assert widget.headers["ETag"]
    assert widget.headers["Cache-Control"] == "no-cache"


async def test_every_product_has_the_same_page_which_reads_its_address(balie: Balie) -> None:
    page = await balie.http.get("/products/DD-10001", params={"balie": "0a1b"})

    assert (page.status_code, "A product of" in page.text) == (200, True)
    assert page.headers["Cache-Control"] == "no-cache"
    assert "default-src" in page.headers["Content-Security-Policy"]


async def test_files_that_never_change_are_asked_for_once(balie: Balie, static_dir: Path) -> None:
    (static_dir / "widget" / "widget-0123456789.js").write_text("/* panel */")

    panel = await balie.http.get("/widget/widget-0123456789.js")

    assert "immutable" in panel.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/desk", "/desk/overview", "/desk/recommendations"])
async def test_the_desk_is_one_page_that_takes_nothing_from_elsewhere(balie: Balie, path: str) -> None:
    page = await balie.http.get(path)
    policy = page.headers["Content-Security-Policy"]

    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-cache")
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


async def test_the_desks_files_are_asked_for_once(balie: Balie) -> None:
    styles = await balie.http.get("/desk/assets/index-0123456789.css")

    assert (styles.status_code, "immutable" in styles.headers["Cache-Control"]) == (200, True)


async def test_the_api_is_documented_without_outside_help(balie: Balie) -> None:
    page = await balie.http.get("/docs")
    start = await balie.http.get("/docs/start.js")

    assert page.status_code == start.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert (await balie.http.get("/docs/swagger-ui-bundle.js")).status_code == 200


async def test_the_description_of_the_api_is_complete(balie: Balie) -> None:
    described = (await balie.http.get("/openapi.json")).json()

    operations = [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    assert {(path, method) for path, method, _ in operations} == {
        ("/api/v1/conversations", "post"),
        ("/api/v1/conversations/claims", "post"),
        ("/api/v1/conversations/{conversation_id}/continuations", "post"),
        ("/api/v1/conversations/{conversation_id}/customer", "put"),
        ("/api/v1/conversations/{conversation_id}/messages", "post"),
        ("/api/v1/conversations/{conversation_id}/messages", "get"),
        ("/api/v1/conversations/{conversation_id}/read", "put"),
        ("/api/v1/conversations/{conversation_id}/cards/{key}/followed", "post"),
        ("/api/v1/conversations/{conversation_id}/basket", "get"),
        ("/api/v1/conversations/{conversation_id}/basket/discount", "put"),
        ("/api/v1/conversations/{conversation_id}/basket/discount", "delete"),
        ("/api/v1/conversations/{conversation_id}/basket/lines/{sku}", "put"),
        ("/api/v1/conversations/{conversation_id}/basket/lines/{sku}", "delete"),
        ("/api/v1/conversations/{conversation_id}/photos", "post"),
        ("/api/v1/products/{sku}/picture.svg", "get"),
        ("/api/v1/conversations/{conversation_id}/photos/{photo_id}", "get"),
        ("/api/v1/agent/conversations/{conversation_id}/messages", "get"),
        ("/api/v1/agent/conversations/{conversation_id}/photos/{photo_id}", "get"),
        ("/api/v1/agent/conversations/{conversation_id}/mood", "get"),
        ("/api/v1/desk/agents", "get"),
        ("/api/v1/desk/agents", "post"),
        ("/api/v1/desk/agents/{agent_id}", "patch"),
        ("/api/v1/desk/agents/{agent_id}/password", "post"),
        ("/api/v1/desk/agents/{agent_id}/sessions", "delete"),
        ("/api/v1/desk/canned", "get"),
        ("/api/v1/desk/conversations", "get"),
        ("/api/v1/desk/conversations/{conversation_id}", "get"),
        ("/api/v1/desk/conversations/{conversation_id}/accept", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/card", "get"),
        ("/api/v1/desk/conversations/{conversation_id}/decline", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/listen", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/messages", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/notes", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/photos", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/photos/{photo_id}", "get"),
        ("/api/v1/desk/conversations/{conversation_id}/read", "put"),
        ("/api/v1/desk/conversations/{conversation_id}/resolve", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/return", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/snooze", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/take-over", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/transfer", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/wake", "post"),
        ("/api/v1/desk/conversations/{conversation_id}/orders", "get"),
        ("/api/v1/desk/conversations/{conversation_id}/orders/{number}/{action}", "post"),
        ("/api/v1/desk/queue", "get"),
        ("/api/v1/desk/overview", "get"),
        ("/api/v1/desk/overview.csv", "get"),
        ("/api/v1/desk/overview/conversations", "get"),
        ("/api/v1/desk/recommendations", "get"),
        ("/api/v1/desk/recommendations.csv", "get"),
        ("/api/v1/desk/session", "delete"),
        ("/api/v1/desk/session", "get"),
        ("/api/v1/desk/session", "post"),
        ("/api/v1/desk/session/devices", "get"),
        ("/api/v1/desk/session/devices/{session_id}", "delete"),
        ("/api/v1/desk/session/password", "put"),
        ("/api/v1/desk/session/presence", "put"),
        ("/api/v1/documents/invoices/{token}.pdf", "get"),
        ("/api/v1/documents/labels/{token}.pdf", "get"),
        ("/api/v1/events", "post"),
        ("/health", "get"),
        ("/metrics", "get"),
        ("/ready", "get"),
    }
    for _, _, operation in operations:
        assert operation["summary"]
        assert operation["description"]
        assert all(answer["description"] for answer in operation["responses"].values())
    assert "HTTPValidationError" not in described["components"]["schemas"]


async def test_the_api_works_without_web_assets(database_url: str, tmp_path: Path) -> None:
    async with balie_with(database_url, static_dir=tmp_path / "nothing built") as balie:
        assert (await balie.http.get("/")).json()["error"]["code"] == "not_found"
        assert (await balie.http.get("/docs")).status_code == 200
        await (await balie.open()).say("hoi")


async def test_readiness_names_the_part_that_does_not_work(balie: Balie) -> None:
    assert (await balie.http.get("/ready")).json() == {
        "ready": True,
        "parts": {"store": True, "assistant": True},
    }

    balie.assistant.is_up = False
    answer = await balie.http.get("/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {"ready": False, "parts": {"store": True, "assistant": False}},
    )
