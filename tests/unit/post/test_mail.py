"""Whatever is put into a mail stays where it was put."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from balie.kernel.mail_address import Mailbox, is_plain_address, read_mailbox
from balie.post.carriers import mail_server, open_carrier, sender_of
from balie.post.eml_folder import EmlFolder
from balie.post.port import Attachment
from balie.post.smtp import SmtpCarrier
from balie.settings import Settings
from tests.unit.post.support import mail

HEADERS = {
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "auto-submitted",
    "content-language",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
}


@given(subject=st.text(max_size=200), text=st.text(max_size=500), name=st.text(max_size=30))
def test_nothing_in_a_mail_becomes_a_header(subject: str, text: str, name: str) -> None:
    letter = mail(subject=subject, text=text, sender=Mailbox(name, "service@duinendal.example"))

    read = message_from_bytes(letter.as_message().as_bytes(), policy=default)

    assert {header.lower() for header in read} <= HEADERS
    assert read.get_all("To") == ["sanne@voorbeeld.example"]


@pytest.mark.parametrize("evil", ["Hoi\r\nBcc: all@a.example", "Hoi\nBcc: all@a.example", "Hoi\r\n\r\nBoo"])
def test_a_subject_is_one_line(evil: str) -> None:
    read = message_from_bytes(mail(subject=evil).as_message().as_bytes(), policy=default)

    assert read["Bcc"] is None
    assert read["Subject"] == " ".join(evil.split())


@pytest.mark.parametrize("evil", ["a@a.example\r\nBcc: b@b.example", "a@a.example\nX: y"])
def test_a_recipient_with_a_line_break_is_refused(evil: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the library's own words)
        mail(recipient=evil).as_message()


def test_an_attachment_has_a_plain_name() -> None:
    letter = mail(attachments=(Attachment('../é"\r\nX: y.pdf', b"%PDF-"),))

    [attached] = message_from_bytes(letter.as_message().as_bytes(), policy=default).iter_attachments()

    assert attached.get_filename() == "..-X-y.pdf"


@pytest.mark.parametrize(
    "address",
    ["s@a.example", "sanne.de-vries+shop@mail.voorbeeld.example", "x_1@1.example", "o'neill@a.example"],
)
def test_a_plain_address_is_known_as_one(address: str) -> None:
    assert is_plain_address(address)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sanne",
        "@a.example",
        "sanne@",
        "sanne@a",
        "sanne@a..example",
        ".sanne@a.example",
        "sa nne@a.example",
        "sanne@a.example ",
        "sanne@a.example\n",
        "a@a.example,b@b.example",
        "a@a.example;b@b.example",
        "<a@a.example>",
        '"a b"@a.example',
        "a@b@a.example",
        "a@[127.0.0.1]",
        "a@-a.example",
        "é@a.example",
        "a" * 65 + "@a.example",
        "a@" + "a." * 130 + "example",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_plain_address(text)


def test_a_mailbox_is_read_with_and_without_a_name() -> None:
    assert read_mailbox("Duin & Dal <service@duinendal.example>") == Mailbox(
        "Duin & Dal", "service@duinendal.example"
    )
    assert read_mailbox("service@duinendal.example") == Mailbox("", "service@duinendal.example")


@pytest.mark.parametrize(
    "text", ["Duin & Dal", "a@a.example, b@b.example", "A <a@a.example>\nBcc: b@b.example"]
)
def test_what_is_no_mailbox_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="one address"):
        read_mailbox(text)


def test_mail_comes_from_the_shop_unless_the_settings_say_otherwise() -> None:
    shop = {"name": "Duin, Dal & <Zn>", "contact": {"email": "service@duinendal.example"}}

    assert sender_of(Settings(), shop) == Mailbox("Duin, Dal & <Zn>", "service@duinendal.example")
    chosen = Settings(mail_from="Winkel <mail@winkel.example>")
    assert sender_of(chosen, shop) == Mailbox("Winkel", "mail@winkel.example")


def test_mail_goes_to_the_mail_server_of_the_settings_or_into_the_folder(tmp_path: Path) -> None:
    assert isinstance(open_carrier(Settings(var_dir=tmp_path)), EmlFolder)
    chosen = Settings(
        smtp_host="mail.example", smtp_user="balie", smtp_password=SecretStr("hush-hush"), smtp_security="tls"
    )
    assert isinstance(open_carrier(chosen), SmtpCarrier)
    server = mail_server(chosen)
    assert server is not None
    assert (server.login, server.port, server.security) == (("balie", "hush-hush"), 587, "tls")
    assert "hush-hush" not in f"{server!r} {chosen!r}"
