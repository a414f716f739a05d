"""What was restated: a report says what the one before it did not know, and why, and never more than it may."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.disclosure import MISSING, WITHHELD, ZERO, Cell
from analytics.report import Content, build_report
from analytics.report.cause import restated as sentences
from analytics.report.page import page
from analytics.report.words import LOCALES, Words
from analytics.restatement import Late, LateEvents, Restated, Restatement, due, restated
from analytics.week import Week
from producers.event import (
    Attendee,
    ConsentWithdrawn,
    Event,
    EventRetracted,
    HelpRequested,
    InputSummarised,
    Payload,
    PlaceOpened,
    WorkshopHeld,
    encode,
)
from producers.log import Entry
from producers.log.folder import FolderLog
from producers.settings import Settings
from tests.analytics.report_region import write_report
from tests.story import person, tell
from warehouse.connection import read, write
from warehouse.ingest import ingest
from warehouse.mart import refresh

pytestmark = pytest.mark.integration
BEFORE, WEEK = date(2026, 11, 2), date(2026, 11, 9)
IN_TIME, TOO_LATE = datetime(2026, 11, 9, 4, tzinfo=UTC), datetime(2026, 11, 10, 8, tzinfo=UTC)
PRESENT = datetime(2026, 11, 16, 6, tzinfo=UTC)
SUMMARY = InputSummarised(title="Le guichet", legal_basis="public_data", read=1, published=1, ignored=0, rejected=0)
OPENING = [
    tell(SUMMARY, "urn:test", "2026-10-01"),
    tell(PlaceOpened(name="Montbéliard"), "montbeliard", "2026-10-01"),
    tell(PlaceOpened(name="Le Bocal"), "bocal", "2026-10-01"),
]
Story = Callable[[Sequence[Event], Sequence[Event]], Content]


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Give a function that tells some events in time, others late, and returns the report of the week after."""

    def told(in_time: Sequence[Event], late: Sequence[Event]) -> Content:
        log, path = FolderLog(tmp_path / "log"), tmp_path / "warehouse.duckdb"
        for events, recorded_at in ((in_time, IN_TIME), (late, TOO_LATE)):
            log.append([Entry(each.key, encode(each)) for each in events], recorded_at=recorded_at)
        ingest(log, path)
        with write(path) as connection:
            refresh(connection)
        with read(path) as connection:
            return build_report(connection, week=WEEK, present=PRESENT, settings=Settings())

    return told


def held(number: int, *, place: str = "montbeliard", people: Sequence[int] = range(6)) -> Event:
    """Return a workshop of the week before, on its Tuesday."""
    attendees = [Attendee(member=person(each), role="learner") for each in people]
    return tell(WorkshopHeld(place=place, skills=["laser"], attendees=attendees), f"w{number}", "2026-11-03")


def asked(number: int, *, by: int) -> Event:
    return tell(HelpRequested(skills=["laser"], requester=person(by)), f"q{number}", "2026-11-03")


def retracted(event: Event, day: str = "2026-11-09") -> Event:
    taken_back: Payload = EventRetracted(source=event.source, id=event.id, reason="mistake")
    return tell(taken_back, event.subject, day, change="retracted")


def count(content: Content, name: str) -> Restated:
    assert content.restatement is not None
    return next(each for each in content.restatement.counts if each.name == name)


def said(content: Content, language: str) -> dict[str, str]:
    assert content.restatement is not None
    return dict(sentences(content.restatement, Words(language)))


def test_fourteen_workshops_became_seventeen(story: Story) -> None:
    content = story([*OPENING, *map(held, range(14))], list(map(held, range(14, 17))))
    assert content.restatement is not None
    assert (content.restatement.week, content.restatement.due) == ("2026-W45", datetime(2026, 11, 9, 5, tzinfo=UTC))
    three = [Late(origin="Montbéliard", events=Cell(3, "shown"))]
    assert count(content, "workshops") == Restated(
        name="workshops", then=Cell(14, "shown"), now=Cell(17, "shown"), late=three, retracted=ZERO
    )
    french = "14, maintenant 17\u00a0: 3 événements tardifs de Montbéliard"
    assert said(content, "fr")["Ateliers tenus"] == french
    assert said(content, "en")["Workshops held"] == "14, now 17: 3 late events from Montbéliard"
    assert french in page(content, "fr")
    assert "chiffres de la semaine 45 revus depuis" in page(content, "fr")
    assert "figures of week 45 revised since" in page(content, "en")


def test_one_is_singular_and_the_article_is_drawn_together(story: Story) -> None:
    content = story([*OPENING, held(1), held(2)], [held(3, place="bocal")])
    assert said(content, "fr")["Ateliers tenus"] == "2, maintenant 3\u00a0: 1 événement tardif du Bocal"
    assert said(content, "en")["Workshops held"] == "2, now 3: 1 late event from Le Bocal"


