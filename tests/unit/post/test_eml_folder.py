"""Mail as files: whole, once, for its owner's eyes, and readable again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from balie.post import eml_folder
from balie.post.eml_folder import EmlFolder
from balie.post.errors import MailNotSentError
from balie.post.port import Attachment
from tests.support.clock import StillClock
from tests.unit.post.support import mail

NOW = StillClock().now


async def test_a_mail_is_a_file_that_says_what_was_sent(tmp_path: Path) -> None:
    folder = EmlFolder(tmp_path / "var" / "mail")
    sent = mail(subject="Één code", text="Hoi …\n", attachments=(Attachment("R1.pdf", b"%PDF-1"),))

    await folder.send(sent)

    [written] = folder.list_newest(20)
    assert (written.recipient, written.subject, written.date) == (sent.recipient, sent.subject, NOW)
    assert (written.text, written.attachments) == ("Hoi …\n", sent.attachments)
    assert folder.find(written.id) == written
    [file] = (tmp_path / "var" / "mail").iterdir()
    assert file.name == f"{written.id}.eml"
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


async def test_the_newest_come_first_and_no_more_than_asked_for(tmp_path: Path) -> None:
    folder = EmlFolder(tmp_path)
    for number in (2, 1, 3):
        when = NOW + number * timedelta(milliseconds=1)
        await folder.send(mail(message_id=f"<{number}@a.example>", subject=str(number), written_at=when))

    assert [written.subject for written in folder.list_newest(2)] == ["3", "2"]


async def test_the_same_letter_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    folder = EmlFolder(tmp_path)
    for minutes in range(3):
        await folder.send(mail(written_at=NOW + timedelta(minutes=minutes)))

    [written] = folder.list_newest(20)
    assert written.date == NOW


async def test_old_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eml_folder, "MOST_KEPT", 2)
    folder = EmlFolder(tmp_path)
    for number in range(4):
        when = NOW + timedelta(minutes=number)
        await folder.send(mail(message_id=f"<{number}@a.example>", subject=str(number), written_at=when))

    assert [written.subject for written in folder.list_newest(20)] == ["3", "2"]


async def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")

    with pytest.raises(MailNotSentError) as caught:
        await EmlFolder(tmp_path / "mail").send(mail())

    assert (caught.value.permanent, caught.value.reason) == (False, "folder_unusable")


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    folder = EmlFolder(tmp_path / "nothing")

    assert folder.list_newest(20) == []
    assert folder.find("../secrets") is None
