"""The check of the map: what ``map.json`` shows of few people, told from the file alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from analytics.report.check_figures import FEWEST
from analytics.report.complaint import Complaint

MAP = "map.json"


def crowded(text: str) -> Iterator[Complaint]:
    """Give what the text of a ``map.json`` tells of few people.

    A number of people is a multiple of the threshold that the file names: a smaller one would tell of few, and so
    would the difference of two weeks that are exact.
    """
    try:
        told = msgspec.json.decode(text)
        step = told["threshold_people"]
        if step < FEWEST:
            yield Complaint(MAP, "the file", f"has a threshold below {FEWEST}")
        for where, count in _counts(told):
            if isinstance(count, int | float) and count % step:
                yield Complaint(MAP, where, f"has a number of people that is no multiple of {step}")
    except (msgspec.DecodeError, KeyError, TypeError, ZeroDivisionError) as error:
        yield Complaint(MAP, "the file", f"cannot be read ({type(error).__name__})")


def _counts(told: dict[str, Any]) -> Iterator[tuple[str, object]]:
    for rank, node in enumerate(told["nodes"]):
        for values in (node["people"], *node["publics"].values(), node["measures"].get("holders", [])):
            yield from ((f"node {rank}", value) for value in values)
    for rank, link in enumerate(told["links"]):
        yield from ((f"link {rank}", value) for value in (*link["people"], *link.get("reachable", [])))
