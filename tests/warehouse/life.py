"""A small life of a place, told in events, and the tables that the warehouse makes of it."""

from __future__ import annotations

from typing import Any

import msgspec

from producers.event import (
    Attendee,
    ConsentGiven,
    ConsentWithdrawn,
    Event,
    EventRetracted,
    HelpAnswered,
    HelpClosed,
    HelpRequested,
    IdentityLinked,
    IdentityUnlinked,
    InputSummarised,
    MachineUsed,
    MemberErased,
    MemberJoined,
    MemberLeft,
    MemberRenewed,
    OrganisationJoined,
    OrganisationLeft,
    PlaceClosed,
    PlaceOpened,
    PlaceUpdated,
    SkillCertified,
    SkillDeclared,
    SkillLapsed,
    WorkshopHeld,
)
from tests.story import person, tell
from warehouse.connection import Connection

MARTS = (
    *("place", "organisation", "membership", "identity", "consent", "workshop", "workshop_skill", "attendance"),
    *("machine_use", "help_request", "help_request_skill", "help_answer", "skill_statement", "input"),
    *("member", "hidden", "skill_evidence", "appearance", "span"),
)


def story() -> list[Event]:
    """Return a small life of a place: every kind of event that the marts read."""
    answer = tell(HelpAnswered(answer="a2", helper=person(1)), "q1", "2026-01-10")
    return [
        tell(PlaceOpened(name="Lab", country="FR", latitude=47.0, longitude=6.0), "lab", "2026-01-01"),
        tell(PlaceUpdated(name="Le Lab"), "lab", "2026-03-01"),
        tell(PlaceOpened(name="Atelier", country="CH"), "atelier", "2026-01-01"),
        tell(PlaceClosed(), "atelier", "2026-04-01"),
        tell(MemberJoined(place="lab", public="company"), person(1), "2026-01-02"),
        tell(MemberLeft(), person(1), "2026-05-02"),
        tell(ConsentGiven(purpose="analytics"), person(1), "2026-01-03"),
        tell(ConsentWithdrawn(purpose="analytics"), person(1), "2026-02-03"),
        tell(IdentityLinked(other=person(3)), person(2), "2026-02-04"),
        tell(
            WorkshopHeld(
                place="lab",
                skills=["arduino", "laser"],
                attendees=[
                    Attendee(member=person(1), role="learner"),
                    Attendee(member=person(3), role="instructor"),
                    Attendee(member=None, role="learner"),
                ],
                head_count=5,
            ),
            "w1",
            "2026-01-07",
        ),
        tell(HelpRequested(skills=["laser"], requester=person(1), place="lab"), "q1", "2026-01-08"),
        tell(HelpAnswered(answer="a1", helper=person(2)), "q1", "2026-01-09"),
        answer,
        tell(EventRetracted(source=answer.source, id=answer.id, reason="mistake"), "q1", "2026-01-13"),
        tell(HelpClosed(outcome="solved", accepted_answer="a1"), "q1", "2026-01-11"),
        tell(SkillDeclared(skill="laser", level=2), person(2), "2026-01-12"),
        tell(MachineUsed(member=person(2), skill="laser", place="lab"), "laser-1", "2026-01-12"),
        tell(
            InputSummarised(title="Test", legal_basis="public_task", read=16, published=15, ignored=1, rejected=0),
            "urn:test",
            "2026-06-01",
        ),
    ]


def whole_story() -> list[Event]:
    """Return the story with what it leaves out: every other kind of event, and things that are told twice."""
    firm = f"o_{1:024x}"
    return [
        *story(),
        tell(OrganisationJoined(circle="second", place="lab"), firm, "2026-01-02"),
        tell(OrganisationLeft(), firm, "2026-05-03"),
        tell(MemberRenewed(organisation=firm), person(1), "2026-03-02"),
        tell(MemberJoined(place="atelier"), person(7), "2026-01-02"),
        tell(ConsentGiven(purpose="analytics"), person(7), "2026-02-08"),
        tell(IdentityLinked(other=person(6)), person(7), "2026-01-20"),
        tell(IdentityUnlinked(other=person(2)), person(3), "2026-03-01"),
        tell(MemberErased(), person(4), "2026-02-12"),
        tell(SkillCertified(skill="laser", level=3), person(1), "2026-01-30"),
        tell(SkillLapsed(skill="laser"), person(1), "2026-02-27"),
        tell(WorkshopHeld(skills=["laser"], attendees=_present(1, 4)), "w1", "2026-01-28"),
        tell(WorkshopHeld(skills=["weld"], attendees=_present(1, 4, 6, 7)), "w2", "2026-02-11"),
        tell(HelpRequested(skills=["weld"], requester=person(7)), "q2", "2026-01-14"),
        tell(HelpRequested(skills=["sew"], requester=person(6)), "q2", "2026-01-21"),
        tell(HelpAnswered(answer="a1", helper=person(1)), "q2", "2026-02-04"),
        tell(HelpAnswered(answer="a1", helper=person(4)), "q2", "2026-02-18"),
        tell(HelpClosed(outcome="solved", accepted_answer="a1"), "q2", "2026-02-19"),
        tell(MachineUsed(member=person(6), skill="weld"), "welder-1", "2026-02-24"),
        tell(
            InputSummarised(title="Test", legal_basis="consent", read=1, published=1, ignored=0, rejected=0),
            "urn:test",
            "2026-05-01",
        ),
    ]


def _present(*members: int) -> list[Attendee]:
    return [Attendee(member=person(each), role="learner") for each in members]


def take_back(event: Event, *, key: str = "", subject: str = "", source: str = "urn:test") -> Event:
    """Return a retraction of the event; each ``key`` gives another one."""
    payload = EventRetracted(source=event.source, id=event.id, reason="mistake")
    return tell(payload, subject or event.subject, "2026-07-01", key=f"{event.id} {key}", source=source)


def circle() -> list[Event]:
    """Return retractions of one another, of itself, and of one of those: what no source makes, but a line can say."""
    named = {"one": "two", "two": "one", "three": "three", "four": "one"}
    made = [
        tell(EventRetracted(source="urn:test", id=target, reason="mistake"), "w1", "2026-07-02", key=key)
        for key, target in named.items()
    ]
    return [msgspec.structs.replace(each, id=key) for each, key in zip(made, named, strict=True)]


def marts(connection: Connection) -> dict[str, list[Any]]:
    """Return every mart, its rows in order."""
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in MARTS}
