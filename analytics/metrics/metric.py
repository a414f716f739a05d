"""A metric: one row says all that is needed to compute it; its card in ``analytics/cards.yaml`` tells what it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.kernels import Floats
from analytics.metrics.layer import LAYERS
from analytics.metrics.snapshot import Snapshot

NetworkFamily = Callable[[Snapshot], Mapping[str, Floats]]
"""Computes all metrics of a family in one pass: one value a member in order, or one value for the network.

Where values of a metric are estimates, ``name:low`` and ``name:high`` beside it say between what the true ones lie.
"""

TIE_EVENTS = ("workshop.held", "help.requested", "help.answered")
"""Activities that ties are made of; what the state of members and places adds is the warehouse's to know."""

SKILL_EVENTS = (
    "workshop.held",
    "help.requested",
    "help.answered",
    "machine.used",
    "skill.declared",
    "skill.certified",
    "skill.lapsed",
)
"""Activities that show, teach or take away a skill."""


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One row of ``METRICS``: what computes it, from what, and about whom; its card tells readers the rest."""

    name: str
    family: str
    """Metrics of one family are computed together."""
    compute: Callable[..., object]
    """What computes the family; a ``NetworkFamily`` where there are layers, else see ``analytics.metrics.family``."""
    readings: tuple[str, ...] = ()
    """What is read for it where there are no layers: functions of ``warehouse.reading``, over ``reach`` weeks."""
    reads: tuple[str, ...] = TIE_EVENTS
    """Kinds of activity that it rests on."""
    reach: int | Literal["window"] = "window"
    """Weeks that an event touches from its own on; "window" is the setting ``window_weeks``."""
    layers: tuple[str, ...] = tuple(LAYERS)
    subject_kind: Literal["member", "place", "skill", "country", "network"] = "member"
    """Whom it is about; where there are layers, "member" stands for what the nodes of the layer are."""
    version: str = "1"
    """Changes with the definition: results of another version are computed again."""
