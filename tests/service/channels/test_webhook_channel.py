"""A provider of messages by signed webhooks: what only this channel has. The rest is the contract of all."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from balie.channels.signed_webhooks.client import WebhookAccess
from balie.channels.signed_webhooks.signing import HEADER, sign
from balie.channels.webhook_channel.checking import find_trouble
from balie.settings import PROJECT_ROOT, Settings
from tests.contract.channels.house import House, Known, house_with
from tests.contract.channels.provider import EVENTS, SECRET, Phone, ProviderRig, provider
from tests.support.assistants import MENU, saying
from tests.support.handoff_desk import ASKS
from tests.support.photos import phone_photo
from tests.support.store import copy_database

RECEIVER = PROJECT_ROOT / "examples" / "webhook_channel" / "receiver.py"


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[ProviderRig]:
    async with provider() as rig:
        settings = Settings(
            var_dir=tmp_path,
            database_url=copy_database(tmp_path),
            desk_always_open=True,
            **rig.settings,
        )
        async with house_with(settings) as house:
            rig.move_in(house)
            house.rigs.append(rig)
            yield rig
            await rig.aclose()


@pytest.fixture
def house(rig: ProviderRig) -> House:
    return rig.house


@pytest.fixture
async def phone(rig: ProviderRig, house: House) -> Phone:
    """Somebody who has said something and got an answer."""
    phone = await rig.person()
    await phone.says("Hoi")
    await house.settle()
    return phone


def event(**more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "chat": "+31600000000", "type": "message", "text": "Geheim", **more}


async def post(rig: ProviderRig, body: bytes, *, at: datetime | None = None) -> httpx.Response:
    headers = {HEADER: sign(SECRET, body, at or rig.house.clock())}
    return await rig.http.post(EVENTS, content=body, headers=headers)


@pytest.mark.parametrize(
    "broken",
    [
        {"type": "shout"},
        {"id": ""},
        {"id": "x" * 101},
        {"chat": 5},
        {"text": ""},
        {"text": "x" * 10_001},
        {"type": "press"},
        {"type": "edit"},
        {"type": "photo"},
        {"language": "x" * 36},
    ],
    ids=lambda broken: str(broken)[:24],
)
async def test_what_is_no_event_is_refused_without_quoting_it(
    rig: ProviderRig, house: House, broken: dict[str, Any]
) -> None:
    answer = await post(rig, json.dumps(event(**broken)).encode())

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "channel_event_invalid")
    assert "Geheim" not in answer.text
    assert await house.count_stored() == (0, 0, 0)


async def test_an_event_is_stored_and_then_a_duplicate(rig: ProviderRig) -> None:
    body = json.dumps(event()).encode()
    answers = [await post(rig, body), await post(rig, body)]

    assert [(one.status_code, one.json()) for one in answers] == [
        (202, {"duplicate": False}),
        (200, {"duplicate": True}),
    ]


async def test_the_same_event_at_the_same_moment_is_taken_once(rig: ProviderRig, house: House) -> None:
    phone = await rig.person()
    body = json.dumps(event(chat=phone.chat, text="Hoi")).encode()
    answers = await asyncio.gather(*(post(rig, body) for _ in range(5)))
    await house.settle()

    assert sorted(one.status_code for one in answers) == [200, 200, 200, 200, 202]
    assert [seen.text for seen in await phone.sees()] == ["U zei: Hoi"]


@pytest.mark.parametrize("late_by", [timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)])
async def test_an_old_signature_is_refused(rig: ProviderRig, house: House, late_by: timedelta) -> None:
    answer = await post(rig, json.dumps(event()).encode(), at=house.clock() - late_by)

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "signature_invalid")
    assert await house.count_stored() == (0, 0, 0)


async def test_twenty_megabytes_are_not_read(rig: ProviderRig) -> None:
    answer = await post(rig, b"x" * 20_000_000)

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "body_too_large")


async def test_a_photo_of_more_than_five_megabytes_gets_a_sentence(phone: Phone, house: House) -> None:
    await phone.sends_photo(phone_photo() + b"x" * 5_000_000)
    await house.settle()

    assert "te groot" in (await phone.sees())[-1].text


async def test_words_under_a_photo_are_a_message_of_their_own(phone: Phone, house: House) -> None:
    photo = b64encode(phone_photo()).decode()
    await phone._bring({"type": "photo", "photo_base64": photo, "text": "Zo kwam hij aan"})
    await house.settle()

    stored = await house.list_messages(await phone.conversation_id())
    said = [(one.text, len(one.photos)) for one in stored if one.author.value == "customer"]
    assert said == [("Hoi", 0), ("", 1), ("Zo kwam hij aan", 0)]


async def test_a_voice_message_gets_a_sentence_and_an_agent_is_told_of_it(phone: Phone, house: House) -> None:
    await phone._bring({"type": "other", "what": "voice"})
    await house.settle()
    assert "Luisteren" in (await phone.sees())[-1].text
    async with house.agent() as agent:
        await phone.says(ASKS)
        await house.settle()
        customer = Known(await phone.conversation_id())
        await agent.accept(customer)  # type: ignore[arg-type]
        await phone._bring({"type": "other", "what": "voice"})
        await house.settle()

        assert (await agent.page(customer))["messages"][-1]["text"] == "[spraakbericht]"  # type: ignore[arg-type]


async def test_a_button_that_is_long_gone_gets_a_sentence(phone: Phone, house: House) -> None:
    await phone._bring({"type": "press", "button_id": "b-of-long-ago"})
    await house.settle()

    assert "knop" in (await phone.sees())[-1].text
    assert await house.texts(await phone.conversation_id(), "customer") == ["Hoi"]


async def test_an_edit_of_what_was_never_stored_is_taken_as_words(phone: Phone, house: House) -> None:
    long = await phone.says("a" * 3000)
    await house.settle()
    await phone.edits(long, "Korter dan")
    await house.settle()

    assert (await phone.sees())[-1].text == "U zei: Korter dan"


async def test_a_message_is_sent_with_its_rich_form_and_whole_addresses(phone: Phone, house: House) -> None:
    house.answers("menu", MENU)
    await phone.says("menu")
    await house.settle()
    sent = list(phone.got.values())[-1]

    assert sent["rich"] == [{"kind": "paragraph", "children": [{"kind": "text", "text": "Wat wil je doen?"}]}]
    assert (sent["author"], sent["part"], sent["parts"]) == ("assistant", 1, 1)
    assert [sorted(button) for button in sent["buttons"]] == [["id", "title"], ["title", "url"]]


async def test_what_the_provider_will_never_take_holds_up_nothing(
    rig: ProviderRig, phone: Phone, house: House
) -> None:
    rig.refusals.append(422)
    house.answers("twee", saying("Het eerste.", "Het tweede."))
    await phone.says("twee")
    await house.settle()

    assert [seen.text for seen in await phone.sees()][1:] == ["Het tweede."]


async def test_the_doctor_says_whether_what_we_post_is_taken(rig: ProviderRig, house: House) -> None:
    address = f"http://127.0.0.1:{rig.port}/balie"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        nobody = f"http://127.0.0.1:{probe.getsockname()[1]}/"

    assert await find_trouble(WebhookAccess(address, SECRET), clock=house.clock) is None
    assert await find_trouble(WebhookAccess(address, "x" * 40), clock=house.clock) == "answered_401"
    assert await find_trouble(WebhookAccess(nobody, SECRET), clock=house.clock) == "unreachable"


# The example of the documentation.


def test_the_example_has_forty_lines_at_most() -> None:
    assert len(RECEIVER.read_text("utf-8").splitlines()) <= 40


@asynccontextmanager
async def terminal(port: int, balie: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The example as a process."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(RECEIVER),
        str(port),
        balie,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, "BALIE_WEBHOOK_CHANNEL_SECRET": SECRET},
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def test_the_example_works(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = Settings(
        var_dir=tmp_path,
        database_url=copy_database(tmp_path),
        webhook_channel_url=f"http://127.0.0.1:{port}/",
        webhook_channel_secret=SECRET,  # type: ignore[arg-type]
    )
    async with house_with(settings) as house, terminal(port, house.base_url) as process:
        house.clock.now = datetime.now(UTC)
        house.answers("menu", MENU)
        assert process.stdin is not None
        assert process.stdout is not None

        async def answer_to(line: str) -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{line}\n".encode())
            async with asyncio.timeout(30):
                heard = asyncio.create_task(process.stdout.readline())
                while not heard.done():
                    await house.settle()
                    house.clock.now = datetime.now(UTC) + timedelta(seconds=2)
                    await asyncio.wait([heard], timeout=0.1)
            return heard.result().decode().strip()

        assert await answer_to("menu") == "Wat wil je doen? [Volg mijn pakket] [Winkels]"
        assert await answer_to("Volg mijn pakket") == "U zei: Volg mijn pakket"
