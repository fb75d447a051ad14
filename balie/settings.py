"""Every setting of the service, read once from the environment (prefix ``BALIE_``)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What an operator can change; ``docs/settings.md`` explains each one."""

    model_config = SettingsConfigDict(env_prefix="BALIE_", frozen=True)

    var_dir: Path = Field(PROJECT_ROOT / "var", description="Where the database, secrets and logs live.")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in var_dir.")
    public_host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    public_port: int = Field(8080, description="Port of the gateway.")
    internal_port: int = Field(8091, description="Loopback port for Rasa's action and NLG calls.")
    rasa_port: int = Field(5105, description="Loopback port of the Rasa server.")
    secret: SecretStr = Field(SecretStr(""), description="Signs visitor tokens; empty: made once, kept in var_dir.")
    internal_token: SecretStr = Field(
        SecretStr(""), description="Shared by the two halves; empty: made once, kept in var_dir."
    )
    shop_secret: SecretStr = Field(
        SecretStr(""), description="Verifies customer tokens that the shop signs (HS256, at least 32 bytes)."
    )
    allowed_origins: list[str] = Field([], description="Web origins, besides our own, that may embed the widget.")
    assistant_timeout: timedelta = Field(timedelta(seconds=10), description="How long a turn waits for Rasa.")
    action_timeout: timedelta = Field(timedelta(seconds=3), description="How long one custom action may take.")
    message_max_characters: int = Field(2000, description="Longest customer message accepted.")
    messages_per_minute: int = Field(30, description="Per conversation; more is refused with `too_many_messages`.")
    conversations_per_minute: int = Field(60, description="New conversations per client address.")
    conversation_token_days: int = Field(30, description="How long a browser may come back to its conversation.")
    log_level: str = Field("INFO", description="Level of the service's log.")

    @property
    def resolved_database_url(self) -> str:
        """The database URL to use, with the SQLite default filled in."""
        return self.database_url or f"sqlite:///{self.var_dir / 'balie.db'}"
