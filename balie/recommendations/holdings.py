"""Everything that recommendations hold about a customer, and what becomes of it at their erasure.

What was shown stays, without whom it was shown to: it is what a list is judged by.
"""

from __future__ import annotations

from typing import Final

from balie.recommendations.models import (
    DismissalRow,
    ExposureRow,
    OutcomeRow,
    RecommendedPersonallyRow,
    ShopEventRow,
)
from balie.storage.held import Belonging, Fate, Held

_RUN: Final = frozenset({"run_id"})

HOLDINGS: Final = (
    Belonging(Held(ShopEventRow.__tablename__, hidden=frozenset({"key", "visitor"})), Fate.GOES),
    Belonging(Held(RecommendedPersonallyRow.__tablename__, hidden=_RUN), Fate.GOES),
    Belonging(
        Held(
            ExposureRow.__tablename__,
            parts=(Held(OutcomeRow.__tablename__, "exposure_id"),),
            hidden=_RUN | {"key", "conversation_id"},
        ),
        Fate.STAYS,
        blank={"customer_id": None, "conversation_id": None},
    ),
    Belonging(Held(DismissalRow.__tablename__, hidden=frozenset({"conversation_id"})), Fate.GOES),
)
