"""What customers say of products that they received; shown once somebody has looked at it."""

from __future__ import annotations

from typing import Any, Final

from balie.errands.asked import WriteReview
from balie.errands.askers import get_asker
from balie.errands.kinds import Obstacle
from balie.errands.models import ReviewRow
from balie.errands.outcomes import ErrandRefused, Facts
from balie.errands.preparing import Prepared, Visit
from balie.errands.review_repository import ReviewRepository
from balie.errands.things import in_every_language
from balie.kernel.plain_text import tidy_text
from balie.orders.working_days import add_working_days

FEWEST_STARS: Final = 1
MOST_STARS: Final = 5
LONGEST: Final = 2000


def tidy_review(text: str | None) -> str | None:
    r"""The text as it is stored, of at most ``LONGEST`` characters; None when there is nothing to read.

    >>> tidy_review(" Fijne tent,\r\nook in de regen.\x00 ")
    'Fijne tent,\nook in de regen.'
    >>> tidy_review("  "), tidy_review(None), len(tidy_review("a" * 3000))
    (None, None, 2000)
    """
    return tidy_text(text or "")[:LONGEST].rstrip() or None


async def prepare_review(visit: Visit, errand: WriteReview) -> Prepared | ErrandRefused:
    """Say what one thinks; what was said before of the same product is replaced."""
    customer = await get_asker(visit)
    if not FEWEST_STARS <= errand.stars <= MOST_STARS:
        return ErrandRefused(obstacle=Obstacle.INVALID_STARS)
    reviews = ReviewRepository(visit.session)
    product = await reviews.find_received_product(errand.product_sku, customer.id)
    if product is None:
        return ErrandRefused(obstacle=Obstacle.NOT_BOUGHT)
    text = tidy_review(errand.text)
    earlier = await reviews.find_review(product.id, customer.id)
    before, after = _said(earlier), {"stars": errand.stars, "text": text}
    published_by = add_working_days(visit.today, visit.terms.review_working_days, visit.terms.country)
    facts: Facts = {"names": in_every_language(product.names), "stars": errand.stars}
    if before == after:
        return ErrandRefused(obstacle=Obstacle.ALREADY_SO, facts=facts)

    async def write() -> Facts:
        row = earlier or ReviewRow(product_id=product.id, customer_id=customer.id)
        row.stars, row.text = errand.stars, text
        row.language, row.written_at = visit.asker.language, visit.now
        row.published_at = None
        visit.session.add(row)
        await visit.session.flush()
        return {}

    return Prepared(
        facts={**facts, "published_by": published_by.isoformat()},
        write=write,
        before={"product": errand.product_sku, **before},
        after={"product": errand.product_sku, **after},
    )


def _said(review: ReviewRow | None) -> dict[str, Any]:
    return {} if review is None else {"stars": review.stars, "text": review.text}
