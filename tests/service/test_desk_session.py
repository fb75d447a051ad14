"""Signing in at the desk, sessions that are forged, over or revoked, roles, and accounts."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import HTTPConnection

from balie.agents.demo import DEMO_AGENTS
from balie.agents.kinds import Presence, Role
from balie.agents.views import AgentView
from balie.gateway.desk_access import COOKIE, find_agent_of_socket
from balie.gateway.desk_schemas import DeskAgentList, MeShape
from balie.gateway.desk_services import DeskServices
from tests.support.agents import PASSWORD, CountingPasswords, add_agent
from tests.support.gateway import BASE_URL, Balie, balie_with

DESK = "/api/v1/desk"
OWN_PAGE = {"X-Balie-Desk": "1"}
BETTER = "acht groene laarzen"


@asynccontextmanager
async def a_browser(balie: Balie) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of its own that shows the desk's page."""
    transport = httpx.ASGITransport(balie.app, raise_app_exceptions=False)
    headers = {**OWN_PAGE, "Origin": BASE_URL, "User-Agent": "Firefox 140"}
    async with httpx.AsyncClient(
        transport=transport, base_url=f"{BASE_URL}{DESK}", headers=headers
    ) as browser:
        yield browser


@pytest.fixture
async def browser(balie: Balie) -> AsyncIterator[httpx.AsyncClient]:
    async with a_browser(balie) as browser:
        yield browser


@pytest.fixture
async def sanne(balie: Balie) -> AgentView:
    return await add_agent(balie.agents)


async def sign_in(
    browser: httpx.AsyncClient, email: str = "sanne@voorbeeld.example", password: str = PASSWORD
) -> httpx.Response:
    return await browser.post("/session", json={"email": email, "password": password})


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_somebody_signs_in_and_learns_what_the_desk_needs(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    await add_agent(balie.agents, "Ruben", role=Role.LEAD)

    answer = await sign_in(browser)

    me = MeShape.model_validate_json(answer.content)
    assert (answer.status_code, me.id, me.permissions) == (200, sanne.id, ["handle"])
    assert [colleague.display_name for colleague in me.agents] == ["Sanne", "Ruben"]
    assert [team.id for team in me.teams] == ["service", "workshop"]
    assert all(set(team.name) == {"nl", "en"} for team in me.teams)
    assert "solved" in me.codes
    assert (await browser.get("/session")).json() == answer.json()
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_cookie_is_for_the_desk_alone(browser: httpx.AsyncClient, sanne: AgentView) -> None:
    said = (await sign_in(browser)).headers["Set-Cookie"]

    name, _, rest = said.partition("=")
    assert name == "balie_desk"
    for part in ("HttpOnly", "SameSite=strict", "Path=/api/v1/desk", "Max-Age=43200"):
        assert part in rest
    assert "Secure" not in rest


@pytest.mark.parametrize("how", ["request", "setting"])
async def test_over_https_the_cookie_never_travels_in_clear(
    database_url: str, static_dir: Path, how: str
) -> None:
    public_url = "https://help.shop.example" if how == "setting" else ""
    async with balie_with(database_url, static_dir=static_dir, public_url=public_url) as balie:
        await add_agent(balie.agents)
        async with a_browser(balie) as browser:
            if how == "request":
                browser.base_url = httpx.URL(f"https://balie.example{DESK}")
                browser.headers["Origin"] = "https://balie.example"
            assert "Secure" in (await sign_in(browser)).headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("role", "roles"), [(Role.AGENT, set()), (Role.LEAD, {"lead"}), (Role.ADMIN, {"lead", "admin"})]
)
async def test_the_desk_is_told_what_the_role_may(
    balie: Balie, browser: httpx.AsyncClient, role: Role, roles: set[str]
) -> None:
    await add_agent(balie.agents, role=role)

    said = set((await sign_in(browser)).json()["permissions"])

    assert said & {"lead", "admin"} == roles
    assert ("take_over" in said, "manage_agents" in said) == (role != Role.AGENT, role == Role.ADMIN)


