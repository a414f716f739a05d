from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from producers.errors import EventError, InputError, UsageError
from producers.event import Event, MemberJoined, MemberLeft, PlaceOpened, WorkshopHeld
from producers.identity import pseudonym
from producers.publish import Summary, publish
from producers.slug import slug
from producers.sources import cells, table
from producers.sources.profile import SHIPPED, Profile, read_profile
from tests.producers.memory_log import MemoryLog

COURSES = """
source: urn:maillage:lab-x
title: Courses of Lab X
legal_basis: consent
zone: Europe/Paris
dates: "%d/%m/%Y"
decimal: ","
events:
  - type: workshop.held
    subject: number
    time: day
    fields:
      place: lab
      head_count: people
      skills: {column: [theme, tags], split: "/", aliases: {Laser Cutting: laser, misc: ""}}
    attendees:
      - {column: teachers, role: instructor, split: "/"}
      - {column: helpers, role: helper, split: "/"}
"""
HEADER = "number;day;lab;people;theme;tags;teachers;helpers;e-mail"
ROW = "7;09/11/2026;École d'Été;12;;laser cutting/ soldering /misc;Ada L./Bob;Bob;ada@example.org"
HOW = Profile(source="urn:maillage:x", title="X", legal_basis="consent", events=[], zone="Europe/Paris")

Read = Callable[..., list[Event]]


class Table:
    """A profile and a file, published into a log."""

    def __init__(self, home: Path, log: MemoryLog, key: bytes) -> None:
        self.home, self.log, self.key = home, log, key

    def publish(self, content: str | bytes, profile: str = COURSES, name: str = "courses.csv") -> Summary:
        (self.home / "profile.yaml").write_text(profile, encoding="utf-8")
        file = self.home / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        fetched = table.fetch(self.key, file=file, profile=str(self.home / "profile.yaml"))
        return publish(fetched, self.log, rejected_file=self.home / "rejected.ndjson")

    def events(self) -> list[Event]:
        return self.log.events()[:-1]

    def reasons(self) -> list[tuple[str, str]]:
        rows = map(json.loads, (self.home / "rejected.ndjson").read_text().splitlines())
        return [(row["where"], row["reason"]) for row in rows]


@pytest.fixture
def courses(tmp_path: Path, log: MemoryLog, key: bytes) -> Table:
    return Table(tmp_path, log, key)


def person(key: bytes, name: str) -> str:
    return pseudonym(key, f"urn:maillage:lab-x#{name}")


