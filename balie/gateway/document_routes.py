"""Papers that a customer may download with a link from the chat. The link is the key, and it expires."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from balie.documents.invoice import draw_invoice
from balie.documents.return_label import draw_return_label
from balie.gateway.conversation_routes import described_errors
from balie.gateway.services import Services
from balie.gateway.tokens import DOCUMENTS_PATH

router = APIRouter(prefix=DOCUMENTS_PATH, tags=["documents"])

_ERRORS: Final = described_errors(
    http_404="`link_invalid`: forged or expired; `return_not_found`, `invoice_not_found`",
    http_422="`request_invalid`",
    http_503="`store_unavailable`: try again",
)


@router.get(
    "/labels/{token}.pdf",
    response_class=Response,
    summary="Download the label of a return",
    responses=_ERRORS,
)
async def download_label(token: str, services: Services) -> Response:
    """The label as a PDF, for whoever has the link; it stays out of every cache."""
    papers = services.papers
    label = await papers.labels.get_label(papers.links.read_label(token))
    return _pdf(await run_in_threadpool(draw_return_label, label, papers.renderer), label.return_number)


@router.get(
    "/invoices/{token}.pdf", response_class=Response, summary="Download an invoice", responses=_ERRORS
)
async def download_invoice(token: str, services: Services) -> Response:
    """The invoice or credit note as a PDF, for whoever has the link; it stays out of every cache."""
    papers = services.papers
    paper = await papers.invoices.get_paper(papers.links.read_invoice(token))
    return _pdf(await run_in_threadpool(draw_invoice, paper, papers.renderer), paper.number)


def _pdf(content: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/pdf", headers=headers)
