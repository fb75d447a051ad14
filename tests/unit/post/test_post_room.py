"""The post room: what was promised is sent, whatever breaks on the way, and hardly ever twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from balie.documents.printer import Printer
from balie.orders.demo.personas import PIETER
from balie.orders.invoice_papers import InvoicePapers
from balie.orders.models import InvoiceRow, OrderRow, ReturnRow
from balie.orders.return_labels import ReturnLabels
from balie.orders.terms import Terms
from balie.outbox.letters import Paper
from balie.outbox.models import OutboxLetterRow
from balie.outbox.repository import OutboxRepository
from balie.post.errors import MailNotSentError
from balie.post.letter_writer import LetterWriter
from balie.post.port import Mail, MailCarrier
from balie.post.post_room import KEPT, PostRoom, Rhythm
from balie.post.smtp import SmtpCarrier
from tests.support.clock import StillClock
from tests.support.content import real_renderer
from tests.support.demo_shop import copy_demo_shop
from tests.support.letters import CODE_LETTER, RECIPIENT, code_letter, stored_letters
from tests.support.mail_server import mail_server
from tests.support.store import BreakableUnitOfWork, copy_database, opened
from tests.unit.post.support import SENDER

QUICK = Rhythm(wake_every=timedelta(milliseconds=5), store_delays=(0.0, 0.0))
PATIENT = Rhythm(wake_every=timedelta(minutes=10), store_delays=(0.0, 0.0))


@dataclass
class FakeCarrier:
    """Takes everything, until a test says otherwise."""

    taken: list[Mail] = field(default_factory=list)
    before: Callable[[Mail], None] = lambda _mail: None
    after: Callable[[Mail], None] = lambda _mail: None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, mail: Mail) -> None:
        self.before(mail)
        self.taken.append(mail)
        self.came.set()
        self.after(mail)


@dataclass
class World:
    """A post room and everything around it."""

    unit_of_work: BreakableUnitOfWork
    carrier: FakeCarrier
    clock: StillClock

    def room(
        self,
        carrier: MailCarrier | None = None,
        rhythm: Rhythm = PATIENT,
        kind: type[PostRoom] = PostRoom,
    ) -> PostRoom:
        renderer = real_renderer()
        labels = ReturnLabels(self.unit_of_work, Terms.from_shop(renderer.library.shop))
        printer = Printer(labels, InvoicePapers(self.unit_of_work), renderer)
        writer = LetterWriter(renderer, printer, SENDER)
        return kind(self.unit_of_work, writer, carrier or self.carrier, clock=self.clock, rhythm=rhythm)

    async def put(self, key: str = "code:1", **changes: Any) -> None:
        async with self.unit_of_work.write() as session:
            await OutboxRepository(session).put(code_letter(**changes), key=key, at=self.clock())

    async def letter(self) -> OutboxLetterRow:
        [stored] = await stored_letters(self.unit_of_work)
        return stored


@asynccontextmanager
async def world_at(database_url: str) -> AsyncIterator[World]:
    async with opened(database_url, lock_wait=timedelta(milliseconds=10)) as unit_of_work:
        yield World(unit_of_work, FakeCarrier(), StillClock())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with world_at(copy_database(tmp_path)) as world:
        yield world


def refuse(*, permanent: bool = False, stops_all: bool = False) -> Callable[[Mail], None]:
    def raise_it(_mail: Mail) -> None:
        raise MailNotSentError(permanent=permanent, reason="server_unusable", stops_all=stops_all)

    return raise_it


async def test_a_letter_is_written_in_its_language_and_sent_once(world: World) -> None:
    await world.put(language="en")
    room = world.room()

    assert (await room.deliver_due(), await room.deliver_due()) == (1, 0)

    [mail] = world.carrier.taken
    assert (mail.recipient, mail.sender, mail.language) == (RECIPIENT, SENDER, "en")
    assert mail.subject == "Your code for the Duin & Dal chat"
    assert "048213" in mail.text
    assert (mail.written_at, (await world.letter()).state) == (world.clock(), "sent")


async def test_an_unknown_language_gets_the_shops_own(world: World) -> None:
    await world.put(language="de")

    await world.room().deliver_due()

    assert world.carrier.taken[0].language == "nl"


async def test_papers_go_with_their_letter(tmp_path: Path) -> None:
    async with world_at(copy_demo_shop(tmp_path)) as world:
        async with world.unit_of_work.read() as session:
            query = select(ReturnRow.number).join(OrderRow, OrderRow.id == ReturnRow.order_id)
            returned = await session.scalar(query.where(OrderRow.number == PIETER.order_number))
            invoice = await session.scalar(select(InvoiceRow.number))
        assert returned
        assert invoice
        papers = (Paper("label", returned), Paper("invoice", invoice))
        facts = {"return_number": returned, "send_by": "2026-11-20"}
        await world.put(name="letter_return_label", facts=facts, papers=papers)

        assert await world.room().deliver_due() == 1

        attachments = world.carrier.taken[0].attachments
    assert [attachment.name for attachment in attachments] == [f"{returned}.pdf", f"{invoice}.pdf"]
    assert all(attachment.content.startswith(b"%PDF-") for attachment in attachments)


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"name": "letter_nobody_wrote"}, "response_not_found"),
        ({"facts": {"code": "048213"}}, "response_not_rendered"),
        ({"papers": (Paper("invoice", "F1999-1"),)}, "invoice_not_found"),
        ({"papers": (Paper("label", "R1"),)}, "return_not_found"),
        ({"recipient": "Sanne <sanne@voorbeeld.example>"}, "recipient_unusable"),
        ({"recipient": "a@a.example, b@b.example"}, "recipient_unusable"),
        ({"recipient": "a@a.example\r\nBcc: b@b.example"}, "recipient_unusable"),
    ],
)
async def test_a_letter_that_cannot_be_written_is_given_up_and_holds_up_nobody(
    world: World, changes: dict[str, Any], trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    await world.put("bad", **changes)
    await world.put("good")

    assert await world.room().deliver_due() == 1

    bad, good = await stored_letters(world.unit_of_work)
    assert (bad.state, bad.trouble, good.state) == ("given_up", trouble, "sent")
    assert trouble in caplog.text
    assert "048213" not in caplog.text
    assert "@" not in caplog.text


async def test_a_mail_server_that_is_down_gets_the_letter_when_it_is_up_again(world: World) -> None:
    await world.put()
    async with mail_server() as post:
        server = post.server()
    room = world.room(SmtpCarrier(server))

    assert await room.deliver_due() == 0
    assert ((await world.letter()).state, (await world.letter()).trouble) == ("waiting", "server_unusable")

    async with mail_server(port=server.port) as post:
        assert await room.deliver_due() == 0  # not yet: it waits a while
        world.clock.advance(timedelta(minutes=1))
        assert await room.deliver_due() == 1

        [received] = post.received
    assert received.recipients == [RECIPIENT]


async def test_a_refusal_for_good_is_no_reason_to_try_again(world: World) -> None:
    await world.put()
    async with mail_server() as post:
        post.rcpt = "550 No such mailbox"
        room = world.room(SmtpCarrier(post.server()))
        await room.deliver_due()
        post.rcpt = "250 Taken"
        world.clock.advance(timedelta(days=1))

        assert await room.deliver_due() == 0

    assert ((await world.letter()).state, (await world.letter()).trouble) == ("given_up", "recipient_refused")


async def test_when_the_server_takes_nothing_the_other_letters_lose_no_try(world: World) -> None:
    for number in range(3):
        await world.put(f"code:{number}")
    world.carrier.before = refuse(stops_all=True)

    await world.room().deliver_due()

    assert [letter.attempts for letter in await stored_letters(world.unit_of_work)] == [1, 0, 0]


async def test_a_letter_that_nobody_takes_is_given_up_in_the_end(world: World) -> None:
    await world.put()
    world.carrier.before = refuse()
    room = world.room()

    for _ in range(20):
        await room.deliver_due()
        world.clock.advance(timedelta(hours=6))

    assert ((await world.letter()).state, (await world.letter()).attempts) == ("given_up", 6)


async def test_whoever_dies_between_sending_and_writing_it_down_sends_the_same_mail_again(
    world: World,
) -> None:
    await world.put()

    def die(_mail: Mail) -> None:
        raise KeyboardInterrupt

    world.carrier.after = die
    with pytest.raises(KeyboardInterrupt):
        await world.room().deliver_due()
    world.carrier.after = lambda _mail: None

    assert await world.room().deliver_due() == 0  # it is still claimed
    world.clock.advance(PATIENT.lease)
    assert await world.room().deliver_due() == 1

    first, second = world.carrier.taken
    assert first.message_id == second.message_id
    assert "code:1" not in first.message_id
    assert first.message_id.endswith("@duinendal.example>")


async def test_different_promises_have_different_message_ids(world: World) -> None:
    await world.put("code:1")
    await world.put("code:2")

    await world.room().deliver_due()

    assert len({mail.message_id for mail in world.carrier.taken}) == 2


async def test_a_database_that_is_locked_for_a_moment_does_not_make_a_second_mail(world: World) -> None:
    await world.put()
    outages = iter([True, True, False])

    class Flickering(BreakableUnitOfWork):
        def _check(self) -> None:
            self.is_down = bool(world.carrier.taken) and next(outages, False)
            super()._check()

    world.unit_of_work.__class__ = Flickering

    assert await world.room().deliver_due() == 1
    assert (await world.letter()).state == "sent"


async def test_two_rooms_share_the_work_and_send_nothing_twice(world: World) -> None:
    for number in range(10):
        await world.put(f"code:{number}")

    sent = await asyncio.gather(*(world.room().deliver_due() for _ in range(3)))

    assert sum(sent) == 10
    assert len({mail.message_id for mail in world.carrier.taken}) == len(world.carrier.taken) == 10


@asynccontextmanager
async def started(room: PostRoom) -> AsyncIterator[PostRoom]:
    room.start()
    try:
        yield room
    finally:
        await room.stop(timedelta(seconds=5))


async def until_sent(world: World) -> None:
    async with asyncio.timeout(5):
        await world.carrier.came.wait()


async def test_the_bell_wakes_the_post_room(world: World) -> None:
    async with started(world.room()) as room:
        await world.put()
        room.ring()
        await until_sent(world)

    assert (await world.letter()).state == "sent"


async def test_letters_of_other_processes_are_found_without_a_bell(world: World) -> None:
    async with started(world.room(rhythm=QUICK)):
        await world.put()
        await until_sent(world)


async def test_a_letter_that_breaks_off_holds_up_nobody(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def break_off(mail: Mail) -> None:
        if mail.language == "en":
            raise ZeroDivisionError(mail.text)

    world.carrier.before = break_off
    await world.put("breaks", language="en")
    await world.put("good")
    async with started(world.room()):
        await until_sent(world)

    broken, good = await stored_letters(world.unit_of_work)
    assert (broken.state, broken.trouble, good.state) == ("waiting", "broke_off", "sent")
    assert "ZeroDivisionError in break_off" in caplog.text
    assert "048213" not in caplog.text


async def test_the_loop_outlives_a_database_that_is_down(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await world.put()
    outages = iter([True] * 3)

    class DownAtFirst(BreakableUnitOfWork):
        def _check(self) -> None:
            self.is_down = next(outages, False)
            super()._check()

    world.unit_of_work.__class__ = DownAtFirst
    async with started(world.room(rhythm=QUICK)):
        await until_sent(world)

    assert caplog.text.count("waits for the database") == 3


async def test_a_round_that_breaks_off_is_followed_by_another(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    rounds = [ZeroDivisionError("sanne@voorbeeld.example"), None]

    class Breaking(PostRoom):
        async def deliver_due(self) -> int:
            if rounds and (error := rounds.pop(0)):
                raise error
            return await super().deliver_due()

    await world.put()
    async with started(world.room(rhythm=QUICK, kind=Breaking)):
        await until_sent(world)

    assert "ZeroDivisionError" in caplog.text
    assert "@" not in caplog.text


async def test_a_stop_lets_the_letter_in_hand_go_out_and_takes_up_no_other(world: World) -> None:
    for number in range(3):
        await world.put(f"code:{number}")
    room = world.room()
    stopping: list[asyncio.Task[None]] = []
    world.carrier.before = lambda _mail: stopping.append(
        asyncio.get_running_loop().create_task(room.stop(timedelta(seconds=5)))
    )

    class Slow(FakeCarrier):
        async def send(self, mail: Mail) -> None:
            await super().send(mail)
            await asyncio.sleep(0)  # the stop is heard now

    slow = Slow(before=world.carrier.before)
    room._carrier = slow
    room.start()
    async with asyncio.timeout(5):
        await slow.came.wait()
        await asyncio.gather(*stopping)

    assert [letter.state for letter in await stored_letters(world.unit_of_work)].count("sent") == 1


async def test_a_stop_breaks_off_what_takes_too_long(world: World) -> None:
    class Endless(FakeCarrier):
        async def send(self, mail: Mail) -> None:
            self.came.set()
            await asyncio.Event().wait()

    endless = Endless()
    room = world.room(endless)
    await world.put()
    room.start()
    await endless.came.wait()

    async with asyncio.timeout(5):
        await room.stop(timedelta())

    assert (await world.letter()).state == "waiting"


async def test_a_carrier_that_never_answers_is_left_in_time(world: World) -> None:
    class Endless(FakeCarrier):
        async def send(self, mail: Mail) -> None:
            await asyncio.Event().wait()

    await world.put()

    await world.room(Endless(), Rhythm(longest=timedelta(milliseconds=20))).deliver_due()

    assert ((await world.letter()).state, (await world.letter()).trouble) == ("waiting", "timed_out")


async def test_old_letters_are_forgotten_once_a_day(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    await world.put()
    await world.room().deliver_due()
    world.clock.advance(KEPT + timedelta(seconds=1))

    room = world.room(rhythm=QUICK)
    async with started(room):
        async with asyncio.timeout(5):
            while (await world.letter()).recipient:  # noqa: ASYNC110 (the room tells nobody)
                await asyncio.sleep(0)

    assert caplog.text.count("Forgot what stood in 1 old letters.") == 1


def test_the_time_for_one_letter_fits_into_its_claim() -> None:
    usual = Rhythm()

    assert usual.longest + timedelta(seconds=sum(usual.store_delays)) < usual.lease


async def test_the_name_of_a_letter_may_be_logged_and_nothing_else_of_it(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="balie")
    await world.put()

    await world.room().deliver_due()

    assert CODE_LETTER in caplog.text
    assert RECIPIENT not in caplog.text
    assert "048213" not in caplog.text