def test_a_correction_is_a_retraction_and_a_late_event(story: Story) -> None:
    wrong = held(1)
    content = story([*OPENING, wrong, held(2), held(3)], [retracted(wrong)])
    assert said(content, "fr")["Ateliers tenus"] == "3, maintenant 2\u00a0: 1 retrait"
    assert said(content, "en")["Workshops held"] == "3, now 2: 1 retraction"


def test_what_came_late_and_was_taken_back_is_nothing(story: Story) -> None:
    mistaken = held(9)
    assert story([*OPENING, held(1)], [mistaken, retracted(mistaken)]).restatement is None


def test_the_first_load_of_all_restates_nothing(story: Story) -> None:
    assert story([], [*OPENING, *map(held, range(17))]).restatement is None


def test_what_was_never_told_of_before_is_no_correction(story: Story) -> None:
    content = story([*OPENING, held(1)], [asked(number, by=number) for number in range(6)])
    assert "requests" not in [
        each.name for each in (content.restatement or Restatement(week="", due=PRESENT, counts=[])).counts
    ]


def test_a_hidden_count_stays_hidden_and_so_does_the_number_of_events(story: Story) -> None:
    few = [asked(number, by=number) for number in range(4)]
    content = story([*OPENING, held(1), *few], [asked(number, by=number) for number in range(4, 7)])
    requests = count(content, "requests")
    assert (requests.then.mark, requests.now) == ("suppressed", Cell(7, "shown"))
    assert requests.late == [Late(origin="Le guichet", events=WITHHELD)]
    assert said(content, "fr")["Demandes d’aide"] == "moins de 5, maintenant 7\u00a0: des événements tardifs du guichet"
    assert said(content, "en")["Requests for help"] == "fewer than 5, now 7: late events from Le guichet"


def test_of_two_hidden_counts_nothing_is_said(story: Story) -> None:
    content = story([*OPENING, held(1), asked(1, by=1)], [asked(2, by=2), held(2)])
    assert content.restatement is not None
    assert "requests" not in [each.name for each in content.restatement.counts]


def test_who_objects_is_no_correction(story: Story) -> None:
    objection = tell(ConsentWithdrawn(purpose="analytics"), person(5), "2026-11-08")
    assert story([*OPENING, held(1, people=range(7))], [objection]).restatement is None


def test_the_json_holds_it_and_follows_its_schema(story: Story, tmp_path: Path) -> None:
    content = story([*OPENING, *map(held, range(14))], list(map(held, range(14, 17))))
    written = {path.name: path for path in write_report(content, tmp_path / "site", languages=("fr",))}
    numbers, schema = written["report.json"], written["report.schema.json"]
    found = json.loads(numbers.read_text(encoding="utf-8"))
    jsonschema.validate(found, json.loads(schema.read_text(encoding="utf-8")), jsonschema.Draft202012Validator)
    workshops = next(each for each in found["restatement"]["counts"] if each["name"] == "workshops")
    assert (workshops["then"]["value"], workshops["now"]["value"]) == (14, 17)
    assert not re.search(r"m_[0-9a-f]{24}", numbers.read_text(encoding="utf-8"))


def test_a_report_is_due_on_monday_at_six_by_the_clocks_of_paris() -> None:
    assert due(Week(BEFORE)) == datetime(2026, 11, 9, 5, tzinfo=UTC)
    assert due(Week(date(2026, 6, 1))) == datetime(2026, 6, 8, 4, tzinfo=UTC)


@pytest.mark.parametrize("language", LOCALES)
def test_many_origins_are_named_in_part(language: str) -> None:
    late = [LateEvents("workshop.held", f"Lieu {number}", 9 - number, 0) for number in range(5)]
    (found,) = restated({"workshops": Cell(1, "shown")}, {"workshops": Cell(36, "shown")}, late)
    ((_, sentence),) = sentences(Restatement(week="2026-W45", due=PRESENT, counts=[found]), Words(language))
    assert "9" in sentence
    assert "Lieu 1" in sentence
    assert "Lieu 2" not in sentence
    assert "18" in sentence


marks = st.one_of(
    st.integers(1, 50).map(lambda value: Cell(float(value), "shown")),
    st.sampled_from([ZERO, MISSING, WITHHELD, Cell(None, "suppressed", "count", 5)]),
)


@given(then=marks, now=marks, late=st.integers(0, 30), gone=st.integers(0, 3))
def test_no_number_of_events_stands_beside_a_hidden_count(then: Cell, now: Cell, late: int, gone: int) -> None:
    for found in restated({"requests": then}, {"requests": now}, [LateEvents("help.requested", "ici", late, gone)]):
        assert then != now
        numbers = [*[each.events.value for each in found.late], found.retracted.value or None]
        if "suppressed" in (then.mark, now.mark):
            assert not any(numbers)
        else:
            assert [each for each in numbers if each] == [float(each) for each in (late, gone) if each]
