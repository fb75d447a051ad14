"""The wiring itself: both real apps on real ports, with the real content and a fake assistant."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from websockets.asyncio.client import connect

from balie.bootstrap import with_secrets
from balie.cli.running_rasa import free_port
from balie.gateway.errors import PortTakenError
from balie.kernel.clock import utc_now
from balie.outbox.repository import OutboxRepository
from balie.server import Server
from balie.settings import Settings
from tests.support.assistants import FakeAssistant
from tests.support.letters import RECIPIENT, code_letter
from tests.support.moods import emotion
from tests.support.store import copy_database, opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return with_secrets(
        Settings(
            var_dir=tmp_path,
            database_url=copy_database(tmp_path),
            public_port=free_port(),
            internal_port=free_port(),
            shutdown_grace="1",  # type: ignore[arg-type]
        )
    )


@asynccontextmanager
async def running(settings: Settings, assistant: FakeAssistant) -> AsyncIterator[httpx.AsyncClient]:
    server = Server(settings, assistant=assistant)
    task = asyncio.create_task(server.run())
    await server.wait_until_started()
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{settings.public_port}", trust_env=False
    ) as http:
        yield http
    server.stop()
    await task


async def open_and_say(http: httpx.AsyncClient, text: str) -> tuple[str, dict[str, str]]:
    opened = (await http.post("/api/v1/conversations", json={"language": "nl"})).json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    path = f"/api/v1/conversations/{opened['id']}/messages"
    body = {"client_message_id": str(uuid4()), "text": text}
    assert (await http.post(path, json=body, headers=headers)).status_code == 202
    return path, headers


async def texts(http: httpx.AsyncClient, path: str, headers: dict[str, str], count: int) -> list[str]:
    async with asyncio.timeout(10):
        while True:
            page = (await http.get(path, headers=headers)).json()
            if len(page["messages"]) >= count:
                return [message["text"] for message in page["messages"]]


async def test_a_message_travels_through_both_ports(settings: Settings) -> None:
    async with running(settings, FakeAssistant()) as http:
        path, headers = await open_and_say(http, "hoi")

        assert await texts(http, path, headers, 2) == ["hoi", "U zei: hoi"]
        assert (await http.get("/ready")).json()["ready"] is True
        internal = f"http://127.0.0.1:{settings.internal_port}"
        assert (await http.post(f"{internal}/nlg")).status_code == 401


async def test_rasa_is_told_the_words_of_the_content(settings: Settings) -> None:
    async with running(settings, FakeAssistant()) as http:
        internal = f"http://127.0.0.1:{settings.internal_port}"
        call = {
            "response": "utter_assistant_unavailable",
            "tracker": {"sender_id": str(uuid4()), "latest_message": {"metadata": {"language": "en"}}},
        }
        token = settings.internal_token.get_secret_value()
        said = (await http.post(f"{internal}/nlg", params={"token": token}, json=call)).json()

        assert said["text"]
        assert said["custom"]["balie"] == {
            "response": "utter_assistant_unavailable",
            "language": "en",
            "slots": {},
        }


@pytest.mark.parametrize("on", [True, False])
async def test_messages_are_answered_by_their_mood_unless_that_is_switched_off(
    settings: Settings, *, on: bool
) -> None:
    chosen = settings.model_copy(update={"emotion": on})
    async with running(chosen, FakeAssistant()) as http:
        message = {"message_id": "m", "emotion": emotion(anger=0.95).as_document()}
        call = {
            "response": "utter_warranty",
            "tracker": {"sender_id": str(uuid4()), "latest_message": message},
        }
        said = await say(http, chosen, call)
        privacy = await say(http, chosen, {**call, "response": "utter_data_privacy"})

        assert ("opening" in said["custom"]["balie"]) == on
        assert ("emotion" in said["custom"]["balie"]) == on
        assert ("Alleen klanten worden gelezen" in privacy["text"]) == on


async def say(http: httpx.AsyncClient, settings: Settings, call: dict[str, Any]) -> dict[str, Any]:
    internal = f"http://127.0.0.1:{settings.internal_port}"
    token = settings.internal_token.get_secret_value()
    said: dict[str, Any] = (await http.post(f"{internal}/nlg", params={"token": token}, json=call)).json()
    return said


async def test_what_was_acknowledged_is_answered_after_a_restart(settings: Settings) -> None:
    assistant = FakeAssistant()
    assistant.gate.clear()
    async with running(settings, assistant) as http:
        path, headers = await open_and_say(http, "hoi")
        await assistant.wait_until_running(1)

    assistant.gate.set()
    async with running(settings, assistant) as http:
        assert await texts(http, path, headers, 2) == ["hoi", "U zei: hoi"]


async def test_what_was_promised_by_mail_is_sent_while_the_service_runs(settings: Settings) -> None:
    async with opened(settings.database_url) as unit_of_work, unit_of_work.write() as session:
        await OutboxRepository(session).put(code_letter(), key="code:1", at=utc_now())

    async with running(settings.model_copy(update={"demo": True}), FakeAssistant()) as http:
        async with asyncio.timeout(10):
            while not (mails := (await http.get("/demo/mail")).json()):
                pass

    assert [(mail["to"], mail["subject"]) for mail in mails] == [
        (RECIPIENT, "Je code voor de chat van Duin & Dal")
    ]


async def test_unanswered_messages_wait_until_the_assistant_is_up(settings: Settings) -> None:
    assistant = FakeAssistant()
    assistant.gate.clear()
    async with running(settings, assistant) as http:
        path, headers = await open_and_say(http, "hoi")
        await assistant.wait_until_running(1)

    assistant.gate.set()
    assistant.is_up = False
    async with running(settings, assistant) as http:
        assert (await http.get("/ready")).status_code == 503
        assert await texts(http, path, headers, 1) == ["hoi"]
        assistant.is_up = True
        assert await texts(http, path, headers, 2) == ["hoi", "U zei: hoi"]


async def test_open_sockets_are_told_to_come_back_when_the_service_stops(settings: Settings) -> None:
    async with running(settings, FakeAssistant()) as http:
        path, headers = await open_and_say(http, "hoi")
        address = f"ws://127.0.0.1:{settings.public_port}{path.removesuffix('messages')}live?after=0"
        live = await connect(address, additional_headers=headers, proxy=None)
        await live.recv()

    async with asyncio.timeout(5):
        await live.wait_closed()
    assert live.close_code == 1012


async def test_a_port_that_is_taken_is_said_in_one_sentence(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.public_port))
        other.listen()
        server = Server(settings, assistant=FakeAssistant())

        with pytest.raises(PortTakenError, match="BALIE_PUBLIC_PORT") as refused:
            await server.run()
        assert refused.value.port == settings.public_port
        with pytest.raises(PortTakenError):
            await server.wait_until_started()


async def test_ports_are_free_again_after_a_failed_start(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.internal_port))
        other.listen()
        with pytest.raises(PortTakenError):
            await Server(settings, assistant=FakeAssistant()).run()

    async with running(settings, FakeAssistant()) as http:
        assert (await http.get("/health")).status_code == 200
