"""The record of who asked and who answered, as arrays in order of time: what doors are judged by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple, cast

import numpy as np
import pandas as pd

from analytics.kernels import Floats
from analytics.metrics.door.pieces import Pieces, pieces_of
from analytics.metrics.door.time import MICROSECOND, NEVER, PATIENCE, Ints, micros

Kind = Literal["place", "person"]

NOWHERE = -1
EARTH_KM = 6371.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known, in frames; rows come in any order, and what is after the instant of a question is not seen.

    Only members who are counted are told of; a requester who is not is null. Where people belong and when they left
    is as last told.
    """

    requests: pd.DataFrame
    """``request, requester, place, skills, at``; requester and place may be null."""
    answers: pd.DataFrame
    """``request, helper, at``; those to oneself, or before the request, are left out here."""
    evidence: pd.DataFrame
    """``member, skill, rung, level, at`` as for ``analytics.metrics.evidence``."""
    members: pd.DataFrame
    """``member, place, left_at``; place and left_at may be null."""
    places: pd.DataFrame
    """``place, latitude, longitude, opened_at, closed_at``; all but place may be null."""


@dataclass(frozen=True)
class Ask:
    """A request for help: which skills, where, when, and by whom if that is known."""

    skills: tuple[str, ...]
    place: str | None
    at: datetime
    requester: str | None = None

    @cached_property
    def micros(self) -> int:
        """Return when, in microseconds since 1970."""
        return (self.at - EPOCH) // MICROSECOND


class Trail(NamedTuple):
    """Things that happened, in order of time, each with whose it is."""

    when: Ints
    whose: Ints

    def between(self, since: int, until: int) -> Ints:
        """Return whose those in ``[since, until)`` are."""
        first, last = np.searchsorted(self.when, (since, until))
        return self.whose[first:last]


EMPTY = Trail(np.empty(0, np.int64), np.empty(0, np.int64))


@dataclass(frozen=True, eq=False)
class Record:
    """Facts as arrays, for one kind of door: a place stands for its people, a person for herself."""

    kind: Kind
    doors: list[str]
    home: Ints
    """Number of the place of each door, or ``NOWHERE``."""
    door_of: Ints
    """Number of the door of each member, or ``NOWHERE``."""
    members: dict[str, int]
    left: Ints
    places: dict[str, int]
    position: Floats
    """Latitude and longitude of each place in degrees; NaN where not known."""
    opened: Ints
    closed: Ints
    requests: pd.DataFrame
    """``request, requester, place, skills, at`` in order of time, at in microseconds."""
    replies: pd.DataFrame
    """``number`` (of the request), ``member, door, at, asker, prompt`` by time; prompt: within ``PATIENCE``."""
    pieces: Mapping[str, Pieces]

    @cached_property
    def asks(self) -> list[Ask]:
        """Return the requests in order of time."""
        rows: Iterable[Any] = self.requests.itertuples(index=False)
        return [Ask(row.skills, _text(row.place), EPOCH + row.at * MICROSECOND, _text(row.requester)) for row in rows]

    @cached_property
    def asked(self) -> Trail:
        """Return every request by its time."""
        return Trail(self.requests["at"].to_numpy(), np.arange(len(self.requests)))

    @cached_property
    def asked_on(self) -> dict[str, Trail]:
        """Return the requests for each skill."""
        return self._grouped(self.requests["skills"].explode())

    @cached_property
    def asked_in(self) -> dict[str, Trail]:
        """Return the requests of each place."""
        return self._grouped(self.requests["place"])

    @cached_property
    def answered(self) -> Trail:
        """Return the doors that answered in time, once a request, by the time of the request."""
        return self._doors(self.prompt)

    @cached_property
    def answered_on(self) -> dict[str, Trail]:
        """Return the same for each skill."""
        return {skill: self._doors(self._to(trail)) for skill, trail in self.asked_on.items()}

    @cached_property
    def answered_in(self) -> dict[str, Trail]:
        """Return the same for each place."""
        return {place: self._doors(self._to(trail)) for place, trail in self.asked_in.items()}

    @cached_property
    def given(self) -> Trail:
        """Return whose answers they are, by the time of the answer."""
        return Trail(self.replies["at"].to_numpy(), self.replies["member"].to_numpy())

    @cached_property
    def met(self) -> Ints:
        """Return one number for each pair of who answered and whom, by the time of the answer."""
        member, asker = (self.replies[name].to_numpy(dtype=np.int64) for name in ("member", "asker"))
        return np.asarray(member * (len(self.requests) + 1) + asker + 1, dtype=np.int64)

    @cached_property
    def given_on(self) -> dict[str, Trail]:
        """Return the same for each skill."""
        number = self.replies["number"].to_numpy()
        chosen = {skill: np.isin(number, trail.whose) for skill, trail in self.asked_on.items()}
        return {skill: Trail(self.given.when[rows], self.given.whose[rows]) for skill, rows in chosen.items()}

    @cached_property
    def prompt(self) -> pd.DataFrame:
        """Return ``number, door``: which door answered which request in time, once each, in order."""
        in_time = self.replies[self.replies["prompt"] & (self.replies["door"] != NOWHERE)]
        return in_time[["number", "door"]].drop_duplicates().sort_values(["number", "door"], ignore_index=True)

    @cached_property
    def outcomes(self) -> dict[int, Ints]:
        """Return the doors that answered a request in time, by its number; none for who found no answer."""
        doors = self.prompt["door"].to_numpy()
        return {cast("int", number): doors[rows] for number, rows in self.prompt.groupby("number").indices.items()}

    def km(self, place: str | None) -> Floats:
        """Return how far each door is from a place, on a sphere; NaN where that is not known."""
        if place not in self.places:
            return np.full(len(self.doors), np.nan)
        radians = np.radians(np.vstack([self.position, [np.nan, np.nan]]))
        here, there = radians[self.places[place]], radians[self.home]
        half = (there - here) / 2
        chord = np.sin(half[:, 0]) ** 2 + np.cos(here[0]) * np.cos(there[:, 0]) * np.sin(half[:, 1]) ** 2
        return np.where(self.home == self.places[place], 0.0, 2 * EARTH_KM * np.arcsin(np.sqrt(chord)))

    def _grouped(self, labels: pd.Series[Any]) -> dict[str, Trail]:
        """Return the requests by label; the index of ``labels`` is their number, in order."""
        known = labels.dropna()
        return {
            str(label): Trail(self.asked.when[found], found)
            for label, found in ((label, rows.index.to_numpy()) for label, rows in known.groupby(known))
        }

    def _to(self, trail: Trail) -> pd.DataFrame:
        return self.prompt[self.prompt["number"].isin(trail.whose)]

    def _doors(self, rows: pd.DataFrame) -> Trail:
        return Trail(self.asked.when[rows["number"].to_numpy()], rows["door"].to_numpy())


