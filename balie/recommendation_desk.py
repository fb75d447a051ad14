"""Puts together what recommendations need (:mod:`balie.bootstrap` hands out the rest)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from balie.jobs.housekeeping import Chore, Housekeeping
from balie.jobs.training_process import NightlyTraining, TrainingOrder, train_lists
from balie.kernel.clock import Clock
from balie.recommendations.events import EventService
from balie.recommendations.figures import FiguresService
from balie.recommendations.outcomes import OutcomeService
from balie.recommendations.service import RecommendationService
from balie.recommendations.terms import RecommendationTerms
from balie.settings import Settings
from balie.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RecommendationDesk:
    """What recommends, what writes down what came of it, takes in events, counts, and learns.

    Attributes:
        lessons: Learns when it is due. Rounds of their own: a training takes minutes, which nobody waits for.
    """

    service: RecommendationService
    outcomes: OutcomeService
    events: EventService
    figures: FiguresService
    lessons: Housekeeping

    @property
    def chores(self) -> Mapping[str, Chore]:
        """What has to be done now and then, by what it did."""
        return {
            "outcomes of recommendations found": self.outcomes.attribute_late,
            "old shop events forgotten": self.events.forget_old,
        }


def open_recommendations(
    settings: Settings, unit_of_work: UnitOfWork, shop: Mapping[str, Any], clock: Clock
) -> RecommendationDesk:
    """Everything about recommendations.

    Args:
        settings: Whether they are on.
        unit_of_work: The store.
        shop: Its facts, as parsed.
        clock: The present moment.

    Raises:
        ShopTermsError: The shop's facts lack something.
    """
    terms, is_on = RecommendationTerms.from_shop(shop), settings.recommendations
    timezone = ZoneInfo(shop["timezone"])
    order = TrainingOrder(database_url=settings.resolved_database_url, currency=terms.currency)
    training = NightlyTraining(
        unit_of_work, partial(train_lists, order), clock, is_on=is_on, timezone=timezone
    )
    return RecommendationDesk(
        service=RecommendationService(unit_of_work, terms, clock=clock, is_on=is_on),
        outcomes=OutcomeService(unit_of_work, terms, clock=clock),
        events=EventService(unit_of_work, clock=clock, is_on=is_on),
        figures=FiguresService(unit_of_work, terms, clock=clock, timezone=timezone),
        lessons=Housekeeping({"lists of recommendations learned": training.train_when_due}, name="lessons"),
    )
