"""The values of a metric or an indicator: a frame that knows where it comes from, so that it can be drawn."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd

from analytics.card import cards
from analytics.closure import closed_weeks
from analytics.metrics import METRICS
from analytics.network.weekly import INDICATORS, notes_up_to, row_of_indicator
from analytics.report.indicators import Series, row_of
from analytics.report.words import Words
from analytics.week import Week, containing
from analytics.xmr import Xmr
from producers.errors import UsageError
from warehouse.connection import read

if TYPE_CHECKING:
    from analytics.network.network import Network


@dataclass(frozen=True)
class Origin:
    """Where values come from."""

    network: Network
    metric: str
    week: Week | None
    """The week of the values; of all weeks, the last; None while nothing is computed."""


class Values(pd.DataFrame):
    """``week, layer, subject_kind, subject, value, low, high, n``; a frame like any other, made from it stays one."""

    _metadata: ClassVar[list[str]] = ["origin"]  # what pandas hands on to what is made of a frame
    origin: Origin

    @property
    def _constructor(self) -> Callable[..., Values]:
        return Values

    def xmr(self, subject: str | None = None) -> Xmr:
        """Return the process behaviour chart of the last 52 weeks up to the week of the values.

        Limits and a verdict are for the report's raw weekly counts (see ``analytics.indicator``); a metric over
        several weeks is drawn without.

        Raises:
            UsageError: when the values are of several subjects or layers and it is not said whose chart is meant.
        """
        if self.origin.week is None:
            raise UsageError("nothing is computed yet", remedy="run: maillage compute")
        if self.origin.metric in INDICATORS:
            return _of_indicator(self.origin, self.origin.week)
        whose = self if subject is None else self[self["subject"] == subject]
        pairs = whose[["layer", "subject"]].drop_duplicates()
        if len(pairs) != 1:
            expected = "one layer and one subject: metric(name, layer=…).xmr(subject)"
            raise UsageError(f"{self.origin.metric} has {len(pairs)} series here", expected=expected)
        layer, name = pairs.iloc[0]
        return _of_metric(self.origin, self.origin.week, None if pd.isna(layer) else str(layer), str(name))


def values(rows: pd.DataFrame, origin: Origin) -> Values:
    """Return the rows with where they come from."""
    made = Values(rows)
    made.origin = origin
    return made


def _of_indicator(origin: Origin, week: Week) -> Xmr:
    network = origin.network
    with read(network.path) as connection:
        row = row_of_indicator(connection, origin.metric, week, network.thresholds, published=network.published)
        notes = notes_up_to(connection, week, network.thresholds)
    return Xmr(row, week, notes)


def _of_metric(origin: Origin, week: Week, layer: str | None, subject: str) -> Xmr:
    """Return the chart of a metric; each week as the network shows it, a hidden one with too few behind."""
    network = origin.network
    rows = network.metric(origin.metric, layer)
    mine = rows[(rows["subject"] == subject) & (rows["layer"].isna() if layer is None else rows["layer"] == layer)]
    found = {containing(pd.Timestamp(row["week"]).date()): row for _, row in mine.iterrows()}
    span = [min(found) + step for step in range((week.monday - min(found).monday).days // 7 + 1)]
    hidden = [each in found and found[each].get("mark") == "suppressed" for each in span]
    told = [float(found[each]["value"]) if each in found else math.nan for each in span]
    numbers = np.array([0.0 if few else value for few, value in zip(hidden, told, strict=True)])
    people = [1 if few else network.thresholds.people for few in hidden]
    if (numbers < 0).any():
        raise UsageError(f"{origin.metric} goes below zero", expected="a figure that the report's chart can draw")
    series = Series(origin.metric, "members", numbers, people, kind="shown")
    row = row_of(series, closed_weeks([each.monday for each in span]), network.thresholds)
    with read(network.path) as connection:
        notes = notes_up_to(connection, week, network.thresholds)
    return Xmr(row, week, notes, lambda words: _title(origin.metric, subject, words))


def _title(metric: str, subject: str, words: Words) -> str:
    """Return what a metric of a subject is called."""
    of = words.skill(subject) if METRICS[metric].subject_kind == "skill" else subject
    return cards()[metric].title[words.language] + ("" if subject == "network" else f" – {of}")
