"""Balance of means: what each side of the border puts in and gets out, in the family "skill"."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import betaincinv

from analytics.metrics.metric import Metric
from analytics.metrics.ranking import PRIOR
from analytics.metrics.shrinkage import INTERVAL
from analytics.week import Week

WEEKS = 13
TAIL = (1 - INTERVAL) / 2


def balance(
    week: Week,
    *,
    workshops: pd.DataFrame,
    participation: pd.DataFrame,
    answers: pd.DataFrame,
    labels: pd.DataFrame,
) -> pd.DataFrame:
    """Return what each country put in and got out in 13 weeks, and its share of the whole with its interval.

    Definition: workshops by the country where they took place; people by their own: who taught, who of the
    facilitators was at work (at a workshop, asking or answering for somebody), who took part in anything; answers by
    the country of who gave and of who received them, those to oneself left out. Share: of all whose country is known,
    with the 90 % interval of a Beta of half a case more on either side; answers of one person are not so many cases,
    hence cases are (sum)^2 / sum of squares over people (Kish). Where there is one country the share is 1.

    Args:
        week: The week that the 13 weeks end with.
        workshops: The reading: ``workshop, country, at``.
        participation: The reading: ``workshop, member, role, at``.
        answers: The reading: ``request, answer, requester, helper, at``.
        labels: The reading: ``member, country, facilitator``.

    Returns:
        ``metric, subject_kind`` ("country"), ``subject`` (the country), ``value, low, high, n``: countries in order
        within a metric, each that is known of a workshop or a member of the 13 weeks. n is what stands behind:
        people, for workshops the workshops. What is nowhere seen has a share that is NaN.

    Cost: O(n log n). Sources: Brown, Cai & DasGupta 2001, Statistical Science 16:101 (the interval of Jeffreys);
    Kish 1965, Survey Sampling (the effective number of cases).
    """
    workshops, participation, answers = (_recent(each, week) for each in (workshops, participation, answers))
    home = labels.set_index("member")["country"]
    staff = set(labels.loc[labels["facilitator"].astype("bool"), "member"])
    given = answers[answers["requester"] != answers["helper"]].drop_duplicates(["request", "answer"])
    people = pd.Series(pd.concat([participation["member"], given["requester"], given["helper"]]).unique())
    teachers = participation.loc[participation["role"] == "instructor", "member"].drop_duplicates()
    held = workshops.drop_duplicates("workshop")
    means = {
        "workshops": (held["workshop"], held["country"]),
        "teachers": (teachers, teachers.map(home)),
        "facilitators": (at_work := people[people.isin(staff)], at_work.map(home)),
        "people": (people, people.map(home)),
        "answers_given": (given["helper"], given["helper"].map(home)),
        "answers_received": (given["requester"], given["requester"].map(home)),
    }
    countries = sorted(set().union(*(country.dropna() for _, country in means.values())))
    return pd.concat(
        [_shared(f"balance_{name}", behind, country, countries) for name, (behind, country) in means.items()],
        ignore_index=True,
    )


def _recent(rows: pd.DataFrame, week: Week) -> pd.DataFrame:
    return rows[(rows["at"] >= (week + (1 - WEEKS)).since) & (rows["at"] < week.until)]


def _shared(metric: str, behind: pd.Series[str], country: pd.Series[str], countries: list[str]) -> pd.DataFrame:
    """Return how many there are in each country, and the share of it, as two metrics."""
    counts = country.value_counts().reindex(countries, fill_value=0).to_numpy(np.float64)
    n = behind.groupby(country).nunique().reindex(countries, fill_value=0).to_numpy(np.int64)
    total, squares = counts.sum(), float((behind[country.notna()].value_counts() ** 2).sum())
    share = counts / total if total else np.full(len(counts), np.nan)
    cases = total**2 / squares if squares else 0.0
    low, high = (betaincinv(share * cases + PRIOR, (1 - share) * cases + PRIOR, tail) for tail in (TAIL, 1 - TAIL))
    counted = pd.DataFrame({"metric": metric, "subject": countries, "value": counts, "n": n})
    shared = pd.DataFrame({"metric": f"{metric}_share", "subject": countries, "value": share, "n": n})
    within = shared.assign(low=np.minimum(low, share), high=np.maximum(high, share))
    return pd.concat([counted, within]).assign(subject_kind="country")


_MEANS = ("workshops", "teachers", "facilitators", "people", "answers_given", "answers_received")

BALANCE_METRICS = tuple(
    Metric(
        name=f"balance_{name}{end}",
        family="skill",
        compute=balance,
        readings=("workshops", "participation", "answers", "labels"),
        reach=WEEKS,
        layers=(),
        subject_kind="country",
    )
    for name in _MEANS
    for end in ("", "_share")
)
