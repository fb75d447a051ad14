"""``balie doctor``: what is installed, running, reachable and out of date, and what to do about it."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx
import typer
from rich.table import Table

from balie.assistant.emotion_files import emotion_model_version
from balie.assistant.errors import EmotionModelUnusableError, RasaNotInstalledError
from balie.assistant.model_files import find_current_model, model_path
from balie.assistant.rasa_process import rasa_python
from balie.bootstrap import with_secrets
from balie.channels.opening import chatwoot_access, webhook_channel_access
from balie.channels.telegram.opening import telegram_settings
from balie.channels.webhook_channel.checking import UNSIGNED, find_trouble
from balie.cli.cases import open_cases
from balie.cli.chatwoot import look_at_chatwoot
from balie.cli.output import console
from balie.cli.telegram import look_at_telegram
from balie.content.check import check_content
from balie.content.errors import ContentBrokenError
from balie.content.findings import Severity
from balie.content.library import load_library
from balie.kernel.errors import BalieError
from balie.post.carriers import mail_server
from balie.post.errors import MailNotSentError
from balie.post.smtp import SmtpCarrier
from balie.settings import PROJECT_ROOT, Settings
from balie.storage.migrate import is_current

PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
KEY_PACKAGES = ("fastapi", "uvicorn", "sqlalchemy", "alembic", "rasa-sdk", "python-telegram-bot", "httpx")
RASA_VERSION = "3.6.21"
ANSWER_WAIT_S = 2.0


class Health(Enum):
    """How a part is doing, as it is shown."""

    GOOD = "[green]good[/green]"
    IDLE = "[dim]idle[/dim]"
    POOR = "[yellow]poor[/yellow]"
    BAD = "[red]bad[/red]"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report; ``advice`` says what to do."""

    part: str
    health: Health
    detail: str
    advice: str = ""


def doctor() -> None:
    """Say what is installed, running, reachable and out of date. Ends with status 1 when something is bad."""
    settings = with_secrets(Settings())
    findings = [examine(settings) for examine in EXAMINATIONS]
    console.print(_table(findings))
    raise typer.Exit(1 if any(finding.health is Health.BAD for finding in findings) else 0)


def _table(findings: Iterable[Finding]) -> Table:
    table = Table("part", "", "found", "what to do", box=None, pad_edge=False)
    for finding in findings:
        table.add_row(finding.part, finding.health.value, finding.detail, finding.advice)
    return table


def examine_service_packages(_settings: Settings) -> Finding:
    """Whether the service's environment has the pinned versions."""
    pins = dict(PINNED.findall((PROJECT_ROOT / "requirements" / "service.txt").read_text("utf-8")))
    stale = [name for name in KEY_PACKAGES if _installed(name) != pins.get(name)]
    python = ".".join(str(part) for part in sys.version_info[:3])
    if stale:
        return Finding("service packages", Health.BAD, f"not as pinned: {', '.join(stale)}", "make setup")
    return Finding("service packages", Health.GOOD, f"Python {python}, as pinned")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def examine_rasa_environment(_settings: Settings) -> Finding:
    """Whether Rasa's environment is there, with the right Rasa."""
    try:
        python = rasa_python(PROJECT_ROOT)
    except RasaNotInstalledError as error:
        return Finding("Rasa environment", Health.BAD, f"{error.python} is missing", "make setup")
    question = "import importlib.metadata as m, platform as p; print(p.python_version(), m.version('rasa'))"
    answer = subprocess.run([python, "-c", question], capture_output=True, text=True, check=False)  # noqa: S603
    found = answer.stdout.split()
    if len(found) != 2 or found[1] != RASA_VERSION:
        return Finding("Rasa environment", Health.BAD, "Rasa cannot be found in it", "make setup")
    return Finding("Rasa environment", Health.GOOD, f"Python {found[0]}, Rasa {found[1]}")


def examine_web_assets(_settings: Settings) -> Finding:
    """Whether the widget has been built, and since its sources last changed."""
    built = PROJECT_ROOT / "balie" / "gateway" / "static" / "widget.js"
    if not built.exists():
        return Finding("web assets", Health.BAD, "not built", "make setup")
    sources = (PROJECT_ROOT / "web" / "widget" / "src").rglob("*.ts")
    if max((path.stat().st_mtime for path in sources), default=0.0) > built.stat().st_mtime:
        return Finding("web assets", Health.POOR, "older than their sources", "make setup")
    return Finding("web assets", Health.GOOD, "built")


