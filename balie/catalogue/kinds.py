"""The words that the catalogue tables may hold."""

from __future__ import annotations

from enum import StrEnum


class DeliveryKind(StrEnum):
    """How an article travels: a bicycle does not fit through a letter box."""

    PARCEL = "parcel"
    BULKY = "bulky"
    BIKE = "bike"


class StoreService(StrEnum):
    """What a store offers besides selling."""

    CLICK_AND_COLLECT = "click_and_collect"
    WORKSHOP = "workshop"
    TEST_RIDE = "test_ride"
    RUNNING_ANALYSIS = "running_analysis"
    CLIMBING_WALL = "climbing_wall"
    PARKING = "parking"
