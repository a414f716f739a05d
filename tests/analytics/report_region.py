"""A made-up region for the tests of the report, and small networks by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from analytics.report import Content, build_report
from analytics.report.shelf import put
from analytics.report.site import folder, render
from analytics.report.words import LOCALES
from producers.settings import Settings
from warehouse.connection import Connection, memory

WEEK = date(2026, 11, 9)
PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)


def region() -> Connection:
    """Return a warehouse that holds the made-up region."""
    connection = memory()
    connection.execute(Path(__file__).with_name("report_region.sql").read_text(encoding="utf-8"))
    return connection


def told(*statements: str) -> Connection:
    """Return a warehouse that holds what the statements insert."""
    connection = memory()
    for statement in statements:
        connection.execute(statement)
    return connection


def report(connection: Connection, *, week: date = WEEK, present: datetime = PRESENT, threshold: int = 5) -> Content:
    """Return the report of a week."""
    return build_report(connection, week=week, present=present, settings=Settings(threshold_persons=threshold))


def write_report(content: Content, site: Path, languages: Sequence[str] = tuple(LOCALES)) -> list[Path]:
    """Return the files that now hold the report in the site, without a map."""
    files = render(content, languages)
    home = folder(site, content.period.monday)
    put(files, home)
    return [home / name for name in files]


def source(basis: str = "public_data", *, name: str = "urn:s", rhythm: str = "NULL") -> str:
    """Return the statement that tells of a source."""
    return f"""INSERT INTO input VALUES ('{name}', 'A source', '{basis}', NULL, {rhythm}, 1, 1, 0, 0,
        TIMESTAMPTZ '2026-11-16 05:00:00+00')"""


def workshop(number: int, day: str, members: list[str], *, place: str | None = "here", skill: str = "laser") -> str:
    """Return the statements that tell of a workshop, whose first member teaches."""
    where = f"'{place}'" if place else "NULL"
    seats = ", ".join(
        f"('w{number}', '{member}', '{'learner' if rank else 'instructor'}')" for rank, member in enumerate(members)
    )
    event = "'fr.maillage.workshop.held.v1'"
    return f"""
        INSERT INTO workshop VALUES ('w{number}', {where}, TIMESTAMPTZ '{day} 12:00:00+00', NULL, NULL, 'urn:s');
        INSERT INTO workshop_skill VALUES ('w{number}', '{skill}');
        INSERT INTO attendance VALUES {seats};
        INSERT INTO events VALUES ('w{number}', 'urn:s', {event}, 'w{number}', TIMESTAMPTZ '{day} 12:00:00+00',
            TIMESTAMPTZ '{day} 13:00:00+00', 0, {number}, '{{}}');"""


def request(number: int, day: str, requester: str, *, skill: str = "laser", answered_by: str = "") -> str:
    """Return the statements that tell of a request for help, answered the next day by ``answered_by``."""
    answer = f"""
        INSERT INTO help_answer VALUES ('a{number}', 'r{number}', '{answered_by}',
            TIMESTAMPTZ '{day} 12:00:00+00' + INTERVAL 1 DAY, 'urn:s');"""
    event = "'fr.maillage.help.requested.v1'"
    return f"""
        INSERT INTO help_request VALUES ('r{number}', '{requester}', NULL, NULL, TIMESTAMPTZ '{day} 12:00:00+00',
            NULL, NULL, NULL, 'urn:s');
        INSERT INTO help_request_skill VALUES ('r{number}', '{skill}');
        INSERT INTO events VALUES ('r{number}', 'urn:s', {event}, 'r{number}', TIMESTAMPTZ '{day} 12:00:00+00',
            TIMESTAMPTZ '{day} 12:00:00+00', 0, {number}, '{{}}');""" + (answer if answered_by else "")
