from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from balie.catalogue.hours import Period, SpecialDay, StoreCalendar
from balie.catalogue.public_holidays import holiday_names

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = Period(time(9, 30), time(18))
WEEK = StoreCalendar(week={day: [DAY] for day in range(6)}, special_days={}, country="NL")
TUESDAY, SUNDAY, CHRISTMAS = date(2026, 11, 3), date(2026, 11, 8), date(2026, 12, 25)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)


def test_usual_day_has_its_weekdays_hours() -> None:
    hours = WEEK.hours_on(TUESDAY)

    assert (hours.periods, hours.reasons) == ((DAY,), {})


def test_weekday_without_hours_is_closed() -> None:
    assert WEEK.hours_on(SUNDAY).periods == ()


def test_public_holiday_is_closed_and_named_in_both_languages() -> None:
    hours = WEEK.hours_on(CHRISTMAS)

    assert hours.periods == ()
    assert (hours.reasons["nl"], hours.reasons["en"]) == ("Eerste kerstdag", "Christmas Day")


def test_special_hours_win_over_a_public_holiday() -> None:
    special = SpecialDay(Period(time(12), time(17)), {"en": "Christmas opening"})

    hours = replace(WEEK, special_days={CHRISTMAS: special}).hours_on(CHRISTMAS)

    assert (hours.periods, hours.reasons) == ((Period(time(12), time(17)),), {"en": "Christmas opening"})


def test_special_day_without_hours_is_closed() -> None:
    stocktaking = replace(WEEK, special_days={TUESDAY: SpecialDay(None, {"nl": "inventarisatie"})})

    assert stocktaking.hours_on(TUESDAY).periods == ()


def test_lunch_break_makes_two_periods_in_order() -> None:
    afternoon, morning = Period(time(13), time(17)), Period(time(9), time(12))

    hours = replace(WEEK, week={1: [afternoon, morning]}).hours_on(TUESDAY)

    assert hours.periods == (morning, afternoon)


@pytest.mark.parametrize(
    ("moment", "open_now", "opens_at"),
    [
        (at(TUESDAY, 12), True, at(TUESDAY, 9, 30)),
        (at(TUESDAY, 9, 30), True, at(TUESDAY, 9, 30)),
        (at(TUESDAY, 8), False, at(TUESDAY, 9, 30)),
        (at(TUESDAY, 18), False, at(date(2026, 11, 4), 9, 30)),
        (at(date(2026, 11, 7), 20), False, at(date(2026, 11, 9), 9, 30)),
        (at(date(2026, 12, 24), 20), False, at(date(2026, 12, 28), 9, 30)),
    ],
    ids=["open", "just opened", "before opening", "just closed", "over the weekend", "over Christmas"],
)
def test_next_opening_is_now_or_the_first_one_to_come(
    moment: datetime, open_now: bool, opens_at: datetime
) -> None:
    opening = WEEK.find_opening(moment, AMSTERDAM)

    assert opening is not None
    assert (opening.open_now, opening.opens_at) == (open_now, opens_at)


def test_night_in_utc_is_already_the_next_day_in_the_store() -> None:
    opening = WEEK.find_opening(datetime(2026, 11, 2, 23, 30, tzinfo=UTC), AMSTERDAM)

    assert opening is not None
    assert opening.opens_at == at(TUESDAY, 9, 30)


def test_store_that_never_opens_has_no_next_opening() -> None:
    assert replace(WEEK, week={}).find_opening(at(TUESDAY, 12), AMSTERDAM) is None


@pytest.mark.parametrize(
    ("day", "country", "is_holiday"),
    [
        (date(2026, 4, 3), "NL", False),
        (date(2026, 4, 6), "NL", True),
        (date(2026, 4, 27), "NL", True),
        (date(2026, 11, 11), "BE", True),
        (date(2026, 11, 11), "NL", False),
        (date(2026, 12, 26), "GB", True),
        (date(2026, 12, 25), "XX", False),
    ],
    ids=["Good Friday", "Easter Monday", "King's Day", "Armistice", "not Dutch", "Boxing Day", "nowhere"],
)
def test_public_holidays_are_those_of_the_country(day: date, country: str, is_holiday: bool) -> None:
    assert bool(holiday_names(day, country)) is is_holiday
