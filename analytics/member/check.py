"""Computing a member's figures again from the inputs that her page lists."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analytics.member.content import Figure, Inputs, Page
from analytics.metrics import FAMILIES, network_metrics
from warehouse.connection import read
from warehouse.held import ties_of

OWN = ("degree", "strength")
"""Metrics that her own ties are enough for."""
Place = tuple[date, str]
"""A week and a layer."""
_EQUAL = 1e-9
_HER = "you"


@dataclass(frozen=True)
class Difference:
    """A figure that the listed inputs do not give."""

    figure: Figure
    found: float | None


def from_own_ties(inputs: Inputs) -> dict[str, float | None]:
    """Return the figures that follow from her own ties, as they stand on the page and from nothing else."""
    rows = [
        (*((f"person {tie.person}", _HER) if tie.direction == "in" else (_HER, _other(tie.person))), tie.strength)
        for tie in inputs.own
    ]
    ties = pd.DataFrame(rows, columns=["source", "target", "strength"])
    found = _computed(ties, inputs.layer, [_HER])
    return {metric: found[metric] for metric in OWN}


def differences(page: Page, warehouse: Path, *, weeks: Collection[date]) -> list[Difference]:
    """Return the figures of ``weeks`` that computing again does not give: none, when the page holds.

    The ties of a layer are read again, and count only where their digest is the one that the page lists. Figures that
    are stale are left out: they are about to be computed again.
    """
    figures = [figure for figure in page.figures if figure.week in weeks and not figure.stale]
    again = _again(page, warehouse, {(figure.week, figure.layer or "") for figure in figures})
    found = [(each, again.get((each.week, each.layer or ""), {}).get(each.metric, math.nan)) for each in figures]
    return [Difference(figure, value) for figure, value in found if not _same(figure.value, value)]


def _again(page: Page, warehouse: Path, wanted: Collection[Place]) -> dict[Place, dict[str, float | None]]:
    found: dict[Place, dict[str, float | None]] = {}
    with read(warehouse) as connection:
        for listed in page.inputs:
            place = listed.week, listed.layer
            if place not in wanted:
                continue
            ties, digest = ties_of(connection, *place)
            if digest == listed.digest:
                found[place] = {**_computed(ties, listed.layer, page.members), **from_own_ties(listed)}
    return found


def _computed(ties: pd.DataFrame, layer: str, members: Collection[str]) -> dict[str, float | None]:
    """Return every figure of a member in a layer; None where one is not defined."""
    values = network_metrics(ties, layer, families=FAMILIES)
    hers = values[(values["subject_kind"] == "member") & values["subject"].isin(list(members))]
    return {
        str(metric): None if math.isnan(value) else float(value)
        for metric, value in zip(hers["metric"], hers["value"], strict=True)
    }


def _other(person: int) -> str:
    return f"person {person}" if person else _HER


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_EQUAL, abs_tol=_EQUAL)
