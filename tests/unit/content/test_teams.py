from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from balie.content.errors import ContentBrokenError
from balie.content.library import load_library
from balie.content.teams import Team, TeamFile
from balie.settings import PROJECT_ROOT
from tests.unit.content.support import Shop

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WORKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
TEAMS: dict[str, Any] = {
    "default": "service",
    "teams": [
        {
            "id": "service",
            "name": {"nl": "Klantenservice", "en": "Customer service"},
            "languages": ["nl", "en", "fr"],
            "topics": [],
            "country": "NL",
            "hours": [
                {"days": WORKDAYS, "opens_at": "08:30", "closes_at": "21:00"},
                {"days": ["saturday"], "opens_at": "09:00", "closes_at": "17:00"},
            ],
            "special_days": [{"day": "2026-12-24", "opens_at": "08:30", "closes_at": "17:00"}],
            "sla": {"first_reply_minutes": 5, "next_reply_minutes": 5, "resolution_minutes": 1440},
        },
        {
            "id": "workshop",
            "name": {"nl": "Werkplaats", "en": "Workshop"},
            "languages": ["nl"],
            "topics": ["return_item"],
            "country": "NL",
            "hours": [{"days": WORKDAYS, "opens_at": "09:00", "closes_at": "17:30"}],
            "sla": {"first_reply_minutes": 15, "next_reply_minutes": 15, "resolution_minutes": 2880},
        },
    ],
}
TOLD = {
    "nl": "maandag t/m vrijdag 8.30–21.00 uur, zaterdag 9.00–17.00 uur",
    "en": "Monday to Friday 8:30 am–9 pm, Saturday 9 am–5 pm",
}


@pytest.fixture
def staffed(shop: Shop) -> Shop:
    shop.teams = deepcopy(TEAMS)
    shop.facts["contact"] = {"people_hours": dict(TOLD)}
    return shop


def team_file() -> TeamFile:
    return TeamFile.model_validate(deepcopy(TEAMS))


def service() -> Team:
    return team_file().default_team


def opening(moment: datetime) -> tuple[bool, datetime]:
    found = service().calendar.find_opening(moment, AMSTERDAM)
    assert found is not None
    return found.open_now, found.opens_at.astimezone(UTC)


def test_teams_without_fault_have_no_findings(staffed: Shop) -> None:
    assert staffed.check() == []


def test_a_shop_without_teams_has_none(shop: Shop) -> None:
    library = load_library(shop.write())

    assert library.teams == ()
    assert shop.check() == []


def test_the_teams_of_the_library_are_those_of_the_file(staffed: Shop) -> None:
    library = load_library(staffed.write())

    assert [team.id for team in library.teams] == ["service", "workshop"]
    assert library.topic_of_intent["return_item"] == "all"


def test_a_team_is_there_in_the_hours_of_its_week() -> None:
    assert opening(datetime(2026, 11, 27, 19, 59, tzinfo=UTC))[0]
    assert opening(datetime(2026, 11, 27, 20, 0, tzinfo=UTC)) == (
        False,
        datetime(2026, 11, 28, 8, tzinfo=UTC),
    )


def test_a_team_keeps_a_special_day_and_its_countrys_holidays() -> None:
    assert opening(datetime(2026, 12, 24, 15, 59, tzinfo=UTC))[0]
    after_christmas = datetime(2026, 12, 28, 7, 30, tzinfo=UTC)
    assert opening(datetime(2026, 12, 24, 16, 0, tzinfo=UTC)) == (False, after_christmas)


def test_a_team_that_knows_about_it_and_speaks_the_language_answers_else_the_default_one() -> None:
    teams = team_file()

    assert teams.team_for(["return_item", "returns"], "nl").id == "workshop"
    assert teams.team_for(["return_item", "returns"], "fr").id == "service"
    assert teams.team_for(["track_order", "orders"], "nl").id == "service"
    assert teams.team_for([], "nl").id == "service"


def test_a_team_is_found_by_its_name() -> None:
    found = team_file().find("workshop")

    assert found is not None
    assert found.sla.first_reply_minutes == 15
    assert team_file().find("kitchen") is None


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (("default",), "kitchen", "the default team kitchen is not among the teams"),
        (("teams", 1, "id"), "service", "two teams are called service"),
        (("teams", 0, "hours", 0, "opens_at"), 510, "write a time in quotes"),
        (("teams", 0, "hours", 0, "closes_at"), "08:30", "it closes before it opens"),
        (("teams", 0, "hours", 0, "days"), ["moonday"], "moonday is no weekday"),
        (("teams", 0, "special_days", 0, "closes_at"), None, "both times, or none"),
        (("teams", 0, "sla", "first_reply_minutes"), 0, "greater than or equal to 1"),
        (("teams", 0, "languages"), [], "at least 1 item"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_line(
    staffed: Shop, place: tuple[str | int, ...], value: object, problem: str
) -> None:
    where: Any = staffed.teams
    for part in place[:-1]:
        where = where[part]
    where[place[-1]] = value

    with pytest.raises(ContentBrokenError, match=problem) as refused:
        load_library(staffed.write())

    assert refused.value.path == staffed.folder / "desk" / "teams.yml"


def test_the_line_of_a_fault_is_told(staffed: Shop) -> None:
    assert staffed.teams is not None
    staffed.teams["teams"][1]["country"] = None

    with pytest.raises(ContentBrokenError) as refused:
        load_library(staffed.write())

    lines = (staffed.folder / "desk" / "teams.yml").read_text("utf-8").splitlines()
    assert "country: null" in lines[refused.value.line - 1]


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        (("teams", 1, "name"), {"nl": "Werkplaats"}, "missing-translation"),
        (("teams", 0, "special_days", 0, "reason"), {"nl": "Kerst"}, "missing-translation"),
        (("teams", 1, "topics"), ["cooking"], "unknown-topic"),
        (("teams", 0, "languages"), ["nl"], "unspoken-language"),
        (("teams", 0, "hours", 0, "closes_at"), "20:00", "other-hours"),
    ],
)
def test_a_fault_in_the_teams_is_found(
    staffed: Shop, place: tuple[str | int, ...], value: object, rule: str
) -> None:
    where: Any = staffed.teams
    for part in place[:-1]:
        where = where[part]
    where[place[-1]] = value

    assert staffed.rules_broken() == {rule}


def test_a_topic_may_be_a_whole_topic_of_articles(staffed: Shop) -> None:
    assert staffed.teams is not None
    staffed.teams["teams"][1]["topics"] = ["all"]

    assert staffed.check() == []


def test_the_demo_shops_workshop_answers_about_the_guarantee() -> None:
    library = load_library(Path(PROJECT_ROOT) / "data")

    assert library.team_file is not None
    assert library.team_file.content.team_for(["warranty"], "en").id == "workshop"
    assert library.team_file.content.default_team.id == "service"
