"""Every setting of the service, read once from the environment (prefix ``BALIE_``)."""

from __future__ import annotations

import ipaddress
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from balie.kernel.mail_address import read_mailbox

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 32
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _read_seconds(value: object) -> object:
    try:
        return timedelta(seconds=float(value)) if isinstance(value, str) else value
    except ValueError:
        return value


Seconds = Annotated[timedelta, BeforeValidator(_read_seconds)]
"""In the environment: a number of seconds, or ISO 8601 (``PT10S``)."""

Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What an operator can change; ``docs/settings.md`` explains each one."""

    model_config = SettingsConfigDict(env_prefix="BALIE_", frozen=True, hide_input_in_errors=True)

    var_dir: Path = Field(PROJECT_ROOT / "var", description="Where the database, secrets and logs live.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in var_dir.")
    public_host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    public_port: Port = Field(8080, description="Port of the gateway.")
    public_url: str = Field(
        "", description="How customers reach the gateway, for links in mail; empty: its host and port."
    )
    widget_page_url: str = Field(
        "", description="A page with the chat on it, for links that lead back to it; empty: our own."
    )
    internal_port: Port = Field(8091, description="Loopback port for Rasa's action and NLG calls.")
    rasa_port: Port = Field(5105, description="Loopback port of the Rasa server; of the first, if several.")
    rasa_workers: int = Field(
        default_factory=lambda: min(2, os.cpu_count() or 1),
        ge=1,
        le=32,
        description="Rasa servers that share the conversations; each takes about 0.5 GB.",
    )
    secret: SecretStr = Field(
        SecretStr(""), description="Signs visitor tokens; empty: made once, kept in var_dir."
    )
    internal_token: SecretStr = Field(
        SecretStr(""), description="Shared by the two halves; empty: made once, kept in var_dir."
    )
    shop_secret: SecretStr = Field(
        SecretStr(""), description="Verifies customer tokens that the shop signs (HS256, at least 32 bytes)."
    )
    allowed_origins: Annotated[list[str], NoDecode] = Field(
        [], description="Web origins, besides our own, that may embed the widget; separated by commas."
    )
    trusted_proxies: str = Field(
        "127.0.0.1", description="Addresses of proxies whose X-Forwarded-For is believed, by commas."
    )
    assistant_timeout: Seconds = Field(timedelta(seconds=10), description="How long a turn waits for Rasa.")
    rasa_timeout: Seconds = Field(timedelta(seconds=8), description="How long Rasa may work on one turn.")
    action_timeout: Seconds = Field(timedelta(seconds=3), description="How long one custom action may take.")
    turns_at_once: int = Field(8, ge=1, description="Most turns that are with Rasa at the same time.")
    shutdown_grace: Seconds = Field(
        timedelta(seconds=5), description="How long running turns may go on after a stop was asked for."
    )
    message_max_characters: int = Field(2000, ge=1, description="Longest customer message accepted.")
    photo_max_megabytes: int = Field(
        10, ge=1, le=50, description="Largest photo a customer may send; what is kept of it is smaller."
    )
    messages_per_minute: int = Field(
        30, ge=1, description="Per conversation; more is refused with `too_many_messages`."
    )
    conversations_per_minute: int = Field(60, ge=1, description="New conversations per client address.")
    conversation_token_days: int = Field(
        30, ge=1, description="How long a browser may come back to its conversation."
    )
    document_link_hours: int = Field(
        24, ge=1, description="How long a link to a paper, such as a return label, works."
    )
    mail_from: str = Field(
        "", description="Who letters come from, `Shop <service@shop.example>`; empty: as shop.yml says."
    )
    smtp_host: str = Field("", description="The mail server; empty: mail is written into var_dir/mail.")
    smtp_port: Port = Field(587, description="Port of the mail server.")
    smtp_user: str = Field("", description="Name to log in with at the mail server; empty: no login.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password that goes with it.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is made safe; `none` only within one machine."
    )
    smtp_timeout: Seconds = Field(
        timedelta(seconds=20),
        gt=timedelta(0),
        le=timedelta(seconds=60),
        description="How long the mail server may take for one mail.",
    )
    chatwoot_url: str = Field(
        "", description="Address of Chatwoot, when its inboxes are served; empty: there is none."
    )
    chatwoot_account: int = Field(0, ge=0, description="Number of the account there.")
    chatwoot_token: SecretStr = Field(SecretStr(""), description="Token of the agent bot there.")
    chatwoot_read_token: SecretStr = Field(
        SecretStr(""), description="Token of an agent there, which may read; empty: nothing is read."
    )
    chatwoot_secret: SecretStr = Field(
        SecretStr(""), description="Last part of the address that Chatwoot sends events to."
    )
    chatwoot_addresses: Annotated[list[str], NoDecode] = Field(
        [], description="Networks that its events may come from, by commas; empty: from anywhere."
    )
    chatwoot_teams: Annotated[dict[str, int], NoDecode] = Field(
        {}, description="Numbers of its teams by the names of ours: `service=3,returns=4`."
    )
    webhook_desk_url: str = Field(
        "", description="Where handoffs are sent to, as signed webhooks; empty: they go to our own desk."
    )
    webhook_desk_secret: SecretStr = Field(
        SecretStr(""), description="Signs what goes there and what comes back."
    )
    webhook_channel_url: str = Field(
        "", description="Where customers of a provider of messages are written to, as signed webhooks."
    )
    webhook_channel_secret: SecretStr = Field(
        SecretStr(""), description="Signs what goes to the provider and what comes from it."
    )
    webhook_channel_longest_text: int = Field(
        4096, ge=70, description="Characters of one message there; longer answers go in parts."
    )
    telegram_token: SecretStr = Field(
        SecretStr(""), description="Token of our bot in Telegram; empty: there is none."
    )
    telegram_mode: Literal["polling", "webhook"] = Field(
        "polling", description="Whether updates are asked for, or handed in at public_url."
    )
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Path and header secret of the webhook; empty: made of `secret`."
    )
    telegram_api_url: str = Field(
        "https://api.telegram.org", description="Where the Bot API is; another one for a server of your own."
    )
    telegram_timeout: Seconds = Field(
        timedelta(seconds=10),
        gt=timedelta(0),
        le=timedelta(seconds=10),
        description="How long Telegram may take for one request.",
    )
    telegram_messages_per_second: int = Field(
        30, ge=1, description="Messages to all chats together; to one chat a thirtieth of it, after a few."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Lets Prometheus read `/metrics`; empty: from this machine only."
    )
    demo: bool = Field(
        default=False,
        description="Shows the demo shop and signs customer tokens for whoever asks. Never in a real shop.",
    )
    payment_failures: float = Field(
        0.0, ge=0, le=1, description="Share of the calls to the demo shop's payment provider that go wrong."
    )
    parcel_failures: float = Field(
        0.0, ge=0, le=1, description="Share of the calls to the demo shop's carrier that go wrong."
    )
    provider_timeout: Seconds = Field(
        timedelta(seconds=1),
        gt=timedelta(0),
        description="How long the payment provider may take for an answer in the chat.",
    )
    desk_always_open: bool | None = Field(
        None,
        description="Whether the hours of the teams do not matter; not set: so in the demo, and only there.",
    )
    emotion: bool = Field(
        default=True,
        description="Whether messages are read for their mood, and answered accordingly; on or off.",
    )
    recommendations: bool = Field(
        default=True,
        description="Whether anything is recommended, and events of the shop's pages are stored; on or off.",
    )
    log_level: str = Field("INFO", description="Level of the service's log.")

    @property
    def rasa_ports(self) -> range:
        """Where the Rasa servers listen, one port each."""
        return range(self.rasa_port, self.rasa_port + self.rasa_workers)

    @property
    def resolved_database_url(self) -> str:
        """The database URL to use, with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{self.var_dir / 'balie.db'}"

    @property
    def resolved_public_url(self) -> str:
        """Where customers reach the gateway, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://{self.public_host}:{self.public_port}"

    @property
    def resolved_widget_page_url(self) -> str:
        """A page with the chat on it."""
        return self.widget_page_url or f"{self.resolved_public_url}/"

    @property
    def resolved_desk_always_open(self) -> bool:
        """Whether agents can be asked for at any hour."""
        return self.demo if self.desk_always_open is None else self.desk_always_open

    @property
    def mail_dir(self) -> Path:
        """Where mail is written when there is no mail server."""
        return self.var_dir / "mail"

    @field_validator(
        "public_url",
        "chatwoot_url",
        "webhook_desk_url",
        "webhook_channel_url",
        "widget_page_url",
        "telegram_api_url",
    )
    @classmethod
    def _public_url_is_an_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https:// or http://")
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_comes_from_one_address(cls, value: str) -> str:
        if value:
            read_mailbox(value)
        return value

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return [origin.strip().rstrip("/") for origin in value.split(",") if origin.strip()]
        return value

    @field_validator("chatwoot_addresses", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        parts = _split(value) if isinstance(value, str) else value
        if isinstance(parts, list):
            for network in parts:
                ipaddress.ip_network(network)
        return parts

    @field_validator("chatwoot_teams", mode="before")
    @classmethod
    def _split_teams(cls, value: object) -> object:
        return dict(pair.split("=", 1) for pair in _split(value)) if isinstance(value, str) else value

    @field_validator(
        "secret",
        "internal_token",
        "shop_secret",
        "chatwoot_secret",
        "webhook_desk_secret",
        "webhook_channel_secret",
        "metrics_token",
    )
    @classmethod
    def _secrets_are_long(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value().encode()) < SHORTEST_SECRET:
            raise ValueError(f"must have at least {SHORTEST_SECRET} bytes, or be empty")
        return value

    @field_validator("telegram_secret")
    @classmethod
    def _telegram_takes_some_signs(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and not _TELEGRAM_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must have 32 to 256 of the signs A-Z, a-z, 0-9, _ and -, or be empty")
        return value

    @model_validator(mode="after")
    def _desks_elsewhere_are_whole(self) -> Self:
        secrets = (self.chatwoot_token, self.chatwoot_secret)
        is_whole = bool(self.chatwoot_account) and all(secret.get_secret_value() for secret in secrets)
        if self.chatwoot_url and not is_whole:
            raise ValueError("chatwoot_url needs chatwoot_account, chatwoot_token and chatwoot_secret")
        if self.webhook_desk_url and not self.webhook_desk_secret.get_secret_value():
            raise ValueError("webhook_desk_url needs webhook_desk_secret")
        if self.webhook_channel_url and not self.webhook_channel_secret.get_secret_value():
            raise ValueError("webhook_channel_url needs webhook_channel_secret")
        return self

    @model_validator(mode="after")
    def _actions_can_wait_for_the_provider(self) -> Self:
        # An action may ask twice: how the old link stands, and for another one.
        if not self.provider_timeout * 2 < self.action_timeout:
            raise ValueError("provider_timeout must be shorter than half of action_timeout")
        return self

    @model_validator(mode="after")
    def _timeouts_are_nested(self) -> Self:
        if not self.action_timeout < self.rasa_timeout < self.assistant_timeout:
            raise ValueError(
                "action_timeout must be shorter than rasa_timeout, and that than assistant_timeout"
            )
        return self
