"""How firm the lists of a report are: whether their order holds when a tenth of what they count is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analytics.disclosure import Cell
from analytics.kernels import Floats
from analytics.metrics.robustness import hold, thinned
from analytics.report.content import Places, Skills, SkillTrend, Waiting
from analytics.report.finding import Finding
from analytics.report.trust import Firmness, Listed, Order

FEWEST = 3
"""Entries that it takes to speak of an order."""
FIRM, LOOSE = 0.9, 0.7
FIRST_FIRM, FIRST_LOOSE = 0.8, 0.5
HALF = 0.5
"""Added to counts before they are divided, so that nothing is divided by zero."""


def build_orders(skills: Skills, places: Places, waiting: Waiting, findings: Sequence[Finding]) -> list[Order]:
    """Return how firm each list is that the report puts in order.

    What is drawn from are the figures that the list shows, so that anybody can do it again.
    """
    found = [
        _order("places", "places.rows.members", _counts([row.members for row in places.rows])),
        _order("links", "places.links.people", _counts([link.people for link in places.links])),
        _order("growing", "skills.growing.current, previous", _moved(skills.growing)),
        _order("fading", "skills.fading.previous, current", -_moved(skills.fading)),
        _order("rare", "skills.rare.requests, holders", _rare(skills)),
        _order("concerns", "skills.concerns.organisations", _counts([each.organisations for each in skills.concerns])),
        _order("gap", "findings.gap.measures.value, people", _gaps(findings)),
        _order("waiting", "waiting.themes.total", _counts([theme.total for theme in waiting.themes])),
    ]
    return [each for each in found if each is not None]


def firmness(first: float, kept: float) -> Firmness:
    """Return in one word how surely an order holds."""
    if first >= FIRST_FIRM and kept >= FIRM:
        return "firm"
    return "loose" if first < FIRST_LOOSE or kept < LOOSE else "partly"


def _order(name: Listed, source: str, draws: Floats) -> Order | None:
    listed = draws.shape[1]
    if listed < FEWEST:
        return None
    top = max(FEWEST, listed // 2)
    held = hold(draws, top) if top < listed else hold(draws, listed - 1)
    first, kept = round(held.first, 2), round(held.kept, 2)
    return Order(name=name, listed=listed, first=first, kept=kept, firmness=firmness(first, kept), source=source)


def _counts(cells: Sequence[Cell]) -> Floats:
    """Return draws of the counts that are shown."""
    return thinned(np.array([cell.value for cell in cells if cell.value is not None], dtype=np.int64))


def _moved(trends: Sequence[SkillTrend]) -> Floats:
    """Return draws of how surely each skill moved: the logarithm of its change over what chance would give it."""
    pairs = [(each.current.value, each.previous.value) for each in trends]
    known = np.array([pair for pair in pairs if None not in pair], dtype=np.int64).reshape(-1, 2)
    now, before = thinned(known[:, 0]) + HALF, thinned(known[:, 1], seed=2) + HALF
    return np.asarray(np.log(now / before) / np.sqrt(1 / now + 1 / before), dtype=np.float64)


def _rare(skills: Skills) -> Floats:
    """Return draws of the requests for each who can answer."""
    pairs = list(_known(skills))
    known = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return (thinned(known[:, 0]) + HALF) / (thinned(known[:, 1], seed=2) + HALF)


def _gaps(findings: Sequence[Finding]) -> Floats:
    """Return draws of the gap of each skill with a tenth of its requesters gone; who can answer stays."""
    found = [each for section in findings if section.name == "gap" for each in section.measures]
    pairs = [
        (each.value.value, each.people.value)
        for each in found
        if each.metric == "gap" and each.value.value is not None and each.people.value is not None
    ]
    known = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    fewer = thinned(known[:, 1].astype(np.int64))
    return np.asarray(known[:, 0] + np.log((fewer + HALF) / (known[:, 1] + HALF)), dtype=np.float64)


def _known(skills: Skills) -> Iterator[tuple[float, float]]:
    for each in skills.rare:
        if each.requests.value is not None and each.holders.value is not None:
            yield each.requests.value, each.holders.value
