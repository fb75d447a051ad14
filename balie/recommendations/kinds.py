"""The words that the tables of recommendations may hold."""

from __future__ import annotations

from enum import StrEnum


class ListKind(StrEnum):
    """A list of products. Three of them are shown and never mixed; ``popular`` is what they fall back on."""

    PERSONAL = "personal"
    COMPLEMENTARY = "complementary"
    ALTERNATIVES = "alternatives"
    POPULAR = "popular"


class RunState(StrEnum):
    """What became of one training of a list."""

    CANDIDATE = "candidate"
    LIVE = "live"
    REFUSED = "refused"
    RETIRED = "retired"


class EventKind(StrEnum):
    """What somebody did on a page of the shop."""

    VIEW = "view"
    BASKET = "basket"
    SEARCH = "search"


class OutcomeKind(StrEnum):
    """What came of showing a product."""

    CLICK = "click"
    BASKET = "basket"
    PURCHASE = "purchase"
    DISMISSED = "dismissed"


class Reason(StrEnum):
    """Why a product is shown: what the customer is told, in their language.

    ``BOUGHT_WITH`` and ``LIKE_THIS`` are about the anchor, ``BECAUSE_YOU_HAVE`` about a product that the
    customer owns. ``POPULAR_WITH_YOU`` is popular in the customer's segment, ``POPULAR_HERE`` in a category.
    ``ON_THE_SHELF`` says only that it can be had: no list had enough of what was asked for.
    """

    FITS_YOU = "fits_you"
    BECAUSE_YOU_HAVE = "because_you_have"
    BOUGHT_WITH = "bought_with"
    LIKE_THIS = "like_this"
    POPULAR_WITH_YOU = "popular_with_you"
    POPULAR_HERE = "popular_here"
    POPULAR = "popular"
    ON_THE_SHELF = "on_the_shelf"
