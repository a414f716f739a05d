"""From what the warehouse holds about a member to her page, with everybody else taken out."""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from analytics.member.content import Consent, Figure, HeldEvent, Inputs, Page, Published, Seen, Skill, Tie
from analytics.metrics import LAYERS
from analytics.report.index import entries
from warehouse.held import Held, Row

_anybody = re.compile(r"m_[0-9a-f]{24}").fullmatch


def page_of(held: Held, *, site: Path, present: datetime) -> Page:
    """Return the page; the same holdings give the same page."""
    return Page(
        members=list(held.members),
        made_at=present,
        code=version("maillage"),
        standing=held.standing[0] if held.standing else None,
        counted=held.counted,
        consents=[Consent(**row) for row in held.consents],
        events=[_event(row, held.members) for row in held.events],
        skills=[Skill(**row) for row in held.skills],
        figures=[_figure(row) for row in held.figures],
        inputs=_inputs(held),
        published=_published(site, held),
        looks=[Seen(looked_at=look.looked_at, who=look.who, what=look.what, why=look.why) for look in held.looks],
    )


def _event(row: Row, members: Collection[str]) -> HeldEvent:
    return HeldEvent(
        source=row["source"],
        source_title=row["title"],
        legal_basis=row["legal_basis"],
        id=row["id"],
        kind=row["kind"],
        subject=_hers(row["subject"], members),
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        kept_until=row["kept_until"],
        retracted=row["retracted"],
        data=_without_others(json.loads(row["data"]), members),
    )


def _without_others(data: dict[str, Any], members: Collection[str]) -> dict[str, Any]:
    """Return the payload with other people left out; of a workshop stays how many they were."""
    left = {name: _hers(value, members) for name, value in data.items() if name != "attendees"}
    if "attendees" in data:
        left["attendees"] = [each for each in data["attendees"] if each["member"] in members]
        left["others"] = len({each["member"] for each in data["attendees"]} - {*members})
    return left


def _hers(value: Any, members: Collection[str]) -> Any:  # noqa: ANN401  any JSON
    """Return the value, or that it is somebody else."""
    return "somebody else" if isinstance(value, str) and _anybody(value) and value not in members else value


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else value


def _figure(row: Row) -> Figure:
    return Figure(
        metric=row["metric"],
        week=row["week"],
        layer=row["layer"],
        value=_number(row["value"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        quarter=row["band"],
        members=row["n"],
        computed_at=row["computed_at"],
        version=row["version"],
        stale=row["stale"],
    )


def _inputs(held: Held) -> list[Inputs]:
    """Return what the figures of each week and layer rest on, newest first; a person has one number in all."""
    numbers: dict[str, int] = {}
    own = defaultdict[tuple[date, str], list[Tie]](list)
    for row in held.ties:
        own[row["week"], row["layer"]].append(_tie(row, held.members, numbers))
    return [
        Inputs(
            week=row["week"],
            layer=row["layer"],
            ties=row["ties"],
            digest=row["digest"],
            own=own[row["week"], row["layer"]],
        )
        for row in held.layers
    ]


def _tie(row: Row, members: Collection[str], numbers: dict[str, int]) -> Tie:
    away, home = row["source"] in members, row["target"] in members
    other = row["target"] if away else row["source"]
    person = 0 if away and home else numbers.setdefault(other, len(numbers) + 1)
    direction = "self" if away and home else "out" if away else "in"
    if direction != "self" and row["layer"] in LAYERS and not LAYERS[row["layer"]].directed:
        direction = "both"
    return Tie(person=person, direction=direction, strength=row["strength"], count=row["count"])


def _published(site: Path, held: Held) -> list[Published]:
    """Return every report that is published, the newest first."""
    weeks = {row["week"]: row for row in held.weeks}
    return [
        Published(
            week=str(entry.week),
            address=entry.address,
            named=_names(site / entry.address, held.members),
            counted=bool(weeks.get(entry.week.monday, {}).get("counted")),
            activities=int(weeks.get(entry.week.monday, {}).get("activities", 0)),
        )
        for entry in entries(site)
    ]


def _names(folder: Path, members: Sequence[str]) -> bool:
    """Return whether a file of the report names her, as its bytes have it."""
    sought = [member.encode() for member in members]
    contents = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return any(member in content for content in contents for member in sought)
