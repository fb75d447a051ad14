"""The part of the content check that is about teams: what they name exists, and their hours are told."""

from __future__ import annotations

from collections.abc import Iterator

from balie.content.filters import LOCALES, Filters
from balie.content.findings import Finding, Rule
from balie.content.library import Library, SourceFile
from balie.content.teams import Team, TeamFile


def _teams_are_complete(library: Library) -> Iterator[Finding]:
    file = library.team_file
    if file is None:
        return
    known = {*library.intents, *(topic.content.topic for topic in library.topics)}
    for index, team in enumerate(file.content.teams):
        for language in library.languages:
            if language not in team.name:
                message = f"the team {team.id} has no name in {language}"
                yield _finding(file, "missing-translation", message, "teams", index, "name")
            yield from _untold_reasons(file, index, team, language)
        for topic in team.topics:
            if topic not in known:
                message = f"the team {team.id} knows about {topic}, which is neither an intent nor a topic"
                yield _finding(file, "unknown-topic", message, "teams", index, "topics")
    yield from _unspoken_languages(library, file)


def _untold_reasons(file: SourceFile[TeamFile], index: int, team: Team, language: str) -> Iterator[Finding]:
    for position, special in enumerate(team.special_days):
        if special.reason and language not in special.reason:
            message = f"{special.day} of the team {team.id} has no reason in {language}"
            yield _finding(file, "missing-translation", message, "teams", index, "special_days", position)


def _unspoken_languages(library: Library, file: SourceFile[TeamFile]) -> Iterator[Finding]:
    missing = [each for each in library.languages if each not in file.content.default_team.languages]
    for language in missing:
        message = f"the default team {file.content.default} does not speak {language}"
        yield _finding(file, "unspoken-language", message, "default")


def _customers_are_told_the_hours(library: Library) -> Iterator[Finding]:
    """What the shop says of the hours of people is what the default team keeps to."""
    file = library.team_file
    told = library.shop.get("contact", {}).get("people_hours")
    if file is None or told is None:
        return
    for language in library.languages:
        if language not in LOCALES:
            continue
        filters = Filters(language, library.words, library.shop["currency"])
        kept = filters.week(file.content.default_team.week)
        if told.get(language) != kept:
            message = f'the default team is there {kept}; shop.yml tells customers "{told.get(language)}"'
            index = file.content.teams.index(file.content.default_team)
            yield _finding(file, "other-hours", message, "teams", index, "hours")


def _finding(file: SourceFile[TeamFile], rule: str, message: str, *place: str | int) -> Finding:
    return Finding(file.yaml.path, file.yaml.line_of(place), rule, message)


TEAM_RULES: tuple[Rule, ...] = (_teams_are_complete, _customers_are_told_the_hours)
