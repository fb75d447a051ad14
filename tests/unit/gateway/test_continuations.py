"""Going on in a messenger by a link or a QR code, and coming back to the website by a code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
from httpx import Response

from balie.channels.opening import Channels
from balie.conversations.continuing import LASTS, ContinuationService
from balie.gateway.schemas import ContinuationMade, ConversationCreated, MessageList
from balie.kernel.ids import ConversationId
from tests.support.gateway import Balie, Customer, balie_with


@dataclass
class Door:
    """As much of Telegram as the gateway asks for."""

    bot_name: str | None


@dataclass
class OnlyTelegram:
    telegram: Door | None


def with_telegram(balie: Balie, name: str | None = "duinendal_bot") -> Balie:
    channels = cast("Channels", OnlyTelegram(Door(name)))
    balie.app.state.services = replace(balie.app.state.services, channels=channels)
    return balie


def continuations(balie: Balie) -> ContinuationService:
    service: ContinuationService = balie.app.state.services.continuations
    return service


async def go_on(customer: Customer, towards: str = "telegram") -> Response:
    path = f"{customer.path}/continuations"
    return await customer.balie.http.post(path, json={"towards": towards}, headers=customer.headers)


async def claim(balie: Balie, code: str) -> Response:
    return await balie.http.post("/api/v1/conversations/claims", json={"code": code})


async def test_a_conversation_goes_on_in_telegram_by_a_link_and_the_same_link_as_a_qr_code(
    balie: Balie,
) -> None:
    customer = await with_telegram(balie).open(language="nl")

    answer = await go_on(customer)

    assert answer.status_code == 201
    made = ContinuationMade.model_validate_json(answer.content)
    found = re.fullmatch(r"https://t\.me/duinendal_bot\?start=([A-Za-z0-9_-]{22})", made.url)
    assert found is not None
    assert (made.expires_at, made.lasts_s) == (balie.clock() + LASTS, 600)
    assert re.fullmatch(r'<svg viewBox="0 0 \d+ \d+"[^<>]*><path [^<>]*/></svg>', made.qr_svg)
    assert str(await continuations(balie).look(found[1], "telegram")) == customer.id


@pytest.mark.parametrize("name", [None, ""])
async def test_without_a_bot_nobody_goes_on_anywhere(balie: Balie, name: str | None) -> None:
    customer = await balie.open()
    before = await go_on(customer)
    after = await go_on(await with_telegram(balie, name or None).open())

    for answer in (before, after):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "channel_not_available")


async def test_a_page_is_told_where_its_conversation_can_go_on(balie: Balie) -> None:
    customer = await balie.open()
    alone = MessageList.model_validate(await customer.read())

    with_telegram(balie)

    assert alone.continues_in == []
    assert MessageList.model_validate(await customer.read()).continues_in == ["telegram"]


async def test_only_who_has_a_conversation_takes_it_elsewhere(balie: Balie) -> None:
    customer, other = await with_telegram(balie).open(), await balie.open()
    path = f"{customer.path}/continuations"

    strange = await balie.http.post(path, json={"towards": "telegram"})
    others = await balie.http.post(path, json={"towards": "telegram"}, headers=other.headers)

    assert (strange.status_code, others.status_code) == (401, 404)


async def test_nobody_goes_on_where_there_is_nothing(balie: Balie) -> None:
    customer = await with_telegram(balie).open()

    assert (await go_on(customer, "carrier_pigeon")).status_code == 422


async def test_links_are_made_as_often_as_messages_are_sent_and_no_more(
    database_url: str, static_dir: Path
) -> None:
    async with balie_with(database_url, static_dir=static_dir, messages_per_minute=2) as balie:
        customer = await with_telegram(balie).open()

        answers = [(await go_on(customer)).status_code for _ in range(3)]

        assert answers == [201, 201, 429]


async def test_a_code_from_a_messenger_opens_its_conversation_on_the_website_once(balie: Balie) -> None:
    opened = await balie.conversations.open_conversation(page_language="nl", channel="telegram")
    await balie.conversations.record_customer_message(
        opened.id, "hoi uit Telegram", client_message_id=uuid4(), via="telegram"
    )
    made = await continuations(balie).create(opened.id, "web_widget")

    first, second = await claim(balie, made.code), await claim(balie, made.code)

    assert first.status_code == 200
    created = ConversationCreated.model_validate_json(first.content)
    assert (created.id, created.language, created.status) == (opened.id, "nl", "with_assistant")
    assert await Customer(balie, str(created.id), created.token).texts() == ["hoi uit Telegram"]
    assert (await balie.conversations.get_conversation(opened.id)).heard_via == "web_widget"
    assert (second.status_code, second.json()["error"]["code"]) == (404, "continuation_invalid")


async def test_codes_that_do_not_work_here_are_refused_alike(balie: Balie) -> None:
    customer = await balie.open()
    made = await continuations(balie).create(id_of(customer), "web_widget")
    there = await continuations(balie).create(id_of(customer), "telegram")
    balie.clock.advance(LASTS - timedelta(seconds=1))
    elsewhere = await claim(balie, there.code)
    balie.clock.advance(timedelta(seconds=1))

    late, guessed = await claim(balie, made.code), await claim(balie, "A" * 22)

    assert late.content == guessed.content == elsewhere.content
    assert late.status_code == 404


@pytest.mark.parametrize("code", ["", "A" * 65, None, 7])
async def test_what_is_no_code_is_not_looked_at(balie: Balie, code: object) -> None:
    answer = await balie.http.post("/api/v1/conversations/claims", json={"code": code})

    assert answer.status_code == 422


async def test_guessing_is_slow(database_url: str, static_dir: Path) -> None:
    async with balie_with(database_url, static_dir=static_dir, conversations_per_minute=3) as balie:
        answers = [(await claim(balie, "A" * 22)).status_code for _ in range(4)]

        assert answers == [404, 404, 404, 429]


def id_of(customer: Customer) -> ConversationId:
    return ConversationId(UUID(customer.id))
