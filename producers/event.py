"""The event contract: what may enter the log, and nothing else.

An event is a CloudEvents 1.0 envelope in structured mode, one JSON line, around one of the payloads below.
Its type is ``fr.maillage.<noun>.<past_verb>.v1``; an incompatible change is a new ``vN``. No payload has a
field for a name of a person, an address, a date of birth, a gender or free text: people and firms are
pseudonyms (see ``producers.identity``), and fields that the contract does not know are dropped on reading.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Union

import msgspec
from msgspec import Meta, Struct

from producers.errors import EventError, unknown

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""No event lies before: an older one is a mistake, and every week since would have to be computed."""
MAX_BYTES = 1_048_576
PREFIX = "fr.maillage."
NAMESPACE = uuid.UUID("6f0c3c1e-8f0b-5a52-9d0e-3a1f5a7c2b11")

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9._:-]*$", max_length=120)]
Label = Annotated[
    str, Meta(pattern=r"^[^\s@<>\x00-\x1f\x7f]([^@<>\x00-\x1f\x7f]*[^\s@<>\x00-\x1f\x7f])?$", max_length=120)
]
Member = Annotated[str, Meta(pattern=r"^m_[0-9a-f]{24}$")]
Organisation = Annotated[str, Meta(pattern=r"^o_[0-9a-f]{24}$")]
Key = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\s@<>\x00-\x1f\x7f]+$")]
Country = Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}$")]
Instant = Annotated[datetime, Meta(tz=True)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]
HeadCount = Annotated[int, Meta(ge=0, le=100_000)]
Level = Annotated[int, Meta(ge=1, le=3)]

LegalBasis = Literal["consent", "public_task", "legitimate_interest", "public_data"]
Public = Literal["university", "company", "general"]
Purpose = Literal["analytics", "named_in_report", "matching", "share_with_companies"]
Role = Literal["learner", "instructor", "helper", "organiser"]
Outcome = Literal["solved", "withdrawn", "expired"]


