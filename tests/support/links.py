"""Mailed links that say what they do, and a bell that counts."""

from __future__ import annotations

from uuid import UUID

from balie.baskets.codes import CardDigests
from balie.baskets.terms import BasketTerms
from balie.errands.kinds import LinkPurpose
from balie.errands.preparing import BasketBooks
from tests.support.content import real_renderer

LINKS_HOST = "https://balie.example/l/"


class PlainAccountLinks:
    def url(self, link_id: UUID, purpose: LinkPurpose, language: str) -> str:
        return f"{LINKS_HOST}{link_id}"


class CountingBell:
    def __init__(self) -> None:
        self.rings = 0

    def ring(self) -> None:
        self.rings += 1


def basket_books() -> BasketBooks:
    """What baskets go by, as the shop's facts have it."""
    terms = BasketTerms.from_shop(real_renderer().library.shop)
    return BasketBooks(terms, CardDigests("s" * 32), lambda _conversation: None)
