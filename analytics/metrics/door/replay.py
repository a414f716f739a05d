"""The judgement of the right door: past requests asked again, each with what was known before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from analytics.kernels import Floats
from analytics.metrics.door.model import LESSONS, Lesson, Model, fit, learned, lesson, over
from analytics.metrics.door.record import Record
from analytics.metrics.door.sight import Sight, central, declared, sight
from analytics.metrics.door.time import WEEK, Ints

RULES = ("nearest place", "most central person", "most declared skill")
"""What one would go by without the right door; ``OURS`` has to beat them."""
OURS = "right door"
CAPPED = "right door under the cap"
"""``OURS`` without the doors that are full: what is shown."""
WARM_UP = 100
"""Requests that are over before the first is judged."""
LEARNING_WEEKS = 4
"""Weeks between two models."""
EDGES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Chances between the bins of the reliability."""
SURE = 0.95


@dataclass(frozen=True)
class Score:
    """How well one way to choose a door did, over the requests that a door answered in time."""

    hit_1: float
    """Share in which the first door did answer."""
    hit_3: float
    """Share in which one of the first three did."""
    mrr: float
    """Mean of 1 / rank of the first door that did; 0 where none was seen."""


@dataclass(frozen=True)
class Lead:
    """How much greater the mean reciprocal rank of the right door is than that of a rule, with its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def beats(self) -> bool:
        """Return whether the difference is more than chance."""
        return self.low > 0


@dataclass(frozen=True)
class Bin:
    """Doors of about the same chance."""

    doors: int
    told: float
    """Mean of their chances."""
    found: float
    """Share that did answer."""


@dataclass(frozen=True)
class Verdict:
    """What the replay found."""

    requests: int
    """Requests judged: their 14 days are over, and enough were over before them."""
    answered: int
    """Those that a door answered in time."""
    seen: int
    """Of these, those where such a door had shown the skill before."""
    closed: int
    """Requests with the answer "no door"."""
    closed_answered: int
    """Of these, those that a door answered in time all the same."""
    scores: dict[str, Score]
    leads: dict[str, dict[str, Lead]]
    """Of ``OURS`` and ``CAPPED``, over each of ``RULES``."""
    brier: float
    """Mean squared error of the chances, over every request and door seen."""
    brier_base: float
    """The same of one chance for all: the share that did answer, known only afterwards."""
    bins: list[Bin]
    """Doors by their chance, as far as there were any."""

    def unbeaten(self, way: str = OURS) -> list[str]:
        """Return the rules that a way to choose does not beat."""
        return [rule for rule in RULES if not self.leads[way][rule].beats]


def replay(record: Record, until: int) -> pd.DataFrame:
    """Return every request that is over at ``until``, with every door that was seen at it, as it was seen then.

    Chances come from a model that is learned anew every ``LEARNING_WEEKS`` weeks, from the latest requests whose 14
    days were over by then. The first ``WARM_UP`` requests only teach.

    Returns:
        ``request`` (its number), ``at, door, chance, free, answered``, and what ``RULES`` go by: the greater, the
        sooner asked. In order of requests, then doors.
    """
    asks, last = record.asks, over(record, until)
    lessons: list[Lesson] = []
    rows, model, learned_at = [], fit(()), 0
    for number in range(last):
        seen, now = sight(record, asks[number]), asks[number].micros
        lessons.append(lesson(record, number, seen))
        known = over(record, now)
        if known < WARM_UP:
            continue
        if now - learned_at >= LEARNING_WEEKS * WEEK:
            model, learned_at = fit(lessons[max(0, known - LESSONS) : known]), now
        rows.append(_seen(record, number, seen, model, lessons[-1]))
    return pd.concat([_NOTHING, *rows], ignore_index=True)


_NOTHING = pd.DataFrame(
    {
        **dict.fromkeys(("request", "at", "door"), pd.Series(dtype="int64")),
        **dict.fromkeys(("chance", *RULES), pd.Series(dtype="float64")),
        **dict.fromkeys(("free", "answered"), pd.Series(dtype="bool")),
    }
)


def _seen(record: Record, number: int, seen: Sight, model: Model, taught: Lesson) -> pd.DataFrame:
    ask = record.asks[number]
    rules = (-seen.km, central(record, ask)[seen.doors], declared(record, ask)[seen.doors])
    return pd.DataFrame(
        {
            "request": number,
            "at": ask.micros,
            "door": seen.doors,
            "chance": model.chances(seen)[0],
            **{name: values.astype(np.float64) for name, values in zip(RULES, rules, strict=True)},
            "free": seen.free,
            "answered": taught.answered,
        }
    )


def judged(record: Record, until: int, least: float) -> Verdict:
    """Return how the right door would have done on the requests of the past, and the rules of thumb beside it.

    Every way chooses among the same doors, those behind which somebody had shown one of the skills; ``CAPPED`` leaves
    out the full ones, and so misses what was answered in the past beyond the cap. Doors that look alike come in the
    order of their names. A request that only a door answered which nobody could see is a miss of all. Leads are mean
    differences over the same requests, with intervals over weeks: requests of one week are not independent.

    Args:
        record: For places or for people.
        until: The instant to judge at.
        least: The chance below which a door is none.
    """
    return _verdict(record, replay(record, until), _judged_numbers(record, until), least)


def judged_lately(record: Record, until: int, least: float, *, weeks: int, most: int, lessons: int) -> Verdict:
    """Return the same of at most ``most`` requests, evenly spread over those of the last ``weeks`` before ``until``.

    One model is learned for all of them, from the ``lessons`` latest requests that were over before the first: a
    hundredth of the cost of ``judged``, and a wider margin.
    """
    numbers = _judged_numbers(record, until)
    recent = numbers[record.asked.when[numbers] >= until - weeks * WEEK]
    if not len(recent):
        return _verdict(record, _NOTHING, recent, least)
    chosen = recent[np.unique(np.linspace(0, len(recent) - 1, most).round().astype(np.int64))]
    model = learned(record, record.asks[chosen[0]].micros, lessons)
    sights = {number: sight(record, record.asks[number]) for number in chosen.tolist()}
    rows = [_seen(record, number, seen, model, lesson(record, number, seen)) for number, seen in sights.items()]
    return _verdict(record, pd.concat(rows, ignore_index=True), chosen, least)


def _verdict(record: Record, pairs: pd.DataFrame, numbers: Ints, least: float) -> Verdict:
    """Return what a replay says of the requests ``numbers``."""
    hits = np.array([number for number in numbers if number in record.outcomes], dtype=np.int64)
    ranks = _ranks(pairs, hits)
    open_ = pairs[pairs["free"] & (pairs["chance"] >= least)]
    closed = np.setdiff1d(numbers, open_["request"])
    weeks = record.asked.when[hits] // WEEK
    return Verdict(
        requests=len(numbers),
        answered=len(hits),
        seen=int(np.isfinite(ranks[OURS]).sum()),
        closed=len(closed),
        closed_answered=int(np.isin(closed, hits).sum()),
        scores={name: _score(found) for name, found in ranks.items()},
        leads={way: {rule: _lead(1 / ranks[way] - 1 / ranks[rule], weeks) for rule in RULES} for way in (OURS, CAPPED)},
        brier=_mean_square(pairs["answered"] - pairs["chance"]),
        brier_base=_mean_square(pairs["answered"] - pairs["answered"].mean()),
        bins=_bins(pairs),
    )


def _judged_numbers(record: Record, until: int) -> Ints:
    """Return the requests that are judged: they are over, and enough were over before them."""
    numbers = np.arange(over(record, until))
    return numbers[[over(record, record.asks[number].micros) >= WARM_UP for number in numbers]]


def _ranks(pairs: pd.DataFrame, hits: Ints) -> dict[str, Floats]:
    """Return for each way and request of ``hits`` the rank of the first door that answered; infinite for none."""
    answered = pairs[pairs["request"].isin(hits)]
    ways = {OURS: ("chance", answered), CAPPED: ("chance", answered[answered["free"]])}
    ways |= {rule: (rule, answered) for rule in RULES}
    ranks = {}
    for way, (by, rows) in ways.items():
        ordered = rows.sort_values(["request", by, "door"], ascending=[True, False, True])
        first = ordered.assign(rank=ordered.groupby("request").cumcount() + 1.0)
        found = first[first["answered"]].groupby("request")["rank"].min()
        ranks[way] = found.reindex(hits).fillna(np.inf).to_numpy(dtype=np.float64)
    return ranks


def _score(ranks: Floats) -> Score:
    if not len(ranks):
        return Score(np.nan, np.nan, np.nan)
    return Score(float((ranks <= 1).mean()), float((ranks <= 3).mean()), float((1 / ranks).mean()))  # noqa: PLR2004


def _lead(differences: Floats, weeks: Ints) -> Lead:
    """Return the mean with an interval that lets the requests of one week go together."""
    if not len(differences):
        return Lead(np.nan, np.nan, np.nan)
    mean = float(differences.mean())
    numbered = np.unique(weeks, return_inverse=True)[1]
    sums = np.bincount(numbered, weights=differences - mean)
    many = len(sums)
    error = np.sqrt((sums**2).sum() * many / (many - 1)) / len(differences) if many > 1 else np.inf
    reach = float(ndtri((1 + SURE) / 2) * error)
    return Lead(mean, mean - reach, mean + reach)


def _mean_square(errors: pd.Series[float]) -> float:
    return float((errors.astype("float64") ** 2).mean())


def _bins(pairs: pd.DataFrame) -> list[Bin]:
    rows = pairs.groupby(np.searchsorted(EDGES, pairs["chance"], side="right"))
    means = rows[["chance", "answered"]].mean()
    told, found = means["chance"].tolist(), means["answered"].astype("float64").tolist()
    return [Bin(*each) for each in zip(rows.size().tolist(), told, found, strict=True)]