class Payload(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What an event says beyond its envelope; ``noun`` tells what its subject is."""

    noun: ClassVar[str] = ""


class PlaceOpened(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A place belongs to the network from now on."""

    noun: ClassVar[str] = "place"
    name: Label
    country: Country | None = None
    kind: Slug | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    capacity: Count | None = None
    languages: list[Language] = []
    legal_basis: LegalBasis | None = None


class PlaceUpdated(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Facts about a place changed; a field that is left out stays as it was."""

    noun: ClassVar[str] = "place"
    name: Label | None = None
    country: Country | None = None
    kind: Slug | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    capacity: Count | None = None
    languages: list[Language] = []
    legal_basis: LegalBasis | None = None


class PlaceClosed(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A place has left the network."""

    noun: ClassVar[str] = "place"


class OrganisationJoined(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A firm or an institution joined one of the circles."""

    noun: ClassVar[str] = "organisation"
    circle: Literal["consortium", "second", "network"]
    size_class: Literal["1-9", "10-49", "50-249", "250+"] | None = None
    sector: Annotated[str, Meta(pattern=r"^\d{2}$")] | None = None
    country: Country | None = None
    place: Slug | None = None


class OrganisationLeft(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An organisation has left the network."""

    noun: ClassVar[str] = "organisation"


class MemberJoined(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A person joined through a place."""

    noun: ClassVar[str] = "member"
    place: Slug | None = None
    public: Public | None = None
    country: Country | None = None
    languages: list[Language] = []
    facilitator: bool = False
    organisation: Organisation | None = None


class MemberRenewed(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A membership was renewed; a field that is left out stays as it was."""

    noun: ClassVar[str] = "member"
    place: Slug | None = None
    public: Public | None = None
    country: Country | None = None
    languages: list[Language] = []
    facilitator: bool | None = None
    organisation: Organisation | None = None


class MemberLeft(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A membership ended."""

    noun: ClassVar[str] = "member"


class MemberErased(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A person asked to be forgotten; the subject is all that is kept."""

    noun: ClassVar[str] = "member"


class ConsentGiven(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A member agreed to one purpose."""

    noun: ClassVar[str] = "member"
    purpose: Purpose
    text_version: Label | None = None
    language: Language | None = None
    channel: Slug | None = None


class ConsentWithdrawn(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A member took a consent back, or objected to a purpose that rests on another legal basis."""

    noun: ClassVar[str] = "member"
    purpose: Purpose
    text_version: Label | None = None
    language: Language | None = None
    channel: Slug | None = None


class IdentityLinked(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Two pseudonyms are one person."""

    noun: ClassVar[str] = "member"
    other: Member


class IdentityUnlinked(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Two pseudonyms are two persons after all."""

    noun: ClassVar[str] = "member"
    other: Member


class SkillDeclared(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A member says that she has a skill."""

    noun: ClassVar[str] = "member"
    skill: Label
    level: Level = 1
    place: Slug | None = None


class SkillCertified(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A place or a body certified a member's skill."""

    noun: ClassVar[str] = "member"
    skill: Label
    level: Level = 1
    place: Slug | None = None


class SkillLapsed(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A certified or declared skill is no longer held."""

    noun: ClassVar[str] = "member"
    skill: Label
    place: Slug | None = None


class MachineUsed(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody worked on a machine."""

    noun: ClassVar[str] = "machine"
    member: Member | None = None
    place: Slug | None = None
    skill: Label | None = None
    minutes: Count | None = None


class Attendee(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One person at a workshop; ``member`` is null where the account was deleted."""

    member: Member | None
    role: Role


class WorkshopHeld(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A workshop took place; ``time`` of the envelope is its start."""

    noun: ClassVar[str] = "workshop"
    place: Slug | None = None
    ended_at: Instant | None = None
    skills: list[Label] = []
    attendees: list[Attendee] = []
    head_count: HeadCount | None = None


class HelpRequested(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody asked for help."""

    noun: ClassVar[str] = "request"
    skills: list[Label] = []
    requester: Member | None = None
    organisation: Organisation | None = None
    place: Slug | None = None


class HelpAnswered(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Somebody answered; ``helper`` may be the requester or null (account deleted)."""

    noun: ClassVar[str] = "request"
    answer: Key
    helper: Member | None = None


class HelpClosed(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A request ended; ``accepted_answer`` names the answer that solved it."""

    noun: ClassVar[str] = "request"
    outcome: Outcome
    accepted_answer: Key | None = None


class EventRetracted(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An earlier event is taken back: it stays in the record and leaves every later reading.

    A retraction may be taken back too, to any depth; to take the event back again, retract what undid the first. Those
    in a circle take nothing back. Any source may take back any event. The subject should be that of the event.
    """

    noun: ClassVar[str] = "anything"
    source: Key
    id: Key
    reason: Literal["duplicate", "mistake", "objection"]


class InputSummarised(Payload, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A source was read: ``read == published + ignored + rejected``. The subject is the source."""

    noun: ClassVar[str] = "source"
    title: Label
    legal_basis: LegalBasis
    read: Count
    published: Count
    ignored: Count
    rejected: Count
    rhythm_days: Count | None = None
    place: Slug | None = None


_FIRST: dict[str, type[Payload]] = {
    "place.opened": PlaceOpened,
    "place.updated": PlaceUpdated,
    "place.closed": PlaceClosed,
    "organisation.joined": OrganisationJoined,
    "organisation.left": OrganisationLeft,
    "member.joined": MemberJoined,
    "member.renewed": MemberRenewed,
    "member.left": MemberLeft,
    "member.erased": MemberErased,
    "consent.given": ConsentGiven,
    "consent.withdrawn": ConsentWithdrawn,
    "identity.linked": IdentityLinked,
    "identity.unlinked": IdentityUnlinked,
    "skill.declared": SkillDeclared,
    "skill.certified": SkillCertified,
    "skill.lapsed": SkillLapsed,
    "machine.used": MachineUsed,
    "workshop.held": WorkshopHeld,
    "help.requested": HelpRequested,
    "help.answered": HelpAnswered,
    "help.closed": HelpClosed,
    "event.retracted": EventRetracted,
    "input.summarised": InputSummarised,
}

PAYLOADS = {f"{PREFIX}{name}.v1": payload for name, payload in _FIRST.items()}
"""Every type that the log may hold, with the payload that it carries."""

TYPES: dict[type[Payload], str] = {payload: name for name, payload in PAYLOADS.items()}


class Event(Struct, frozen=True, gc=False):
    """One event: the envelope and its payload, both valid."""

    source: str
    id: str
    type: str
    subject: str
    time: datetime
    data: Payload

    @property
    def key(self) -> str:
        """Return what keeps related events on one partition: the place, else the subject."""
        return getattr(self.data, "place", None) or self.subject


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The CloudEvents attributes as they stand on the line, with the payload still undecoded."""

    specversion: Literal["1.0"]
    id: Key
    source: Key
    type: Annotated[str, Meta(max_length=120)]
    subject: Key
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    data: msgspec.Raw


def line_of(name: str, payload: type[Struct]) -> type[Struct]:
    """Return the envelope around one payload, without the patterns of its keys: they are checked in one go."""
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = [
        ("specversion", Literal["1.0"]),
        ("id", str),
        ("source", str),
        ("subject", str),
        ("time", Instant),
        ("data", payload),
        ("datacontenttype", Literal["application/json"], "application/json"),
    ]
    return msgspec.defstruct(payload.__name__, fields, tag_field="type", tag=name, frozen=True, gc=False)


_line = msgspec.json.Decoder(Union[tuple(line_of(*each) for each in PAYLOADS.items())])  # noqa: UP007 - made here
encoder = msgspec.json.Encoder()
"""Writes fields in the order of their definition: payloads hold no mapping, so equal ones give equal text."""
_three_keys = re.compile(r"[^\s@<>\x00-\x1f\x7f]{1,200}(?: [^\s@<>\x00-\x1f\x7f]{1,200}){2}").fullmatch
KEY = re.compile(r"[^\s@<>\x00-\x1f\x7f]{1,200}").fullmatch
"""Whether a text may be an id, a source or a subject."""
SUBJECTS = {
    "place": re.compile(r"[a-z0-9][a-z0-9._:-]{0,119}").fullmatch,
    "organisation": re.compile(r"o_[0-9a-f]{24}").fullmatch,
    "member": re.compile(r"m_[0-9a-f]{24}").fullmatch,
}
"""Whether a text may be the subject, for the nouns whose ids have a form."""


def identifier(source: str, key: str, change: str) -> str:
    """Return the id of the event that tells of ``change`` to what ``source`` knows as ``key``.

    The same three always give the same id, so that reading a source again adds nothing.
    """
    return str(uuid.uuid5(NAMESPACE, f"{source}\n{key}\n{change}"))


def event(payload: Payload, *, source: str, key: str, change: str, subject: str, time: datetime) -> Event:
    """Return the event for ``payload`` with its deterministic id, checked like one that is read."""
    made = Event(source, identifier(source, key, change), TYPES[type(payload)], subject, time, payload)
    return decode(encode(made))


def encode(event: Event) -> bytes:
    """Return the event as one JSON line in CloudEvents structured mode, without the line break."""
    return encoder.encode(
        {
            "specversion": "1.0",
            "type": event.type,  # early: what a reader does with the rest hangs on it
            "id": event.id,
            "source": event.source,
            "subject": event.subject,
            "time": event.time,
            "datacontenttype": "application/json",
            "data": event.data,
        },
    )


def encode_data(payload: Payload) -> bytes:
    """Return the payload's one canonical JSON text: equal payloads give equal bytes."""
    return encoder.encode(payload)


def decode(line: bytes) -> Event:
    """Return the event that stands on ``line``.

    Raises:
        EventError: with the reason in words, when the line breaks the contract in any way.
    """
    if len(line) > MAX_BYTES:
        raise EventError(f"the event has {len(line)} bytes", expected=f"at most {MAX_BYTES}")
    try:
        found = _line.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _explained(line, error) from error
    event = Event(found.source, found.id, TYPES[type(found.data)], found.subject, found.time, found.data)
    _check_time(event)
    _check_keys(event)
    return event


def _check_time(event: Event) -> None:
    if event.time < EARLIEST:
        raise EventError(f"the event lies in {event.time.year}", expected="a time since 1970")


def _check_keys(event: Event) -> None:
    if not _three_keys(f"{event.id} {event.source} {event.subject}"):
        raise EventError(
            "the id, the source or the subject is empty, too long or holds a space, '@', '<' or '>'",
            expected="1 to 200 characters without those",
        )
    matches = SUBJECTS.get(event.data.noun)
    if matches and not matches(event.subject):
        raise EventError(f"{event.type}: the subject does not look like the id of a {event.data.noun}")


def _explained(line: bytes, error: Exception) -> EventError:
    if not line.strip():
        return EventError("the line is empty", expected="one event")
    if isinstance(error, UnicodeDecodeError) or not _is_utf8(line):
        return EventError("the line is not UTF-8 text", expected="JSON in UTF-8")
    if isinstance(error, msgspec.ValidationError):
        return EventError(_unknown_type(line) or _without_values(error))
    return EventError(f"the line is not JSON ({error})", expected="one CloudEvents object")


class _Typed(Struct):
    """What is read of a line whose type may be unknown."""

    type: str


def _without_values(error: Exception) -> str:
    """Return msgspec's words without the value that it quotes, which could be anybody's name, and without patterns."""
    words = re.sub(r"(Invalid \w+ value) '.*'", r"\1", str(error), flags=re.DOTALL)
    return re.sub(r"`str` matching regex '.*'", "text in the form that `maillage schema` gives", words, flags=re.DOTALL)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unknown_type(line: bytes) -> str:
    """Return what is unknown about the type on a line that is JSON; empty when the type is known or absent."""
    try:
        name = msgspec.json.decode(line, type=_Typed).type
    except msgspec.DecodeError:
        return ""
    if name in PAYLOADS:
        return ""
    stem, _, version = name.rpartition(".v")
    known = [each for each in PAYLOADS if each.rpartition(".v")[0] == stem]
    if known and version.isdigit():
        return f"unknown version v{version[:9]} of {stem} (known: {known[0].rpartition('.')[2]})"
    shown = name if re.fullmatch(r"[a-z_.]{1,60}(\.v\d{1,3})?", name) else "(not shown)"
    return unknown("event type", shown, (each.removeprefix(PREFIX) for each in PAYLOADS))
