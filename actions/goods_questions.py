"""What a sentence that names goods plainly asks about them, by the shop's words. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from actions.typed_answers import AnswerReader

ABOUT_GOODS: Final = "about_goods"
"""The table of words in ``data/shop/answers.yml``."""
ACTIVITY: Final = "goods_activity"
"""The table of the names of categories that are no more than what people do."""
_DENIED: Final = "denied"
_ASKED_KINDLY: Final = "asked_kindly"
_AROUND: Final = "around"


class GoodsAsked(StrEnum):
    """What is asked; what comes first decides."""

    ELSEWHERE = "elsewhere"
    """Something that we have nothing to do with: the route for a bike, its insurance."""
    ADVICE = "advice"
    STOCK = "stock"
    CURSED = "cursed"
    """Nothing of goods: it is said of people, or in anger."""


def find_asked(text: str, reader: AnswerReader) -> GoodsAsked | None:
    """What a text that names goods asks about them; None where it does not plainly say.

    "I would not recommend this tent" asks for no advice, "can't you recommend a tent" does. Whoever hires a
    bike asks for nothing of ours, unless they ask for advice as well: then it is not plain.

    Args:
        text: What was typed.
        reader: Of the words that customers use.
    """
    said = reader.find_all(ABOUT_GOODS, text)
    if _DENIED in said and _ASKED_KINDLY not in said:
        said -= {GoodsAsked.ADVICE}
    if _AROUND in said and GoodsAsked.ELSEWHERE not in said:
        return None if GoodsAsked.ADVICE in said else GoodsAsked.ELSEWHERE
    return next((asked for asked in GoodsAsked if asked in said), None)
