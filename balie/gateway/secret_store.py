"""The three secrets: from the settings, else made once and kept in a file that only we can read."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from balie.settings import Settings

FILE_NAME: Final = "secrets.json"
SECRET_BYTES: Final = 48
SECRETS: Final = ("secret", "internal_token", "shop_secret")
TELEGRAM: Final = b"balie: Telegram's webhook"


def with_secrets(settings: Settings) -> Settings:
    """The settings with every secret filled in; doing it again changes nothing.

    Secrets that were not given are made once and kept in ``var_dir/secrets.json`` (mode 0600); Telegram's is
    made of the first of them.
    """
    missing = [name for name in SECRETS if not getattr(settings, name).get_secret_value()]
    if missing:
        kept = _read_or_make(settings.var_dir / FILE_NAME)
        settings = settings.model_copy(update={name: SecretStr(kept[name]) for name in missing})
    if settings.telegram_secret.get_secret_value():
        return settings
    return settings.model_copy(update={"telegram_secret": SecretStr(_made_of(settings, TELEGRAM))})


def _made_of(settings: Settings, purpose: bytes) -> str:
    """A secret of its own for a purpose, that nothing else has to be kept for."""
    secret = settings.secret.get_secret_value().encode()
    return hmac.new(secret, purpose, hashlib.sha256).hexdigest()


def _read_or_make(path: Path) -> dict[str, str]:
    if not path.exists():
        _make(path)
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({name: secrets.token_urlsafe(SECRET_BYTES) for name in SECRETS}, file)
    # A link appears whole or not at all: of two processes that start together, one wins.
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