def test_a_row_becomes_the_event_that_the_profile_describes(courses: Table, key: bytes) -> None:
    courses.publish(f"{HEADER}\n{ROW}\n")
    (held,) = courses.events()
    assert (held.subject, held.time.isoformat()) == ("lab-x:7", "2026-11-09T11:00:00+00:00")
    assert isinstance(held.data, WorkshopHeld)
    assert (held.data.place, held.data.head_count, held.data.skills) == ("ecole-d-ete", 12, ["laser", "soldering"])
    assert [(each.member, each.role) for each in held.data.attendees] == [
        (person(key, "Ada L."), "instructor"),
        (person(key, "Bob"), "instructor"),
        (person(key, "Bob"), "helper"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_makes_no_difference(courses: Table, encoding: str) -> None:
    assert courses.publish(f"{HEADER}\r\n{ROW}\r\n".encode(encoding)).published == 1


def test_a_byte_order_mark_that_belies_the_declared_encoding_refuses_the_file(courses: Table) -> None:
    with pytest.raises(InputError, match="the file is utf-8, not cp1252"):
        courses.publish(f"{HEADER}\n{ROW}\n".encode("utf-8-sig"), f"encoding: cp1252{COURSES}")


def test_a_declared_encoding_is_used(courses: Table, key: bytes) -> None:
    content = f"{HEADER}\n{ROW.replace('Ada L.', 'Zoé')}\n".encode("cp1252")
    courses.publish(content, f"encoding: cp1252{COURSES}")
    (held,) = courses.events()
    assert isinstance(held.data, WorkshopHeld)
    assert held.data.place == "ecole-d-ete"
    assert held.data.attendees[0].member == person(key, "Zoé")


def test_a_row_in_another_encoding_is_rejected_alone(courses: Table) -> None:
    content = f"{HEADER}\n{ROW}\n".encode() + ROW.encode("cp1252") + f"\n{ROW.replace('7', '8')}\n".encode()
    summary = courses.publish(content)
    assert (summary.published, summary.rejected) == (2, 1)
    assert courses.reasons() == [("line 3", "the line is not utf-8 text")]


def test_a_comma_a_semicolon_or_a_tab_is_seen_in_the_header(courses: Table) -> None:
    for mark in (",", ";", "\t"):
        assert courses.publish(f"{HEADER}\n{ROW}\n".replace(";", mark)).published == 1


def test_what_is_not_mapped_is_thrown_away_and_named(courses: Table) -> None:
    assert courses.publish(f"{HEADER}\n{ROW}\n").dropped == ("e-mail",)
    assert b"example.org" not in b"".join(entry.value for entry in courses.log.entries)


def test_a_missing_column_refuses_the_file_and_says_what_is_there(courses: Table) -> None:
    with pytest.raises(InputError, match=r"courses.csv line 1 has no column 'people' \(columns found: number, day"):
        courses.publish(f"{HEADER.replace('people', 'persons')}\n{ROW}\n")
    assert not courses.log.entries


def test_a_bad_cell_costs_its_row_alone(courses: Table) -> None:
    bad = [
        ROW.replace("12", "-12"),
        ROW.replace("12", "twelve"),
        ROW.replace("12", "1,5"),
        ROW.replace("09/11/2026", "2026-11-09"),
        ROW.replace("09/11/2026", ""),
        ROW.replace("École d'Été", "???"),
        ROW.replace("soldering", "<b>soldering"),
        ROW + ";one more",
        ROW.replace("7;", '"7"x;', 1),
        ROW.replace("7;", ";", 1),
    ]
    summary = courses.publish("\n".join([HEADER, *bad, ROW, ""]))
    assert (summary.published, summary.rejected) == (1, len(bad))
    assert [where for where, _ in courses.reasons()] == [f"line {number}" for number in range(2, 12)]


def test_a_line_of_fifty_megabytes_costs_its_row_alone(courses: Table) -> None:
    summary = courses.publish(f"{HEADER}\n{ROW}{'x' * 50_000_000}\n{ROW}\n")
    assert (summary.published, summary.rejected) == (1, 1)


def test_a_file_that_is_cut_off_loses_its_last_row_only(courses: Table) -> None:
    summary = courses.publish(f"{HEADER}\n{ROW}\n{ROW[:20]}")
    assert (summary.published, summary.rejected) == (1, 1)


@pytest.mark.parametrize("garbage", [b"", b"\x00\xff\xfe" * 1000, b"\x89PNG\r\n\x1a\n" * 99, b'"' * 99])
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_garbage_is_refused_in_one_line(courses: Table, garbage: bytes, kind: str) -> None:
    with pytest.raises(InputError) as caught:
        courses.publish(garbage, f"format: {kind}{COURSES}")
    assert "\n" not in str(caught.value)


def test_a_cell_may_hold_a_line_break(courses: Table) -> None:
    summary = courses.publish(f"{HEADER}\n{ROW.replace('ada@example.org', chr(34) + 'a' + chr(10) + 'b' + chr(34))}\n")
    assert summary.published == 1


def test_ids_beyond_two_to_the_53_stay_exact(courses: Table) -> None:
    row = dict(zip(HEADER.split(";"), ROW.split(";"), strict=True)) | {"number": 9007199254740993}
    courses.publish(json.dumps([row]), f"format: json{COURSES}", "courses.json")
    courses.publish(f"{HEADER}\n{ROW.replace('7;', '9007199254740993;', 1)}\n")
    assert {each.subject for each in courses.log.events()} == {"lab-x:9007199254740993", "urn:maillage:lab-x"}


def test_a_json_file_that_is_cut_off_is_refused(courses: Table) -> None:
    with pytest.raises(InputError, match="may be cut off"):
        courses.publish('[{"number": 1, "day', f"format: json{COURSES}")


def test_a_json_row_without_a_column_refuses_the_file(courses: Table) -> None:
    row = dict.fromkeys(HEADER.split(";"), "1")
    with pytest.raises(InputError, match="item 2 has no column 'lab'"):
        courses.publish(json.dumps([row, {"number": 1, "day": ""}]), f"format: json{COURSES}")


MEMBERS = """
source: urn:maillage:lab-x
title: Members
legal_basis: consent
events:
  - type: member.joined
    subject: email
    time: since
    fields: {facilitator: staff, public: {column: kind, aliases: {entreprise: company}}, organisation: firm}
  - {type: member.left, subject: email, time: until, when: until}
"""


def test_persons_and_firms_become_pseudonyms_without_being_told(courses: Table, key: bytes) -> None:
    rows = "email,since,until,staff,kind,firm\n"
    rows += "a@example.org,2026-01-05T09:00:00+01:00,2026-02-01T09:00:00Z,oui,Entreprise,ACME\n"
    summary = courses.publish(rows + "b@example.org,2026-01-05T09:00:00,,non,,\n", MEMBERS)
    joined, left = courses.events()
    firm = pseudonym(key, "urn:maillage:lab-x#ACME", kind="organisation")
    assert joined.subject == left.subject == person(key, "a@example.org")
    assert joined.data == MemberJoined(facilitator=True, public="company", organisation=firm)
    assert left.data == MemberLeft()
    assert summary.rejected == 1
    assert "a time has no zone" in courses.reasons()[0][1]


def test_an_id_can_not_be_guessed_from_a_name(tmp_path: Path, log: MemoryLog) -> None:
    rows = "email,since,until,staff,kind,firm\na@example.org,2026-01-05T09:00:00Z,,,,\n"
    ids = set()
    for key in (bytes(32), bytes(31) + b"x"):
        courses = Table(tmp_path, log, key)
        courses.publish(rows, MEMBERS)
        ids.add(log.events()[-2].id)
    assert len(ids) == 2


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (("title:", "titel:"), r"unknown key in the profile 'titel' \(known: .*title"),
        (("    time:", "    tiem:"), r"unknown key in events 'tiem' \(known: .*time"),
        (("aliases:", "alias:"), r"unknown key in a cell 'alias' \(known: aliases"),
        (("role: helper", "rule: helper"), r"unknown key in attendees 'rule' \(known: column, role, split"),
        (("role: helper", "role: boss"), "Invalid enum value 'boss'"),
        (("legal_basis: consent", "legal_basis: hope"), "Invalid enum value 'hope'"),
        (("Europe/Paris", "Europe/Belfort"), "unknown time zone 'Europe/Belfort'"),
        (("workshop.held", "workshop.dreamt"), "unknown event type 'workshop.dreamt'"),
        (("head_count:", "heads:"), r"unknown field of workshop.held 'heads' \(known: ended_at, head_count"),
        (("source: urn:maillage:lab-x", "source: lab x"), "source"),
        (("events:", "events: ["), "is not YAML"),
        (("workshop.held", "member.left"), "unknown field of member.left|has no attendees"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused_with_the_known_names(
    courses: Table, damage: tuple[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        courses.publish(f"{HEADER}\n{ROW}\n", COURSES.replace(*damage))


def test_an_unknown_profile_is_refused_with_those_that_there_are() -> None:
    for name in ("carpentry", "", "../profiles/carpentries-badges", "x" * 5000):
        with pytest.raises(UsageError, match="carpentries-badges, carpentries-workshops, places-bretagne") as caught:
            read_profile(name)
        assert len(str(caught.value)) < 300


def test_a_missing_file_is_refused(tmp_path: Path, key: bytes) -> None:
    with pytest.raises(InputError, match="can't be read"):
        table.fetch(key, file=tmp_path / "none.csv", profile="carpentries-badges")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_shipped_profile_is_read_and_has_at_most_25_lines(path: Path) -> None:
    assert read_profile(path.stem).source == f"urn:maillage:{path.stem}"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 25


@pytest.mark.parametrize(
    ("written", "formats", "instant"),
    [
        ("2026-11-09", (), "2026-11-09T11:00:00+00:00"),
        ("2026-07-09", (), "2026-07-09T10:00:00+00:00"),
        ("2026-11-09T08:30:00", (), "2026-11-09T07:30:00+00:00"),
        ("2026-11-09T08:30:00-05:00", (), "2026-11-09T13:30:00+00:00"),
        ("09/11/2026 08:30", ("%d/%m/%Y", "%d/%m/%Y %H:%M"), "2026-11-09T07:30:00+00:00"),
        ("2026-10-25T02:30:00", (), "2026-10-25T00:30:00+00:00"),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_profile(written: str, formats: tuple[str, ...], instant: str) -> None:
    how = Profile(source=HOW.source, title="X", legal_basis="consent", events=[], zone=HOW.zone, dates=list(formats))
    assert cells.instant(written, how).isoformat() == instant


def test_numbers_are_read_with_the_decimal_mark_of_the_profile() -> None:
    comma = Profile(source=HOW.source, title="X", legal_basis="consent", events=[], decimal=",")
    assert cells.number("-47,51", comma) == -47.51
    assert cells.number("47.51", HOW) == 47.51
    for bad in ("47,51", "NaN", "Infinity", "", "1e999999"):
        with pytest.raises(EventError):
            cells.whole_number(bad, HOW)
    with pytest.raises(EventError):
        cells.number("NaN", HOW)


@given(st.text())
def test_a_slug_is_stable_and_plain_or_refused(name: str) -> None:
    try:
        made = slug(name)
    except EventError:
        return
    assert slug(made) == made
    assert made.replace("-", "a").isalnum()
    assert made.isascii()


def test_a_slug_keeps_what_latin_letters_say() -> None:
    assert slug("  Œuvre n° 4 : L’Atelier, Gießen & Łódź ") == "oeuvre-n-4-l-atelier-giessen-lodz"


def real(log: MemoryLog, file: Path, profile: str, home: Path) -> Summary:
    return publish(table.fetch(bytes(32), file=file, profile=profile), log, rejected_file=home / "rejected")


def test_the_people_of_the_workshops_are_counted_as_written(
    real_data: Callable[[str], Path], log: MemoryLog, tmp_path: Path
) -> None:
    file = real_data("carpentries/all_past_workshops.json")
    summary = real(log, file, "carpentries-workshops", tmp_path)
    held = [(each.subject, each.data) for each in log.events() if isinstance(each.data, WorkshopHeld)]
    roles = [(name, each.member, each.role) for name, workshop in held for each in workshop.attendees]
    assert (summary.read, summary.published, summary.rejected) == (2966, 2966, 0)
    assert len({member for _, member, _ in roles}) == 5651
    assert len({(name, member) for name, member, _ in roles}) == 14466
    assert (len(roles), len(set(roles))) == (14656, 14656)
    assert len({name for name, _ in held}) == 2966


def test_every_badge_and_every_place_arrives(real_data: Callable[[str], Path], log: MemoryLog, tmp_path: Path) -> None:
    badges = real(log, real_data("carpentries/badged_instructors_country.csv"), "carpentries-badges", tmp_path)
    places = real(log, real_data("places-bretagne/places.geojson"), "places-bretagne", tmp_path)
    assert (badges.published, badges.rejected, places.published, places.rejected) == (1925, 0, 121, 0)
    opened = [each for each in log.events() if isinstance(each.data, PlaceOpened)]
    assert len({each.subject for each in opened}) == 121
    assert all(each.data.country == "FR" for each in opened if isinstance(each.data, PlaceOpened))
    assert len({each.id for each in log.events()}) == 1925 + 121 + 2
