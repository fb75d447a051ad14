"""Pictures of products, for cards in conversations: no secrets, the same for everybody."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path
from starlette.responses import Response

from balie.catalogue.errors import ProductNotFoundError
from balie.catalogue.pictures import draw_picture
from balie.gateway.conversation_routes import described_errors
from balie.gateway.services import Services

PICTURE_PATH: Final = "/api/v1/products/{sku}/picture.svg"

router = APIRouter(tags=["products"])

_HEADERS: Final = {
    "Cache-Control": "public, max-age=86400",
    # Cards are shown on the shop's own pages, which may be elsewhere.
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
}


@router.get(
    PICTURE_PATH,
    response_class=Response,
    summary="A drawing of a product",
    responses=described_errors(
        http_404="`product_not_found`",
        http_422="`request_invalid`",
        http_503="`store_unavailable`: try again",
    ),
)
async def draw_product(
    sku: Annotated[str, Path(max_length=40, pattern=r"^[ -~]+$", examples=["TENT-2"])], services: Services
) -> Response:
    """An icon of the kind or category in a colour of the product's own, for products without a picture.

    Raises:
        ProductNotFoundError: Nothing is sold under this number.
    """
    pictures = {} if services.catalogue is None else await services.catalogue.find_pictures([sku])
    if sku not in pictures:
        raise ProductNotFoundError(sku)
    drawing = draw_picture(pictures[sku].category, sku, pictures[sku].names)
    return Response(drawing, media_type="image/svg+xml", headers=_HEADERS)
