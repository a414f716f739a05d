"""What stands on a member's page, without a word of any language: also what she takes along as JSON.

Nobody else can be read out of it: other people are numbers that mean something on this page alone.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec import Struct


class HeldEvent(Struct, frozen=True, kw_only=True):
    """One event that names her, or tells what became of her request."""

    source: str
    source_title: str
    legal_basis: str
    id: str
    kind: str
    subject: str
    occurred_at: datetime
    recorded_at: datetime
    kept_until: datetime | None
    """After that it is removed; None: until it is taken back, or she is erased."""
    retracted: bool
    data: dict[str, Any]


class Skill(Struct, frozen=True, kw_only=True):
    """What shows that she has a skill: on how many occasions of which kind, the last one when."""

    skill: str
    rung: str
    occasions: int
    level: int | None
    last_at: datetime


class Consent(Struct, frozen=True, kw_only=True):
    """One answer to one purpose, and how long it held."""

    purpose: str
    given: bool
    since: datetime
    until: datetime | None


class Tie(Struct, frozen=True, kw_only=True):
    """One tie of hers: with whom (a number), in which direction, how strong, from how many shared events."""

    person: int
    direction: str
    """``both`` where ties have none, ``out`` from her (she learned, she asked), ``in`` to her, ``self``."""
    strength: float
    count: int


class Inputs(Struct, frozen=True, kw_only=True):
    """What the figures of one week and layer rest on.

    Her own ties stand here one by one. Those of everybody else are theirs: of them stand the number and a digest, so
    that the place can prove which they were (``maillage me ID --check`` computes every figure again from them).
    """

    week: date
    layer: str
    ties: int
    digest: str
    own: list[Tie]


class Figure(Struct, frozen=True, kw_only=True):
    """One figure about her; its inputs are those of the same week and layer."""

    metric: str
    week: date
    layer: str | None
    value: float | None
    """None where it is not defined: too few ties."""
    low: float | None = None
    high: float | None = None
    """Where it was estimated: between what its true value lies, 95 times in 100."""
    quarter: int | None
    """Where it lies among all members, 1 the lowest quarter to 4 the highest; for the last week alone."""
    members: int | None
    """How many people are in that layer in that week."""
    computed_at: datetime
    version: str
    stale: bool
    """Whether something has come or gone since, so that it is about to be computed again."""


class Published(Struct, frozen=True, kw_only=True):
    """One published report: whether it names her, and what of hers is in its counts."""

    week: str
    address: str
    named: bool
    counted: bool
    activities: int


class Seen(Struct, frozen=True, kw_only=True):
    """Somebody looked at her data."""

    looked_at: datetime
    who: str
    what: str
    why: str


class Page(Struct, frozen=True, kw_only=True):
    """Everything that is known about one person."""

    about: str = "everything that a Maillage knows about one person"
    members: list[str]
    """Her pseudonyms; the first is the one to use."""
    made_at: datetime
    code: str
    """Version of the program that computed what is shown."""
    standing: dict[str, Any] | None
    counted: bool
    """Whether she is counted now in the figures of the network."""
    consents: list[Consent]
    events: list[HeldEvent]
    skills: list[Skill]
    figures: list[Figure]
    inputs: list[Inputs]
    published: list[Published]
    looks: list[Seen]
