"""The mailbox of the demo shop: there in the demo, nowhere else, and it shows what was written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from balie.post.eml_folder import EmlFolder
from balie.post.port import Attachment
from tests.support.clock import StillClock
from tests.support.gateway import Balie, balie_with
from tests.unit.post.support import mail

NOW = StillClock().now


@pytest.fixture
async def demo(database_url: str, static_dir: Path, tmp_path: Path) -> AsyncIterator[Balie]:
    async with balie_with(database_url, static_dir=static_dir, demo=True, var_dir=tmp_path) as balie:
        yield balie


@pytest.fixture
def folder(tmp_path: Path) -> EmlFolder:
    return EmlFolder(tmp_path / "mail")


async def test_the_mailbox_shows_the_newest_mails_first(demo: Balie, folder: EmlFolder) -> None:
    assert (await demo.http.get("/demo/mail")).json() == []
    for number in range(22):
        when = NOW + timedelta(minutes=number)
        await folder.send(mail(message_id=f"<{number}@a.example>", subject=f"Nr {number}", written_at=when))

    answer = await demo.http.get("/demo/mail")

    shown = answer.json()
    assert [one["subject"] for one in shown] == [f"Nr {number}" for number in range(21, 1, -1)]
    assert shown[0] | {"id": ""} == {
        "id": "",
        "to": "sanne@voorbeeld.example",
        "subject": "Nr 21",
        "date": (NOW + timedelta(minutes=21)).isoformat(),
        "text": "Hoi,\n\nJe code is 048213.\n",
        "language": "nl",
        "attachments": [],
    }
    assert answer.headers["Cache-Control"] == "no-store"


async def test_attachments_can_be_opened(demo: Balie, folder: EmlFolder) -> None:
    attachments = (Attachment("R1.pdf", b"%PDF-1"), Attachment("evil.html", b"<script>", "html"))
    await folder.send(mail(attachments=attachments))
    [shown] = (await demo.http.get("/demo/mail")).json()
    path = f"/demo/mail/{shown['id']}/attachments"

    paper, other = await demo.http.get(f"{path}/0"), await demo.http.get(f"{path}/1")

    assert shown["attachments"] == ["R1.pdf", "evil.html"]
    assert (paper.content, paper.headers["Content-Type"]) == (b"%PDF-1", "application/pdf")
    assert paper.headers["Content-Disposition"] == 'inline; filename="R1.pdf"'
    assert other.headers["Content-Type"] == "application/octet-stream"
    assert other.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "path", ["x/attachments/0", "..%2Fsecrets/attachments/0", "{id}/attachments/1", "{id}/attachments/-1"]
)
async def test_what_is_not_there_is_not_found(demo: Balie, folder: EmlFolder, path: str) -> None:
    await folder.send(mail(attachments=(Attachment("R1.pdf", b"%PDF-1"),)))
    [shown] = (await demo.http.get("/demo/mail")).json()

    answer = await demo.http.get(f"/demo/mail/{path.format(id=shown['id'])}")

    assert answer.status_code == 404


async def test_other_peoples_pages_cannot_read_the_mailbox(demo: Balie) -> None:
    answer = await demo.http.get("/demo/mail", headers={"Origin": "https://evil.example"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin_refused")


async def test_a_real_shop_has_no_mailbox(balie: Balie) -> None:
    assert (await balie.http.get("/demo/mail")).status_code == 404
    assert (await balie.http.get("/demo/mail/x/attachments/0")).status_code == 404
