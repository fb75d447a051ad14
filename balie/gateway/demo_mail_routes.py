"""The mailbox of the demo shop: what its customers would have received. Only there with ``BALIE_DEMO``."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from starlette.responses import Response

from balie.gateway.errors import MailNotFoundError
from balie.gateway.schemas import DemoMailShape, ErrorAnswer
from balie.gateway.services import Services
from balie.post.eml_folder import EmlFolder, WrittenMail

MOST_SHOWN: Final = 20

router = APIRouter(prefix="/demo/mail", tags=["demo shop"])


# Plain functions: reading files is for a thread.
@router.get("", response_model=list[DemoMailShape], summary="What customers would have received")
def list_mail(services: Services) -> JSONResponse:
    """The newest mails, newest first: as long as there is no mail server, they are files."""
    folder = EmlFolder(services.settings.mail_dir)
    return JSONResponse([_mail_json(mail) for mail in folder.list_newest(MOST_SHOWN)])


@router.get(
    "/{mail_id}/attachments/{number}",
    response_class=Response,
    summary="What comes with a mail",
    responses={404: {"model": ErrorAnswer, "description": "`mail_not_found`"}},
)
def download_attachment(mail_id: str, number: int, services: Services) -> Response:
    """An attachment, counted from 0."""
    mail = EmlFolder(services.settings.mail_dir).find(mail_id)
    if mail is None or not 0 <= number < len(mail.attachments):
        raise MailNotFoundError
    attachment = mail.attachments[number]
    is_paper = attachment.subtype == "pdf"
    return Response(
        attachment.content,
        media_type="application/pdf" if is_paper else "application/octet-stream",
        headers={
            "Content-Disposition": f'{"inline" if is_paper else "attachment"}; filename="{attachment.name}"'
        },
    )


def _mail_json(mail: WrittenMail) -> dict[str, object]:
    return {
        "id": mail.id,
        "to": mail.recipient,
        "subject": mail.subject,
        "date": mail.date.isoformat(),
        "text": mail.text,
        "language": mail.language,
        "attachments": [attachment.name for attachment in mail.attachments],
    }