def examine_content(_settings: Settings) -> Finding:
    """Whether everything can be said in every language."""
    try:
        findings = check_content(load_library(PROJECT_ROOT / "data"))
    except ContentBrokenError as error:
        return Finding("content", Health.BAD, str(error), "repair the file")
    wrong = sum(finding.severity is Severity.ERROR for finding in findings)
    if wrong:
        return Finding("content", Health.BAD, f"{wrong} errors", "balie content check")
    return Finding("content", Health.GOOD, f"complete, {len(findings)} warnings")


def examine_model(_settings: Settings) -> Finding:
    """Whether there is a model of the content that lies here now."""
    if find_current_model(PROJECT_ROOT) is not None:
        return Finding("model", Health.GOOD, f"{model_path(PROJECT_ROOT).name} is current")
    others = list((PROJECT_ROOT / "models").glob("balie-*.tar.gz"))
    detail = "the newest is older than the content" if others else "none"
    return Finding("model", Health.POOR, detail, "balie train (balie up does it too)")


def examine_emotions(settings: Settings) -> Finding:
    """Whether the emotion classifier is whole."""
    if not settings.emotion:
        return Finding("emotions", Health.IDLE, "switched off (BALIE_EMOTION)")
    try:
        found = emotion_model_version(PROJECT_ROOT)
    except EmotionModelUnusableError as error:
        return Finding("emotions", Health.BAD, str(error), "git checkout -- models/emotion")
    return Finding("emotions", Health.GOOD, f"model {found}, every file as it was measured")


def examine_database(settings: Settings) -> Finding:
    """Whether the database answers and has the tables of this version."""
    where = settings.resolved_database_url.split("@")[-1]
    try:
        current = is_current(settings.resolved_database_url)
    except BalieError as error:
        return Finding(
            "database", Health.BAD, f"{where}: {error.code}", "is it running? see docs/settings.md"
        )
    if not current:
        return Finding("database", Health.POOR, f"{where} lacks tables", "balie db upgrade")
    return Finding("database", Health.GOOD, f"{where} is up to date")


def examine_service(settings: Settings) -> Finding:
    """Whether a service answers on the public port."""
    address = f"http://{settings.public_host}:{settings.public_port}"
    ready = _status_of(f"{address}/ready")
    if ready is None:
        return Finding("service", Health.IDLE, f"nothing answers at {address}", "make run")
    if ready != httpx.codes.OK:
        return Finding("service", Health.BAD, f"{address} answers but is not ready", "see var/rasa.log")
    return Finding("service", Health.GOOD, f"ready at {address}")


def examine_rasa(settings: Settings) -> Finding:
    """Whether every Rasa server answers on its loopback port."""
    token = settings.internal_token.get_secret_value()
    for port in settings.rasa_ports:
        status = _status_of(f"http://127.0.0.1:{port}/status", token=token)
        if status is None:
            return Finding("Rasa server", Health.IDLE, f"nothing answers on port {port}", "make run")
        if status != httpx.codes.OK:
            return Finding(
                "Rasa server", Health.BAD, f"answers {status}: another project's?", "BALIE_RASA_PORT"
            )
    return Finding("Rasa server", Health.GOOD, f"ready on port {', '.join(map(str, settings.rasa_ports))}")


def _status_of(url: str, **query: str) -> int | None:
    try:
        return httpx.get(url, params=query, timeout=ANSWER_WAIT_S, trust_env=False).status_code
    except httpx.HTTPError:
        return None


def examine_mail(settings: Settings) -> Finding:
    """Whether the mail server lets us in; sends nothing."""
    server = mail_server(settings)
    if server is None:
        return Finding(
            "mail", Health.IDLE, f"no mail server: files in {settings.mail_dir}", "BALIE_SMTP_HOST"
        )
    where = f"{server.host}:{server.port}"
    try:
        asyncio.run(SmtpCarrier(server).check())
    except MailNotSentError as error:
        return Finding("mail", Health.BAD, f"{where}: {error.reason}", "see docs/settings.md")
    return Finding("mail", Health.GOOD, f"{where} lets us in ({server.security})")


