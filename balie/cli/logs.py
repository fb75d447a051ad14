"""Where a running service writes what happens."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from typing import Final

from balie.settings import Settings

LOG_FILE_BYTES: Final = 5_000_000
LOG_FILES_KEPT: Final = 3


def configure_logging(settings: Settings) -> None:
    """Log to ``var_dir/balie.log``, and what needs attention to the terminal too; never personal data."""
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    to_file = RotatingFileHandler(
        settings.var_dir / "balie.log", maxBytes=LOG_FILE_BYTES, backupCount=LOG_FILES_KEPT, encoding="utf-8"
    )
    to_terminal = logging.StreamHandler()
    to_terminal.setLevel(logging.ERROR)
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(
        level=settings.log_level.upper(), format=form, handlers=[to_file, to_terminal], force=True
    )
    for chatty in ("httpx", "httpcore", "aiosqlite"):
        # httpx would log every address it asks, and Rasa's token is part of them.
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # python-telegram-bot would log the token with addresses, and what customers wrote with errors.
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
