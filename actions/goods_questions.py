"""What a sentence that names goods plainly asks about them, by the shop's words. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from actions.typed_answers import AnswerReader

ABOUT_GOODS: Final = "about_goods"
"""The table of words in ``data/shop/answers.yml``."""
_DENIED: Final = "denied"


class GoodsAsked(StrEnum):
    """What is asked; what comes first decides."""

    ELSEWHERE = "elsewhere"
    """Something that we have nothing to do with: the route for a bike, its insurance."""
    ADVICE = "advice"
    STOCK = "stock"


def find_asked(text: str, reader: AnswerReader) -> GoodsAsked | None:
    """What a text that names goods asks about them; None where it does not plainly say.

    "I would not recommend this tent" asks for no advice.

    Args:
        text: What was typed.
        reader: Of the words that customers use.
    """
    said = reader.find_all(ABOUT_GOODS, text)
    if _DENIED in said:
        said -= {GoodsAsked.ADVICE}
    return next((asked for asked in GoodsAsked if asked in said), None)