async def test_whoever_may_not_sign_in_hears_one_answer(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    youssef = await add_agent(balie.agents, "Youssef")
    await balie.agents.deactivate(youssef.id)

    answers = [
        await sign_in(browser, password="something else"),
        await sign_in(browser, "nobody@voorbeeld.example"),
        await sign_in(browser, "youssef@voorbeeld.example"),
        await sign_in(browser, "no address at all \x00"),
    ]

    assert {answer.content for answer in answers} == {answers[0].content}
    assert {code_of(answer) for answer in answers} == {(401, "sign_in_refused")}
    assert not browser.cookies


async def test_too_many_failures_are_told_when_to_come_back(
    browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    for _ in range(5):
        await sign_in(browser, password="something else")

    answer = await sign_in(browser)

    assert code_of(answer) == (429, "too_many_attempts")
    assert answer.json()["error"]["data"] == {"retry_after_s": 900}
    assert answer.headers["Retry-After"] == "900"


async def test_a_machine_that_signs_in_all_the_time_is_stopped_before_anything_is_hashed(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    passwords = balie.agents._passwords
    assert isinstance(passwords, CountingPasswords)
    answers = [await sign_in(browser) for _ in range(31)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429]
    assert passwords.looked_at == 30
    balie.seconds[0] += 60
    assert (await sign_in(browser)).status_code == 200


@pytest.mark.parametrize(
    "cookie", [None, "", "nonsense", "0" * 64, "a" * 4000, '"; DROP TABLE agents', "%00", "\xe9"]
)
async def test_a_forged_cookie_is_nobodys(
    browser: httpx.AsyncClient, sanne: AgentView, cookie: str | None
) -> None:
    headers = [] if cookie is None else [(b"cookie", b"balie_desk=" + cookie.encode("latin-1"))]

    assert code_of(await browser.get("/session", headers=headers)) == (401, "session_missing")


async def test_tokens_of_the_other_doors_open_nothing_here(balie: Balie, browser: httpx.AsyncClient) -> None:
    customer = await balie.open()
    agent_token = balie.agent_tokens.issue("ana", lifetime=timedelta(hours=1))

    for token in (customer.token, agent_token):
        for headers in ({"Authorization": f"Bearer {token}"}, {"Cookie": f"balie_desk={token}"}):
            assert code_of(await browser.get("/session", headers=headers)) == (401, "session_missing")


CHANGES = [
    ("POST", "/session", {"email": "sanne@voorbeeld.example", "password": PASSWORD}),
    ("DELETE", "/session", None),
    ("PUT", "/session/presence", {"presence": "online"}),
    ("PUT", "/session/password", {"old": PASSWORD, "new": BETTER}),
    ("DELETE", "/session/devices/1", None),
    ("POST", "/agents", {"email": "a@b.example", "name": "A", "display_name": "A"}),
    ("PATCH", "/agents/1", {"name": "B"}),
    ("POST", "/agents/1/password", {"password": BETTER}),
    ("DELETE", "/agents/1/sessions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_nothing_changes_without_the_header_of_our_own_page(
    balie: Balie, browser: httpx.AsyncClient, method: str, path: str, body: Any
) -> None:
    await add_agent(balie.agents, role=Role.ADMIN)
    await sign_in(browser)
    before = await balie.agents.list_agents()

    for value in (None, "0"):
        del browser.headers["X-Balie-Desk"]
        if value is not None:
            browser.headers["X-Balie-Desk"] = value
        answer = await browser.request(method, path, json=body)
        assert code_of(answer) == (403, "request_forged")
        browser.headers["X-Balie-Desk"] = "1"
    assert await balie.agents.list_agents() == before
    assert (await browser.get("/session")).status_code == 200


@pytest.mark.parametrize("origin", ["https://shop.example", "null", "http://balie.example.evil.example"])
async def test_a_page_that_may_use_the_widget_may_not_use_the_desk(
    database_url: str, static_dir: Path, origin: str
) -> None:
    async with balie_with(
        database_url, static_dir=static_dir, allowed_origins=["https://shop.example"]
    ) as balie:
        await add_agent(balie.agents)
        async with a_browser(balie) as browser:
            await sign_in(browser)
            answer = await browser.put(
                "/session/presence", json={"presence": "online"}, headers={"Origin": origin}
            )
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] in {"request_forged", "origin_refused"}


async def test_signing_out_ends_the_session_and_the_cookie(
    browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    await sign_in(browser)
    token = browser.cookies[COOKIE]

    assert (await browser.delete("/session")).status_code == 204

    assert COOKIE not in browser.cookies
    kept = {"Cookie": f"{COOKIE}={token}"}
    assert code_of(await browser.get("/session", headers=kept)) == (401, "session_missing")
    assert (await browser.delete("/session", headers=kept)).status_code == 204


async def test_signing_in_again_ends_the_session_before(balie: Balie, browser: httpx.AsyncClient) -> None:
    sanne = await add_agent(balie.agents)
    await sign_in(browser)
    await sign_in(browser)

    assert len(await balie.agents.list_sessions(sanne.id)) == 1


@pytest.mark.parametrize("what", ["revoked", "idle", "expired", "inactive"])
async def test_a_session_that_is_over_is_over_at_once(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView, what: str
) -> None:
    await sign_in(browser)

    match what:
        case "revoked":
            await balie.agents.revoke_sessions(sanne.id)
        case "inactive":
            await balie.agents.deactivate(sanne.id)
        case "idle":
            balie.clock.advance(timedelta(hours=2))
        case _:
            for _ in range(12):
                balie.clock.advance(timedelta(hours=1))
                await browser.get("/session")

    assert code_of(await browser.get("/session")) == (401, "session_missing")
    answer = await browser.put("/session/presence", json={"presence": "online"})
    assert code_of(answer) == (401, "session_missing")


async def test_presence_is_told_to_colleagues(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    await sign_in(browser)

    assert (await browser.put("/session/presence", json={"presence": "away"})).status_code == 204

    assert (await balie.agents.get_agent(sanne.id)).presence is Presence.AWAY
    [entry] = (await browser.get("/session")).json()["agents"]
    assert entry["presence"] == "away"
    answer = await browser.put("/session/presence", json={"presence": "asleep"})
    assert code_of(answer) == (422, "request_invalid")


async def test_a_password_is_changed_by_whoever_knows_it(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    async with a_browser(balie) as elsewhere:
        await sign_in(elsewhere)
        await sign_in(browser)

        wrong = await browser.put("/session/password", json={"old": "guess", "new": BETTER})
        assert code_of(wrong) == (403, "password_wrong")
        short = await browser.put("/session/password", json={"old": PASSWORD, "new": "short"})
        assert code_of(short) == (422, "password_too_short")
        right = await browser.put("/session/password", json={"old": PASSWORD, "new": BETTER})
        assert right.status_code == 204

        assert (await browser.get("/session")).status_code == 200
        assert (await elsewhere.get("/session")).status_code == 401
        assert (await sign_in(elsewhere, password=BETTER)).status_code == 200


async def test_devices_are_shown_and_ended(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    youssef = await add_agent(balie.agents, "Youssef")
    async with a_browser(balie) as phone:
        await sign_in(phone)
        balie.clock.advance(timedelta(minutes=2))
        await sign_in(browser)

        first, second = (await browser.get("/session/devices")).json()

        assert (first["current"], second["current"], first["device"]) == (True, False, "Firefox 140")
        assert (await browser.delete(f"/session/devices/{second['id']}")).status_code == 204
        assert (await phone.get("/session")).status_code == 401
        await sign_in(phone, "youssef@voorbeeld.example")
        [theirs] = await balie.agents.list_sessions(youssef.id)
        for number in (theirs.id, 999):
            answer = await browser.delete(f"/session/devices/{number}")
            assert code_of(answer) == (404, "session_not_found")
        assert (await phone.get("/session")).status_code == 200


@pytest.mark.parametrize("role", [Role.AGENT, Role.LEAD])
async def test_only_admins_look_after_accounts(balie: Balie, browser: httpx.AsyncClient, role: Role) -> None:
    await add_agent(balie.agents, role=role)
    await sign_in(browser)

    for method, path, body in [("GET", "/agents", None), *CHANGES[5:]]:
        answer = await browser.request(method, path, json=body)
        assert code_of(answer) == (403, "not_permitted")
        assert answer.json()["error"]["data"] == {"permission": "manage_agents"}
    [unchanged] = await balie.agents.list_agents()
    assert unchanged.name == "Sanne Kuipers"


async def test_an_admin_looks_after_accounts(balie: Balie, browser: httpx.AsyncClient) -> None:
    ada = await add_agent(balie.agents, "Ada", role=Role.ADMIN)
    await sign_in(browser, "ada@voorbeeld.example")
    new = {
        "email": "Emma@voorbeeld.example",
        "name": "Emma Clarke",
        "display_name": "Emma",
        "teams": ["service"],
        "password": PASSWORD,
    }

    added = await browser.post("/agents", json=new)

    assert (added.status_code, added.json()["email"]) == (201, "emma@voorbeeld.example")
    assert code_of(await browser.post("/agents", json=new)) == (409, "email_taken")
    emma = f"/agents/{added.json()['id']}"
    async with a_browser(balie) as hers:
        assert (await sign_in(hers, "emma@voorbeeld.example")).status_code == 200
        assert (await browser.delete(f"{emma}/sessions")).status_code == 204
        assert (await hers.get("/session")).status_code == 401
    assert (await browser.post(f"{emma}/password", json={"password": BETTER})).status_code == 204
    changed = await browser.patch(emma, json={"role": "lead", "active": False})
    assert (changed.json()["role"], changed.json()["active"]) == ("lead", False)
    listed = DeskAgentList.model_validate_json((await browser.get("/agents")).content)
    assert [agent.display_name for agent in listed.agents] == ["Ada", "Emma"]
    for answer, expected in (
        (await browser.patch("/agents/999", json={"name": "X"}), (404, "agent_not_found")),
        (await browser.delete("/agents/999/sessions"), (404, "agent_not_found")),
        (await browser.patch(f"/agents/{ada.id}", json={"role": "agent"}), (409, "last_admin")),
        (await browser.patch(emma, json={"capacity": -1}), (422, "agent_invalid")),
        (await browser.patch(emma, json={"email": "nonsense"}), (422, "agent_invalid")),
        (await browser.patch(emma, json={"id": 1}), (422, "request_invalid")),
        (await browser.patch(f"/agents/{2**40}", json={}), (422, "request_invalid")),
    ):
        assert code_of(answer) == expected


async def test_no_answer_holds_a_password_or_a_hash(balie: Balie, browser: httpx.AsyncClient) -> None:
    await add_agent(balie.agents, role=Role.ADMIN)

    answers = [await sign_in(browser), await browser.get("/agents"), await browser.get("/session/devices")]

    for answer in answers:
        assert "argon2" not in answer.text
        assert PASSWORD not in answer.text
        assert browser.cookies[COOKIE] not in answer.text


async def test_the_store_that_is_down_is_said_and_nobody_is_let_in(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    await sign_in(browser)
    balie.unit_of_work.is_down = True

    assert code_of(await browser.get("/session")) == (503, "store_unavailable")
    assert code_of(await sign_in(browser)) == (503, "store_unavailable")


async def test_a_socket_is_only_for_our_own_page(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView
) -> None:
    await sign_in(browser)
    desk = DeskServices(balie.agents)
    cookie = f"{COOKIE}={browser.cookies[COOKIE]}"

    def socket(**headers: str) -> HTTPConnection:
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        return HTTPConnection({"type": "websocket", "path": "/", "headers": raw})

    own = socket(host="balie.example", origin=BASE_URL, cookie=cookie)
    found = await find_agent_of_socket(own, desk)
    assert found is not None
    assert found.id == sanne.id
    for other in (
        socket(host="balie.example", cookie=cookie),
        socket(host="balie.example", origin="https://shop.example", cookie=cookie),
        socket(host="balie.example", origin="http://[", cookie=cookie),
        socket(host="balie.example", origin=BASE_URL),
        socket(host="balie.example", origin=BASE_URL, cookie=f"{COOKIE}=forged"),
    ):
        assert await find_agent_of_socket(other, desk) is None


async def test_the_log_names_nobody(
    balie: Balie, browser: httpx.AsyncClient, sanne: AgentView, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="balie")
    await sign_in(browser, password="something else")
    await sign_in(browser)
    await browser.put("/session/password", json={"old": PASSWORD, "new": BETTER})

    said = caplog.text.lower()
    assert "signed in" in said
    for private in (
        "sanne",
        "voorbeeld",
        "regenjas",
        "laarzen",
        "127.0.0.1",
        browser.cookies[COOKIE].lower(),
    ):
        assert private not in said


async def test_the_demos_password_is_shown_with_the_demo_only(database_url: str, static_dir: Path) -> None:
    for demo in (True, False):
        async with balie_with(database_url, static_dir=static_dir, demo=demo) as balie:
            answer = await balie.http.get("/demo/agents")
        if demo:
            assert [agent["email"] for agent in answer.json()["agents"]] == [one.email for one in DEMO_AGENTS]
            assert len(answer.json()["password"]) >= 12
        else:
            assert answer.status_code == 404