def record_of(facts: Facts, kind: Kind) -> Record:
    """Return the record of ``facts`` for doors of a kind; equal for every order of the rows."""
    people = facts.members.sort_values("member", ignore_index=True)
    members = _numbered(people["member"])
    places = _numbered(sorted({*facts.places["place"], *facts.requests["place"].dropna(), *people["place"].dropna()}))
    known = facts.places.set_index("place").reindex(list(places))
    home = np.array([places.get(place, NOWHERE) for place in people["place"]], dtype=np.int64)
    each = np.arange(len(members), dtype=np.int64)
    by_place = kind == "place"
    requests = facts.requests.assign(
        at=micros(facts.requests["at"], NEVER),
        skills=facts.requests["skills"].map(lambda skills: tuple(sorted(set(skills)))),
    ).sort_values(["at", "request"], ignore_index=True)
    return Record(
        kind=kind,
        doors=list(places if by_place else members),
        home=np.arange(len(places), dtype=np.int64) if by_place else home,
        door_of=home if by_place else each,
        members=members,
        left=micros(people["left_at"], NEVER),
        places=places,
        position=known[["latitude", "longitude"]].to_numpy(dtype=np.float64),
        opened=micros(known["opened_at"], 0),
        closed=micros(known["closed_at"], NEVER),
        requests=requests,
        replies=_replies(facts.answers, requests, members, home if by_place else each),
        pieces=pieces_of(facts.evidence, members),
    )


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {str(name): number for number, name in enumerate(names)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _replies(answers: pd.DataFrame, requests: pd.DataFrame, members: Mapping[str, int], door_of: Ints) -> pd.DataFrame:
    asker = pd.factorize(requests["requester"].fillna(requests["request"]))[0]
    asked = requests.assign(number=np.arange(len(requests)), asker=asker).rename(columns={"at": "asked_at"})
    rows = answers.merge(asked, on="request")
    rows = rows[rows["helper"].isin(list(members)) & (rows["helper"] != rows["requester"].fillna(""))]
    member = rows["helper"].map(members).to_numpy(dtype=np.int64)
    at = micros(rows["at"], NEVER)
    waited = at - rows["asked_at"].to_numpy(dtype=np.int64)
    made = rows[["number", "asker"]].assign(member=member, door=door_of[member], at=at, prompt=waited < PATIENCE)
    kept: pd.DataFrame = made[waited >= 0].sort_values(["at", "number", "member"], ignore_index=True)
    return kept
