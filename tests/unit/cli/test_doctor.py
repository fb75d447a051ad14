"""What the doctor says of the mail server, without sending anything."""

from __future__ import annotations

import asyncio
from pathlib import Path

from balie.cli.doctor import Health, examine_mail
from balie.cli.running_rasa import free_port
from balie.settings import Settings
from tests.support.mail_server import mail_server


def test_without_a_mail_server_the_doctor_says_where_mail_is_written(tmp_path: Path) -> None:
    finding = examine_mail(Settings(var_dir=tmp_path))

    assert finding.health is Health.IDLE
    assert str(tmp_path / "mail") in finding.detail


def test_a_mail_server_that_does_not_answer_is_bad(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, smtp_host="127.0.0.1", smtp_port=free_port(), smtp_security="none")

    finding = examine_mail(settings)

    assert finding.health is Health.BAD
    assert "server_unusable" in finding.detail


async def test_a_mail_server_that_lets_us_in_is_good_and_gets_no_mail(tmp_path: Path) -> None:
    async with mail_server() as post:
        chosen = Settings(var_dir=tmp_path, smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none")
        finding = await asyncio.to_thread(examine_mail, chosen)

    assert finding.health is Health.GOOD
    assert post.received == []
