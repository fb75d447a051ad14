"""Counters for Prometheus: what they count, and who may read them."""

from __future__ import annotations

from pathlib import Path

import httpx
from prometheus_client.parser import text_string_to_metric_families

from balie.gateway.metrics import PrometheusMeasures
from balie.kernel.measures import NO_MEASURES, Measures
from tests.support.gateway import BASE_URL, Balie, balie_with
from tests.support.numbers import DeskBook, after

TOKEN = "a token for the one who watches over it"


def values_in(page: str) -> dict[str, float]:
    return {
        f"{sample.name}{sorted(sample.labels.items()) or ''}": sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def read(balie: Balie, *, address: str = "127.0.0.1", **headers: str | bytes) -> httpx.Response:
    transport = httpx.ASGITransport(balie.app, raise_app_exceptions=False, client=(address, 40_000))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as prometheus:
        given = [
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in headers.items()
        ]
        return await prometheus.get("/metrics", headers=given)


async def test_this_machine_may_read_them_and_no_other(balie: Balie) -> None:
    assert (await read(balie)).status_code == (await read(balie, address="::1")).status_code == 200
    for refused in (
        await read(balie, address="203.0.113.5"),
        await read(balie, **{"X-Forwarded-For": "127.0.0.1"}),
        await read(balie, address="not an address"),
    ):
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "metrics_token_invalid")


async def test_with_a_token_only_the_token_counts(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, metrics_token=TOKEN) as balie:
        right = await read(balie, address="203.0.113.5", Authorization=f"Bearer {TOKEN}")
        wrong = [
            await read(balie, Authorization=given) for given in ("Bearer no", f"Basic {TOKEN}", "Bearer é")
        ]
        none = await read(balie)

    assert right.status_code == 200
    assert {answer.status_code for answer in (*wrong, none)} == {401}


async def test_what_happened_is_counted(balie: Balie) -> None:
    measures: Measures = balie.app.state.services.measures
    measures.turn_taken(0.2, failed=False)
    measures.turn_taken(9.0, failed=True)
    measures.handoff_requested("angry")
    measures.handoff_accepted(45)
    measures.delivered("desk")
    measures.delivered("+31 6 12345678")
    measures.desk_socket(1)
    measures.desk_socket(1)
    measures.desk_socket(-1)
    page = (await read(balie)).text

    values = values_in(page)
    assert values["balie_turn_seconds_count"] == 2
    assert values["balie_turn_failures_total"] == 1
    assert values["balie_handoffs_total[('reason', 'angry')]"] == 1
    assert values["balie_handoffs_total[('reason', 'asked')]"] == 0
    assert values["balie_handoff_wait_seconds_sum"] == 45
    assert values["balie_deliveries_total[('way', 'desk')]"] == 1
    assert values["balie_deliveries_total[('way', 'other')]"] == 1
    assert values["balie_desk_sockets"] == 1
    assert "12345678" not in page


async def test_who_waits_is_looked_up_when_it_is_asked(balie: Balie) -> None:
    book = DeskBook(balie.unit_of_work)
    conversation = await book.add_conversation(("customer", after(0)))
    await book.add_handoff(conversation, after(1), state="queued")
    balie.clock.now = after(11)

    values = values_in((await read(balie)).text)

    assert (values["balie_waiting"], values["balie_waiting_longest_seconds"]) == (1, 600)


async def test_they_are_read_while_the_database_is_down_and_count_its_refusals(balie: Balie) -> None:
    balie.unit_of_work.is_down = True
    await balie.http.post("/api/v1/conversations", json={})

    answer = await read(balie)

    assert answer.status_code == 200
    assert values_in(answer.text)["balie_store_errors_total"] == 2


async def test_two_services_in_one_process_count_for_themselves() -> None:
    one, other = PrometheusMeasures(), PrometheusMeasures()
    one.store_failed()

    assert "balie_store_errors_total 1.0" in one.page(None).decode()
    assert "balie_store_errors_total 0.0" in other.page(None).decode()


async def test_nothing_is_counted_where_nobody_watches() -> None:
    NO_MEASURES.turn_taken(1.0, failed=True)
    NO_MEASURES.desk_socket(1)
