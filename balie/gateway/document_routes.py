"""Papers that a customer may download with a link from the chat. The link is the key, and it expires."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from balie.documents.return_label import draw_return_label
from balie.gateway.conversation_routes import described_errors
from balie.gateway.services import Services
from balie.gateway.tokens import LABEL_PATH

router = APIRouter(prefix=LABEL_PATH, tags=["documents"])


@router.get(
    "/{token}.pdf",
    response_class=Response,
    summary="Download the label of a return",
    responses=described_errors(
        http_404="`link_invalid`: forged or expired; `return_not_found`", http_503="`store_unavailable`"
    ),
)
async def download_label(token: str, services: Services) -> Response:
    """The label as a PDF, for whoever has the link; it stays out of every cache."""
    papers = services.papers
    label = await papers.labels.get_label(papers.links.read_label(token))
    content = await run_in_threadpool(draw_return_label, label, papers.renderer)
    headers = {
        "Content-Disposition": f'inline; filename="{label.return_number}.pdf"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="application/pdf", headers=headers)
