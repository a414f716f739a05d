"""The weeks that are like no other, as their readers read them: each page against the one that was last looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from analytics.disclosure import Cell
from analytics.report.content import Content
from analytics.report.page import page
from analytics.report.revision import Revision, revisions_page
from analytics.report.state import Corrected
from analytics.week import Week
from tests.analytics.report_region import report, request, source, told, workshop
from tests.report.golden import compare
from warehouse.connection import Connection

LANGUAGES = ("fr", "en", "de")
TEN = [f"p{number}" for number in range(10)]
HELPER = "p9"


def weeks_of_life(last: date, weeks: int, *, rhythm: str = "NULL", silent: int = 0) -> Connection:
    """Return a network of two places with a workshop and some requests a week, up to the week of the Monday ``last``.

    Its second source is still for the last ``silent`` weeks.
    """
    statements = [source(rhythm=rhythm), source(name="urn:help", rhythm="7")]
    for number in range(weeks):
        monday = last - timedelta(weeks=weeks - 1 - number)
        day = (monday + timedelta(days=1 + number % 3)).isoformat()
        people = TEN[number % 3 : 6 + number % 4 + number % 3]
        statements.append(workshop(number, day, people, place="here", skill="laser-cutting"))
        statements.append(workshop(1000 + number, day, people[1:7], place="there", skill="soldering"))
        if number < weeks - silent:
            statements += [
                request(10 * number + turn, day, TEN[turn], skill="soldering", answered_by=HELPER if turn % 2 else "")
                for turn in range(4 + number % 4)
            ]
    return told(*statements, "UPDATE help_request SET source = 'urn:help'", *_helped())


def _helped() -> list[str]:
    """Return what says that help is told of by a source of its own, and what the places are called."""
    places = ("('here', 'Le Lieu', 'fablab', 'FR', 47.2, 6.0)", "('there', 'Werkstatt', 'fablab', 'CH', 47.1, 7.2)")
    return [
        "UPDATE help_answer SET source = 'urn:help'",
        "UPDATE events SET source = 'urn:help' WHERE type = 'fr.maillage.help.requested.v1'",
        f"INSERT INTO place (place, name, kind, country, latitude, longitude) VALUES {', '.join(places)}",
    ]


def after(monday: date) -> datetime:
    """Return the Monday after a week, when its report is due."""
    return datetime(monday.year, monday.month, monday.day, 5, tzinfo=UTC) + timedelta(weeks=1)


def of(network: Connection, monday: date) -> Content:
    """Return the report of a week when it was due."""
    return report(network, week=monday, present=after(monday))


def week_53() -> Content:
    """Return the report of the week 2026-W53, which has no counterpart a year before but the week 364 days ago."""
    return of(weeks_of_life(date(2026, 12, 28), 56), date(2026, 12, 28))


def clock_change() -> Content:
    """Return the report of the week with the night of 25 October 2026, an hour longer than others."""
    return of(weeks_of_life(date(2026, 10, 19), 30), date(2026, 10, 19))


def august() -> Content:
    """Return the report of a week in August, in which places are closed."""
    return of(weeks_of_life(date(2026, 8, 10), 30), date(2026, 8, 10))


def silent_source() -> Content:
    """Return the report of a week in which a source has been still for six weeks, a week being usual for it."""
    return of(weeks_of_life(date(2026, 11, 9), 30, silent=6), date(2026, 11, 9))


def empty() -> Content:
    """Return the report of a network of which nothing was ever told."""
    return of(told(), date(2026, 11, 9))


def first_week() -> Content:
    """Return the report of the first week of a network."""
    return of(weeks_of_life(date(2026, 11, 9), 1), date(2026, 11, 9))


def two_members() -> Content:
    """Return the report of a week of a place that two people know: nothing of them is shown."""
    statements = [workshop(number, f"2026-11-{2 + number:02}", TEN[:2], place="small") for number in range(9)]
    asked = [request(number, "2026-11-02", TEN[number % 2]) for number in range(4)]
    return of(told(source(), *statements, *asked, "UPDATE help_request SET place = 'small'"), date(2026, 11, 9))


def to_correct() -> Content:
    """Return a report that a person holds for wrong."""
    return replace(first_week(), to_correct="Les présences de mardi comptent double")


WORLDS = {
    each.__name__: each
    for each in (week_53, clock_change, august, silent_source, empty, first_week, two_members, to_correct)
}


@pytest.fixture(scope="module", params=list(WORLDS))
def world(request: pytest.FixtureRequest) -> tuple[str, Content]:
    return request.param, WORLDS[request.param]()


def test_a_page_reads_as_it_did_when_it_was_last_looked_at(world: tuple[str, Content]) -> None:
    name, content = world
    for language in LANGUAGES if name in ("week_53", "two_members") else LANGUAGES[:1]:
        compare(f"{name}.{language}", page(content, language))


def test_the_days_of_these_weeks_are_those_of_the_calendar() -> None:
    periods = [each.period for each in (week_53(), clock_change(), august())]
    assert [each.week for each in periods] == ["2026-W53", "2026-W43", "2026-W33"]
    assert periods[0].sunday == date(2027, 1, 3)
    assert [each.closed for each in periods] == [True, False, True]
    assert all(each.over for each in periods)


def test_nothing_of_two_members_is_shown() -> None:
    content = two_members()
    marks = {each.name: each.value.mark for each in content.indicators if each.name != "workshops"}
    assert "shown" not in {mark for name, mark in marks.items() if name not in ("skills_taught", "active_places")}
    assert content.places.rows[0].members.mark == content.places.rows[0].requests.mark == "suppressed"


def test_a_silent_source_is_told_of_and_its_weeks_are_no_decline() -> None:
    content = silent_source()
    assert [each.days for each in content.status.silent] != []
    assert content.status.heard == content.status.sources - 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_revision_reads_as_it_did_when_it_was_last_looked_at(language: str) -> None:
    changes = [
        Corrected(indicator="active_members", unit="count", before=Cell(14.0, "shown"), after=Cell(17.0, "shown")),
        Corrected(
            indicator="newcomers", unit="count", before=Cell(None, "suppressed", "count", 5), after=Cell(6.0, "shown")
        ),
    ]
    figures = {"indicators": 2, "places": 1, "waiting": 3}
    every = [
        Revision(at=datetime(2026, 11, 18, 8, 30, tzinfo=UTC), figures={}, indicators=[]),
        Revision(at=datetime(2026, 11, 29, 23, 30, tzinfo=UTC), figures=figures, indicators=changes),
    ]
    compare(f"revision.{language}", revisions_page(every, Week(date(2026, 11, 9)), language))
