"""Layers: the networks that are measured, of members, of places and of skills, each made of ties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import pandas as pd

from analytics.metrics.tie import ties

Kind = Literal["member", "place", "skill"]


@dataclass(frozen=True)
class Layer:
    """What its nodes are, whether its ties have a direction, and what it is made of."""

    nodes: Kind
    directed: bool
    readings: tuple[str, ...]
    """Functions of ``warehouse.reading``, over the window."""


LAYERS: Mapping[str, Layer] = {
    "copresence": Layer("member", directed=False, readings=("participation", "labels")),
    "teaching": Layer("member", directed=True, readings=("participation", "labels")),
    "help": Layer("member", directed=True, readings=("answers", "labels")),
    "shared_people": Layer("place", directed=False, readings=("participation", "labels")),
    "place_help": Layer("place", directed=True, readings=("answers", "labels")),
    "held_together": Layer("skill", directed=False, readings=("occasions", "labels")),
    "asked_together": Layer("skill", directed=False, readings=("occasions", "labels")),
}
"""Every layer of ties by name."""

MEETING = ["workshop", "member", "role", "at", "size"]
PEOPLE = ("member", "requester", "helper")
ANSWER = ["request", "answer", "requester", "helper", "at", "accepted"]


@dataclass(frozen=True, eq=False)
class Linked:
    """The ties of a layer, and how many people stand behind each node and, as "network", behind all."""

    ties: pd.DataFrame
    behind: pd.Series[int]


def linked(
    layer: str,
    frames: Mapping[str, pd.DataFrame],
    *,
    since: datetime,
    until: datetime,
    half_life: timedelta | None,
    facilitators: bool = True,
) -> Linked:
    """Return the ties of one layer over ``[since, until)``, as ``ties`` returns them, and who stands behind them.

    Definition, for the layers of members: see ``ties``. Those of places and skills are made by the same function:
        shared_people: two places are tied by everybody who took part at both, 1 / (places of this person - 1) each.
        place_help: place of who asked -> place of who answered, one an answer, halved every half-life; loops within.
        held_together: two skills, by everybody who learned, taught or helped with both, as above.
        asked_together: two skills, by everybody who asked for both; whoever is not known asks one request.
    In these three nothing decays: the window alone says what counts. ``count`` is then people.

    Args:
        layer: One of ``LAYERS``.
        frames: The layer's readings by name.
        since: Begin of the window.
        until: End of the window, no longer in it.
        half_life: Age at which an event counts half; None counts all alike.
        facilitators: False leaves out everybody who is a facilitator; sizes of workshops stay what they were.

    Returns:
        Ties, and behind: the people by node and, under "network", of the layer; a member stands for one.

    Raises:
        ValueError: when there is no such layer.
    """
    if layer not in LAYERS:
        raise ValueError(f"unknown layer {layer!r} (known: {', '.join(sorted(LAYERS))})")
    kept = dict(frames) if facilitators else _without_facilitators(frames)
    if LAYERS[layer].nodes == "member":
        none = pd.DataFrame()
        met, given = kept.get("participation", none), kept.get("answers", none)
        made = ties(layer, met, given, since=since, until=until, half_life=half_life)
        return Linked(made, _people(pd.concat([made["source"], made["target"]])))
    if layer == "place_help":
        return _place_help(kept["answers"], kept["labels"], since, until, half_life)
    facts = _facts(layer, kept)
    meetings = facts[["group", "node"]].dropna().drop_duplicates()
    size = meetings.groupby("group")["node"].transform("size")
    rows = meetings.rename(columns={"group": "workshop", "node": "member"}).assign(role="", at=since, size=size)
    made = ties("copresence", rows[MEETING], pd.DataFrame(), since=since, until=until, half_life=None)
    return Linked(made, _behind(facts, made))


def _facts(layer: str, frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return ``group, node, member``: nodes of a group are tied to each other."""
    if layer == "shared_people":
        rows = frames["participation"]
        return pd.DataFrame({"group": rows["member"], "node": rows["place"], "member": rows["member"]})
    happened = frames["occasions"]
    if layer == "asked_together":
        asked = happened[happened["kind"] == "request"]
        whoever = asked["member"].fillna(asked["occasion"])
        return pd.DataFrame({"group": whoever, "node": asked["skill"], "member": asked["member"]})
    held = happened[happened["kind"].isin(("workshop", "answer"))]
    return pd.DataFrame({"group": held["member"], "node": held["skill"], "member": held["member"]})


def _place_help(
    answers: pd.DataFrame, labels: pd.DataFrame, since: datetime, until: datetime, half_life: timedelta | None
) -> Linked:
    place = labels.set_index("member")["place"]
    between = answers.assign(requester=answers["requester"].map(place), helper=answers["helper"].map(place))
    made = ties("help", pd.DataFrame(), between[ANSWER], since=since, until=until, half_life=half_life)
    ends = [
        pd.DataFrame({"member": answers[end], "node": between[end]})[
            between[["requester", "helper"]].notna().all(axis=1)
        ]
        for end in ("requester", "helper")
    ]
    return Linked(made, _behind(pd.concat(ends), made))


def _behind(facts: pd.DataFrame, made: pd.DataFrame) -> pd.Series[int]:
    """Return the distinct people of each node that has a tie, and of all of them."""
    inside = facts[facts["node"].isin(pd.concat([made["source"], made["target"]]))]
    people = inside.groupby("node")["member"].nunique()
    people.loc["network"] = inside["member"].nunique()
    return people


def _people(members: pd.Series[str]) -> pd.Series[int]:
    return pd.Series({"network": members.nunique()})


def _without_facilitators(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the frames without what facilitators did."""
    labels = frames["labels"]
    them = labels.loc[labels["facilitator"].astype("bool"), "member"]
    return {
        name: frame[~frame[[each for each in PEOPLE if each in frame]].isin(set(them)).any(axis="columns")]
        for name, frame in frames.items()
    }
