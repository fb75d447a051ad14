"""Which way mail goes, and from whom it comes, as the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from balie.kernel.mail_address import Mailbox, read_mailbox
from balie.post.eml_folder import EmlFolder
from balie.post.port import MailCarrier
from balie.post.smtp import MailServer, SmtpCarrier
from balie.settings import Settings


def open_carrier(settings: Settings) -> MailCarrier:
    """The mail server of the settings, or the folder of files where they name none."""
    server = mail_server(settings)
    return EmlFolder(settings.mail_dir) if server is None else SmtpCarrier(server)


def mail_server(settings: Settings) -> MailServer | None:
    """The mail server that the settings name, if any."""
    if not settings.smtp_host:
        return None
    login = (settings.smtp_user, settings.smtp_password.get_secret_value())
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        login=login if settings.smtp_user else None,
        timeout=settings.smtp_timeout,
    )


def sender_of(settings: Settings, shop: Mapping[str, Any]) -> Mailbox:
    """Who mail comes from: the setting, else the shop's name and customer service.

    Args:
        settings: With ``mail_from``, or without.
        shop: ``data/shop/shop.yml``.

    Raises:
        ValueError: The address in the shop's file is not one.
    """
    if settings.mail_from:
        return read_mailbox(settings.mail_from)
    address = read_mailbox(shop["contact"]["email"]).address
    return Mailbox(str(shop["name"]), address)
