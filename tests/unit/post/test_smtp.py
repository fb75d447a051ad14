"""The mail server takes a mail, refuses it for now or for good, is not there, or says nothing."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from balie.cli.running_rasa import free_port
from balie.post.errors import MailNotSentError
from balie.post.port import Attachment
from balie.post.smtp import MailServer, SmtpCarrier
from tests.support.mail_server import LOGIN, FakePost, mail_server
from tests.unit.post.support import mail


async def refusal(carrier: SmtpCarrier) -> MailNotSentError:
    with pytest.raises(MailNotSentError) as caught:
        await carrier.send(mail())
    return caught.value


async def test_a_mail_arrives_as_it_was_written() -> None:
    letter = mail(
        subject="Café – één factuur",
        text="Hoi,\n\n.\nTot één …\n",
        attachments=(Attachment("F1.pdf", b"%PDF-1\r\n"),),
    )
    async with mail_server() as post:
        await SmtpCarrier(post.server()).send(letter)

    [received] = post.received
    message = received.message
    assert (received.sender, received.recipients) == ("service@duinendal.example", [letter.recipient])
    assert (message["From"], message["To"]) == ("Duin & Dal <service@duinendal.example>", letter.recipient)
    assert message["Subject"] == letter.subject
    assert message["Message-ID"] == letter.message_id
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == letter.text
    [attached] = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("F1.pdf", "application/pdf")
    assert attached.get_payload(decode=True) == b"%PDF-1\r\n"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_the_connection_is_made_safe_before_anything_is_said(security: str) -> None:
    async with mail_server(security, with_login=security == "starttls") as post:  # type: ignore[arg-type]
        login = LOGIN if security == "starttls" else None
        await SmtpCarrier(post.server(security, login=login)).send(mail())  # type: ignore[arg-type]

    assert [received.was_safe for received in post.received] == [True]


@pytest.mark.parametrize(
    ("step", "answer", "permanent", "reason"),
    [
        ("rcpt", "550 No such mailbox", True, "recipient_refused"),
        ("rcpt", "450 Greylisted", False, "recipient_refused"),
        ("rcpt", "421 Closing", False, "recipient_refused"),
        ("data", "554 Spam", True, "content_refused"),
        ("data", "451 Later", False, "content_refused"),
        ("mail", "550 Not your address", False, "sender_refused"),
        ("mail", "451 Later", False, "sender_refused"),
    ],
)
async def test_only_a_last_word_about_this_mail_is_final(
    step: str, answer: str, permanent: bool, reason: str
) -> None:
    async with mail_server() as post:
        setattr(post, step, answer)
        error = await refusal(SmtpCarrier(post.server()))

    assert (error.permanent, error.reason) == (permanent, reason)
    assert error.stops_all == (step == "mail")
    assert answer not in str(error)


async def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    error = await refusal(SmtpCarrier(MailServer("127.0.0.1", free_port(), "none")))

    assert (error.permanent, error.reason, error.stops_all) == (False, "server_unusable", True)


async def test_a_server_that_says_nothing_is_left_in_time() -> None:
    async with mail_server() as post:
        post.hangs = True
        error = await refusal(SmtpCarrier(post.server(timeout=timedelta(milliseconds=200))))

    assert (error.permanent, error.reason, error.stops_all) == (False, "timed_out", True)


async def test_a_server_that_drips_its_answers_is_left_in_time_too() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        # Each line would be in time by itself; the greeting never ends.
        while not writer.is_closing():
            writer.write(b"220-still here\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with talking(drip) as port:
        short = timedelta(milliseconds=200)
        error = await refusal(SmtpCarrier(MailServer("127.0.0.1", port, "none", timeout=short)))

    assert error.reason == "timed_out"


async def test_what_is_no_mail_server_is_said_to_be_unusable() -> None:
    async def shout(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with talking(shout) as port:
        error = await refusal(SmtpCarrier(MailServer("127.0.0.1", port, "none")))

    assert (error.permanent, error.reason) == (False, "server_unusable")


@asynccontextmanager
async def talking(talk: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> AsyncIterator[int]:
    """Something that listens and is no mail server; yields its port."""
    ended = asyncio.Event()

    async def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await talk(writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    await ended.wait()
    server.close()


async def test_a_wrong_login_is_ours_to_mend_and_no_letter_is_given_up_for_it() -> None:
    async with mail_server("starttls", with_login=True) as post:
        error = await refusal(SmtpCarrier(post.server("starttls", login=("balie", "wrong"))))

    assert (error.permanent, error.reason, error.stops_all) == (False, "login_refused", True)
    assert "wrong" not in repr(post.server(login=("balie", "wrong")))


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_a_certificate_that_nobody_vouches_for_is_not_trusted(security: str) -> None:
    async with mail_server(security) as post:  # type: ignore[arg-type]
        strict = post.server(security, tls=ssl.create_default_context())  # type: ignore[arg-type]
        error = await refusal(SmtpCarrier(strict))

    assert (error.permanent, error.reason, error.stops_all) == (False, "not_secure", True)
    assert post.received == []


async def test_no_mail_goes_in_the_open_when_the_server_offers_no_tls() -> None:
    async with mail_server("none") as post:
        error = await refusal(SmtpCarrier(post.server("starttls")))

    assert (error.permanent, error.stops_all) == (False, True)
    assert post.received == []


async def test_the_server_is_asked_whether_it_lets_us_in_without_a_mail() -> None:
    async with mail_server("starttls", with_login=True) as post:
        await SmtpCarrier(post.server("starttls", login=LOGIN)).check()
        with pytest.raises(MailNotSentError, match="login_refused"):
            await SmtpCarrier(post.server("starttls", login=("balie", "wrong"))).check()

    assert post.received == []


async def test_a_server_that_hangs_up_after_its_yes_has_taken_the_mail() -> None:
    async with mail_server() as post:
        rude = _hangs_up_on_quit(post)
        await SmtpCarrier(rude.server()).send(mail())

    assert len(post.received) == 1


def _hangs_up_on_quit(post: FakePost) -> FakePost:
    async def handle_quit(server: object, *_rest: object) -> str:
        server.transport.abort()  # type: ignore[attr-defined]
        return "221 Bye"

    post.handle_QUIT = handle_quit  # type: ignore[attr-defined]
    return post
