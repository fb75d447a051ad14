"""The goods of the demo shop, for its page. Only with ``BALIE_DEMO``: a real shop has pages of its own."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import JSONResponse

from balie.catalogue.service import CatalogueService
from balie.catalogue.views import ProductHit, ProductView, StockView
from balie.gateway.conversation_routes import described_errors
from balie.gateway.demo_product_schemas import DemoProduct, DemoProductHit
from balie.gateway.services import Services
from balie.gateway.wire import Json

MOST_FOUND: Final = 12

router = APIRouter(prefix="/demo/products", tags=["demo shop"])


async def _catalogue_of(services: Services) -> CatalogueService:
    assert services.catalogue is not None  # without it, none of these routes is there
    return services.catalogue


Catalogue = Annotated[CatalogueService, Depends(_catalogue_of)]
Language = Annotated[str, Query(min_length=2, max_length=8)]


@router.get(
    "",
    response_model=list[DemoProductHit],
    summary="Search the demo shop",
    responses=described_errors(http_422="`request_invalid`: no words, or more than 80 characters"),
)
async def search_products(
    catalogue: Catalogue,
    query: Annotated[str, Query(min_length=1, max_length=80)],
    language: Language = "nl",
) -> JSONResponse:
    """The twelve products that fit best; the assistant searches the same way."""
    hits = await catalogue.search_products(query, language, MOST_FOUND)
    return JSONResponse([_hit(hit) for hit in hits])


@router.get(
    "/{sku}",
    response_model=DemoProduct,
    summary="Read about a product of the demo shop",
    responses=described_errors(
        http_404="`product_not_found`: nothing is sold under this number", http_422="`request_invalid`"
    ),
)
async def read_product(
    sku: Annotated[str, Path(max_length=40, pattern=r"^[ -~]+$")],
    catalogue: Catalogue,
    language: Language = "nl",
) -> JSONResponse:
    """What stands on the page of a product."""
    product = await catalogue.get_product(sku, language)
    return JSONResponse(_product(product, await catalogue.get_stock(sku, language)))


def _hit(hit: ProductHit) -> Json:
    return {
        "sku": hit.sku,
        "name": hit.name,
        "category": hit.category_name,
        "price_minor": hit.price_from.minor_units,
        "currency": hit.price_from.currency,
    }


def _product(product: ProductView, stock: StockView) -> Json:
    return {
        "sku": product.sku,
        "name": product.name,
        "category": product.category_name,
        "description": product.description,
        "facts": dict(product.facts),
        "price_minor": product.price_from.minor_units,
        "currency": product.price_from.currency,
        "variants": [
            {
                "sku": variant.sku,
                "size": variant.size,
                "colour": variant.colour,
                "price_minor": variant.price.minor_units,
                "online": variant.online_quantity,
            }
            for variant in stock.variants
        ],
        "stores": list(dict.fromkeys(found.store.city for found in stock.in_stores)),
    }
