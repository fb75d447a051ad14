"""The three secrets: from the settings, else made once and kept in a file that only we can read."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from balie.settings import Settings

FILE_NAME: Final = "secrets.json"
SECRET_BYTES: Final = 48


@dataclass(frozen=True, slots=True, repr=False)
class Secrets:
    """What nobody else may know.

    Attributes:
        visitor: Signs the tokens by which browsers come back.
        internal: Shared by the two halves on loopback.
        shop: Verifies what the shop signs.
    """

    visitor: str
    internal: str
    shop: str


def load_secrets(settings: Settings) -> Secrets:
    """The secrets to use; makes the missing ones and keeps them in ``var_dir/secrets.json`` (mode 0600)."""
    given = Secrets(
        visitor=settings.secret.get_secret_value(),
        internal=settings.internal_token.get_secret_value(),
        shop=settings.shop_secret.get_secret_value(),
    )
    if all(asdict(given).values()):
        return given
    kept = _read_or_make(settings.var_dir / FILE_NAME)
    return Secrets(**{name: value or getattr(kept, name) for name, value in asdict(given).items()})


def _read_or_make(path: Path) -> Secrets:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Secrets(**{field.name: secrets.token_urlsafe(SECRET_BYTES) for field in fields(Secrets)})
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(made), file)
    try:
        # A link appears whole or not at all: of two processes that start together, one wins.
        os.link(draft, path)
    except FileExistsError:
        made = Secrets(**json.loads(path.read_text(encoding="utf-8")))
    finally:
        draft.unlink()
    return made
