"""The check of the figures: what ``report.json`` shows of few people, told from the file alone.

``publishable`` decided what may be shown when the report was made. Here it is not asked: the thresholds that the file
names are held against the figures that the file holds, and hidden parts are worked out from their totals, as a curious
reader would.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from analytics.report.complaint import Complaint
from analytics.report.site import NUMBERS

FEWEST = 3
"""No threshold is below this."""

COUNTED = (
    "active_members",
    "newcomers",
    "visitors",
    "attendances",
    "learners",
    "requests",
    "answers",
    "solved",
    "waiting",
)
"""Indicators that count persons, or what each person did at least one of."""
PEOPLE = (
    "status.*",
    *(f"indicators.{name}.*" for name in COUNTED),
    *(f"restatement.counts.{name}.{side}" for name in COUNTED for side in ("then", "now")),
    "skills.growing.*.current",
    "skills.growing.*.previous",
    "skills.fading.*.current",
    "skills.fading.*.previous",
    "skills.steady.*.current",
    "skills.steady.*.previous",
    "skills.rare.*.requests",
    "skills.rare.*.holders",
    "places.rows.*.members",
    "places.rows.*.shared",
    "places.rows.*.requests",
    "places.rows.*.partners.*.people",
    "places.links.*.people",
    "places.beyond",
    "places.linking",
    "places.abroad",
    "places.half",
    "places.network.nodes.value",
    "waiting.*",
    "findings.*.people",
    "curve.*",
    "tasks.places.*",
    "door.*",
    "communities.sizes.*",
    "communities.members",
    *(f"points.{kind}.*" for kind in ("growing", "fading", "link", "half", "waiting", "waiting_theme")),
    *(f"actions.{kind}.*" for kind in ("answer", "answer_theme", "answer_door", "teach")),
    *(f"recounts.{section}.figure" for section in ("members", "activity", "places", "waiting")),
)
"""Places of figures that are below the number of persons behind them at no time."""
ORGANISATIONS = ("skills.concerns.*.organisations", "points.concern.value", "actions.meet.value")
"""Places of figures that count organisations."""
LABELS = {
    "indicators": "name",
    "counts": "name",
    "points": "kind",
    "actions": "kind",
    "recounts": "section",
    "findings": "name",
}
"""Lists whose items are known by a name of ours rather than by their place."""

Figure = Mapping[str, Any]


def exposed(report: Mapping[str, Any]) -> Iterator[Complaint]:
    """Give the figures of ``report.json`` that show more than its own thresholds allow; the value is never quoted."""
    people, organisations = report["threshold_people"], report["threshold_organisations"]
    if min(people, organisations) < FEWEST:
        yield Complaint(NUMBERS, "threshold_people, threshold_organisations", f"a threshold is below {FEWEST}")
    for place, figure in figures(report, ""):
        if says := _contradiction(figure):
            yield Complaint(NUMBERS, place, says)
        elif figure["value"] and any(fnmatchcase(place, pattern) for pattern in PEOPLE) and figure["value"] < people:
            yield Complaint(NUMBERS, place, f"a figure of fewer than {people} people is shown")
        elif figure["value"] and place_of_organisations(place) and figure["value"] < organisations:
            yield Complaint(NUMBERS, place, f"a figure of fewer than {organisations} organisations is shown")
    yield from _worked_out(report["waiting"])


def figures(tree: object, place: str) -> Iterator[tuple[str, Figure]]:
    """Give every figure of the report with its place, such as ``indicators.newcomers.value``."""
    if isinstance(tree, dict) and {"value", "mark"} <= tree.keys():
        yield place, tree
    elif isinstance(tree, dict):
        for name, branch in tree.items():
            yield from figures(branch, f"{place}.{name}".lstrip("."))
    elif isinstance(tree, list):
        for number, branch in enumerate(tree):
            yield from figures(branch, f"{place}.{_label(place, branch, number)}")


def place_of_organisations(place: str) -> bool:
    """Return whether a figure at this place counts organisations."""
    return any(fnmatchcase(place, pattern) for pattern in ORGANISATIONS)


def _label(place: str, item: object, number: int) -> str:
    name = "metric" if place == "places.network" else LABELS.get(place.rpartition(".")[2], "")
    return str(item[name]) if isinstance(item, dict) and name in item else str(number)


def _contradiction(figure: Figure) -> str:
    """Return why a figure cannot be what its mark says; nothing where it can."""
    value, mark = figure["value"], figure["mark"]
    if mark in ("suppressed", "missing"):
        return f"a figure that is {mark} has a value" if value is not None else ""
    if value is None or (mark == "zero") != (value == 0):
        return f"a figure that is {mark} has another value"
    return ""


def _worked_out(waiting: Mapping[str, Any]) -> Iterator[Complaint]:
    """Give the rows of the table of requests in which the total tells a hidden part."""
    rows = {"waiting": waiting, **{f"waiting.themes.{number}": row for number, row in enumerate(waiting["themes"])}}
    for place, row in rows.items():
        if row["total"]["value"] is not None and _told(row["bands"], row["total"]["value"]):
            yield Complaint(NUMBERS, f"{place}.bands", "a hidden figure can be worked out from the total")


def _told(parts: Sequence[Figure], total: float) -> bool:
    """Return whether some hidden part can have one value only."""
    rest = total - sum(part["value"] or 0 for part in parts)
    hidden = [part for part in parts if part["mark"] == "suppressed"]
    most = [part["threshold"] - 1 if part["reason"] == "count" else rest for part in hidden]
    for number, own in enumerate(most):
        others = [each for place, each in enumerate(most) if place != number]
        least = max(1, rest - sum(others))
        if min(own, rest - len(others)) <= least:
            return True
    return False
