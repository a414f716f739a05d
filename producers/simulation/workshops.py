"""The workshops as they took place: who came, who taught, whose names were kept, who was certified."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from random import Random

from producers.event import Attendee, Role, SkillCertified, WorkshopHeld
from producers.simulation.agenda import Meeting
from producers.simulation.chance import happens, poisson, stream
from producers.simulation.people import Person
from producers.simulation.places import BY_SLUG
from producers.simulation.roster import Roster
from producers.simulation.tool import Notebook
from producers.simulation.visits import Visits

OPEN_DAY_PEOPLE = 60
_AWAY = 0.3
_NAMES_KEPT = {"relais-pontarlier": 0.75, "cowork-yverdon": 0.8}


def hold(seed: int, notebook: Notebook, roster: Roster, visits: Visits, meetings: Iterable[Meeting]) -> str:
    """Note all workshops and who was seen; return the subject of the open day.

    Nobody is at two workshops on one day.
    """
    rng, open_day = stream(seed, "workshops"), ""
    numbers: dict[tuple[str, int], int] = defaultdict(int)
    busy: set[tuple[str, date]] = set()
    planned = list(meetings)
    newcomers = _newcomers(rng, roster, planned)
    for index, meeting in enumerate(planned):
        invited = _who_came(rng, roster, meeting, newcomers[index])
        came = {who: role for who, role in invited.items() if (who.member, meeting.starts.date()) not in busy}
        if "learner" not in came.values() and meeting.kind != "training":
            continue
        busy.update((person.member, meeting.starts.date()) for person in came)
        numbers[meeting.place, meeting.week] += 1
        subject = _subject(meeting, numbers[meeting.place, meeting.week])
        _note(rng, notebook, meeting, subject, came, visits)
        if meeting.kind == "open day":
            open_day = subject
    return open_day


def _newcomers(rng: Random, roster: Roster, meetings: list[Meeting]) -> dict[int, list[Person]]:
    """Return whom each meeting sees for the first time: people come at once or within three weeks."""
    planned: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, meeting in enumerate(meetings):
        if meeting.kind == "workshop":
            planned[meeting.place, meeting.week].append(index)
    found: dict[int, list[Person]] = defaultdict(list)
    for person in roster.people:
        if person.facilitator or person.links:
            continue
        near = [index for week in range(4) for index in planned[person.home, person.joins + week]]
        if near:
            found[rng.choice(near[:6])].append(person)
    return found


def _who_came(rng: Random, roster: Roster, meeting: Meeting, newcomers: list[Person]) -> dict[Person, Role]:
    """Return the people with their role; nobody when no one comes to learn."""
    if meeting.kind == "training":
        return {meeting.instructor: "instructor"} if meeting.instructor else {}
    if meeting.kind == "open day":
        return _open_day(rng, roster, meeting)
    number = poisson(rng, meeting.drop_ins)
    learners = [person for person in meeting.regulars if person.there(meeting.week) and happens(rng, 0.75)]
    learners += newcomers + roster.visitors(rng, meeting.place, meeting.week, number=number, away=_AWAY)
    came: dict[Person, Role] = dict.fromkeys(learners, "learner")
    return came | _staff(rng, roster, meeting) if came else {}


def _staff(rng: Random, roster: Roster, meeting: Meeting) -> dict[Person, Role]:
    staff: dict[Person, Role] = {}
    if happens(rng, 0.2):
        helper = roster.pool(meeting.place, meeting.week).draw(rng)
        staff |= {helper: "helper"} if helper else {}
    if happens(rng, 0.2):
        hosts = [person for person in roster.people if person.facilitator and person.home == meeting.place]
        staff |= {rng.choice(hosts): "organiser"}
    if meeting.instructor and meeting.instructor.there(meeting.week):
        staff[meeting.instructor] = "instructor"
    return staff


def _open_day(rng: Random, roster: Roster, meeting: Meeting) -> dict[Person, Role]:
    """Return sixty people: the staff, and whoever came before, from the same place above all."""
    hosts = [person for person in roster.people if person.facilitator and person.home == meeting.place]
    known = [
        person
        for person in roster.people
        if person.joins <= meeting.week and not person.facilitator and not person.links and not person.alias
    ]

    def reluctance(person: Person) -> tuple[bool, float]:
        gone = not person.passing and not person.there(meeting.week)
        return gone, rng.random() * (1.0 if person.home == meeting.place else 2.5)

    guests = sorted(known, key=reluctance)[: OPEN_DAY_PEOPLE - len(hosts)]
    return {**dict.fromkeys(guests, "learner"), **dict.fromkeys(hosts, "organiser")}


def _subject(meeting: Meeting, number: int) -> str:
    year, week, _ = meeting.starts.isocalendar()
    return f"{meeting.place}:{year}-w{week:02d}-{number}"


def _note(
    rng: Random, notebook: Notebook, meeting: Meeting, subject: str, came: dict[Person, Role], visits: Visits
) -> None:
    ended = meeting.starts + meeting.lasts
    named = _named(rng, meeting, came)
    payload = WorkshopHeld(
        place=meeting.place,
        ended_at=ended,
        skills=list(meeting.skills),
        attendees=named,
        head_count=_head_count(rng, meeting, len(came), len(named)),
    )
    source = BY_SLUG[meeting.place].source
    notebook.write(payload, "held", source=source, key=subject, subject=subject, time=meeting.starts, known_at=ended)
    for attendee in named:
        if attendee.member:
            visits.mark(attendee.member, meeting.starts, meeting.place)
    if meeting.last and named:
        _certify(rng, notebook, meeting, subject, came)


def _named(rng: Random, meeting: Meeting, came: dict[Person, Role]) -> list[Attendee]:
    """Return whose names are kept: nobody's at times, and a visitor's only if consent is not needed or given."""
    if meeting.kind == "workshop" and rng.random() > _NAMES_KEPT.get(meeting.place, 0.96):
        return []
    consent = BY_SLUG[meeting.place].legal_basis == "consent"
    kept = [
        Attendee(member=person.pseudonym(meeting.place), role=role)
        for person, role in came.items()
        if person.consents or person.home == meeting.place or not consent
    ]
    if meeting.kind == "workshop" and happens(rng, 0.01):
        kept.append(Attendee(member=None, role="learner"))
    return kept


def _head_count(rng: Random, meeting: Meeting, came: int, named: int) -> int | None:
    if meeting.kind == "training":
        return rng.randint(4, 9)
    if not named:
        return came + rng.randrange(3)
    return max(came, named) if came > named or happens(rng, 0.15) else None


def _certify(rng: Random, notebook: Notebook, meeting: Meeting, subject: str, came: dict[Person, Role]) -> None:
    """Note who of the regulars leaves the series with a certificate."""
    at = meeting.starts + meeting.lasts + timedelta(minutes=15)
    for person, role in came.items():
        if role != "learner" or person not in meeting.regulars or not happens(rng, 0.5) or not person.agrees:
            continue
        member = person.pseudonym(meeting.place)
        payload = SkillCertified(skill=meeting.skills[0], level=rng.choice((1, 1, 2)), place=meeting.place)
        notebook.write(
            payload,
            "certified",
            source=BY_SLUG[meeting.place].source,
            key=f"{subject}/{member}",
            subject=member,
            time=at,
        )