def examine_chatwoot(settings: Settings) -> Finding:
    """Whether Chatwoot lets us in and is set up for an assistant; changes nothing there."""
    access = chatwoot_access(settings)
    if access is None:
        return Finding("Chatwoot", Health.IDLE, "none", "BALIE_CHATWOOT_URL")
    remarks = asyncio.run(look_at_chatwoot(access))
    wrong = [remark for remark in remarks if remark.is_good is False]
    if wrong:
        return Finding("Chatwoot", Health.BAD, f"{access.url}: {wrong[0].what}", wrong[0].advice)
    unseen = [remark for remark in remarks if remark.is_good is None]
    if unseen:
        return Finding("Chatwoot", Health.POOR, f"{access.url}: not seen: {unseen[0].what}", unseen[0].advice)
    return Finding("Chatwoot", Health.GOOD, f"{access.url} is set up for us")


def examine_telegram(settings: Settings) -> Finding:
    """Whether Telegram knows our bot and all that we have told it; changes nothing there."""
    if telegram_settings(settings) is None:
        return Finding("Telegram", Health.IDLE, "no bot", "BALIE_TELEGRAM_TOKEN")
    remarks = asyncio.run(look_at_telegram(settings))
    for health, is_meant in ((Health.BAD, False), (Health.POOR, None)):
        found = next((remark for remark in remarks if remark.is_good is is_meant), None)
        if found is not None:
            return Finding("Telegram", health, found.what, found.advice)
    return Finding("Telegram", Health.GOOD, f"{remarks[0].what}; {remarks[1].what}")


def examine_webhook_channel(settings: Settings) -> Finding:
    """Whether a provider of messages takes what we post."""
    access = webhook_channel_access(settings)
    if access is None:
        return Finding("webhook channel", Health.IDLE, "none", "BALIE_WEBHOOK_CHANNEL_URL")
    trouble = asyncio.run(find_trouble(access))
    if trouble is None:
        return Finding("webhook channel", Health.GOOD, f"{access.url} takes what we post")
    if trouble in UNSIGNED:
        advice = "same BALIE_WEBHOOK_CHANNEL_SECRET on both sides, and clocks that agree"
        return Finding("webhook channel", Health.BAD, f"{access.url} refuses our signature", advice)
    return Finding("webhook channel", Health.BAD, f"{access.url}: {trouble}", "see docs/webhook-channel.md")


def examine_promises(settings: Settings) -> Finding:
    """Whether every customer who has a case has heard from us in time."""
    try:
        late = asyncio.run(_count_late_cases(settings))
    except BalieError as error:
        return Finding("promises", Health.IDLE, f"unknown: {error.code}", "balie db upgrade")
    if late:
        return Finding("promises", Health.POOR, f"{late} cases are late", "balie cases list")
    return Finding("promises", Health.GOOD, "no case is late")


async def _count_late_cases(settings: Settings) -> int:
    async with open_cases(settings) as service:
        return await service.count_overdue()


def examine_secrets(settings: Settings) -> Finding:
    """Whether only the owner can read the secrets file."""
    file: Path = settings.var_dir / "secrets.json"
    if not file.exists():
        return Finding("secrets", Health.GOOD, "all from the environment")
    if file.stat().st_mode & 0o077:
        return Finding("secrets", Health.BAD, f"{file} can be read by others", f"chmod 600 {file}")
    return Finding("secrets", Health.GOOD, f"{file.name}, readable by its owner only")


def examine_disk(settings: Settings) -> Finding:
    """Whether there is room for the database to grow."""
    folder = settings.var_dir if settings.var_dir.exists() else PROJECT_ROOT
    free_gigabytes = shutil.disk_usage(folder).free / 1e9
    if free_gigabytes < 1:
        return Finding("disk", Health.BAD, f"{free_gigabytes:.1f} GB free", f"make room in {folder}")
    return Finding("disk", Health.GOOD, f"{free_gigabytes:.0f} GB free")


EXAMINATIONS: tuple[Callable[[Settings], Finding], ...] = (
    examine_service_packages,
    examine_rasa_environment,
    examine_web_assets,
    examine_content,
    examine_model,
    examine_emotions,
    examine_database,
    examine_secrets,
    examine_disk,
    examine_mail,
    examine_chatwoot,
    examine_webhook_channel,
    examine_telegram,
    examine_promises,
    examine_service,
    examine_rasa,
)
