"""The titles of the sections below: each says what was found, or that nothing sure was."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from analytics.metrics.shrinkage import STEP
from analytics.report.finding import Communities, Measure, Name
from analytics.report.view import opened
from analytics.report.words import Words

BY_CHANCE = 2.0
"""Standard deviations within which a porosity is no more than chance."""
NAMED = 3


def gap(measures: Sequence[Measure], words: Words) -> str:
    """Return the skills that surely lack hands, or the one that comes nearest to it."""
    gaps = [each for each in measures if each.metric == "gap" and each.value.value is not None]
    short = [each for each in gaps if each.interval and each.interval.low > math.log(STEP)]
    if not gaps:
        return words.say("below.gap_unknown")
    names = words.listed([words.skill(each.subject) for each in (short or gaps)[:NAMED]])
    if short:
        return words.say("below.gap_short", names=names)
    return words.say("below.gap_none", skill=words.skill(gaps[0].subject))


def fragile(measures: Sequence[Measure], words: Words) -> str:
    """Return what hangs on fewest people; never on whom."""
    factors = [each for each in measures if each.metric == "absence_factor" and each.value.value]
    if not factors:
        return words.say("below.fragile_unknown")
    fewest = min(each.value.value or 0.0 for each in factors)
    names = words.listed([words.skill(each.subject) for each in factors if each.value.value == fewest][:NAMED])
    return opened(words.say("below.fragile_title", count=fewest, names=names, value=words.number(fewest)))


def answer(measures: Sequence[Measure], words: Words) -> str:
    """Return how soon half of the requests are answered, and how many are in 14 days."""
    wait, share = of(measures, "answer_wait"), of(measures, "answer_share")
    within = words.share(share) if share is not None else ""
    if wait is not None and within:
        return words.say("below.answer_title", count=wait, wait=words.number(wait), share=within)
    return words.say("below.answer_slow", share=within) if within else words.say("below.answer_unknown")


def newcomers(measures: Sequence[Measure], words: Words) -> str:
    """Return what becomes of those who arrive."""
    integrated, stay = of(measures, "newcomer_integrated"), of(measures, "newcomer_retention")
    parts = [words.say("below.newcomers_integrated", share=words.share(integrated))] if integrated is not None else []
    parts += [words.say("below.newcomers_stay", share=words.share(stay))] if stay is not None else []
    return opened(words.listed(parts)) if parts else words.say("below.newcomers_unknown")


def porosity(measures: Sequence[Measure], words: Words) -> str:
    """Return across which borders people meet more or less than by chance."""
    parts = []
    for border in ("place", "public", "country"):
        z = of(measures, f"porosity_{border}")
        if z is not None:
            how = "more" if z > BY_CHANCE else "less" if z < -BY_CHANCE else "alike"
            parts.append(words.say(f"below.between_{border}", how=words.say(f"below.{how}")))
    return opened(words.listed(parts)) if parts else words.say("below.porosity_unknown")


def profiles(measures: Sequence[Measure], words: Words) -> str:
    """Return how many places cannot be told apart by their answers: those whose ranks reach over the middle."""
    ranks = [each.interval for each in measures if each.metric == "place_answered_rank" and each.interval]
    if not ranks:
        return words.say("below.profiles_unknown")
    middle = (max(each.high for each in ranks) + 1) / 2
    alike = sum(1 for each in ranks if each.low <= middle <= each.high)
    return words.say("below.profiles_title", count=alike, value=words.number(alike), places=words.number(len(ranks)))


def balance(measures: Sequence[Measure], words: Words) -> str:
    """Return which means are out of proportion to the people of the countries."""
    people = {each.subject: each.value.value for each in measures if each.metric == "balance_people_share"}
    off = [
        each.metric
        for each in measures
        if each.interval
        and (share := people.get(each.subject)) is not None
        and not each.interval.low <= share <= each.interval.high
    ]
    if not any(share is not None for share in people.values()):
        return words.say("below.balance_unknown")
    if not off:
        return words.say("below.balance_even")
    names = [words.say(f"below.{metric}") for metric in dict.fromkeys(off)]
    return words.say("below.balance_off", names=words.listed(names))


def communities(found: Communities, words: Words) -> str:
    """Return how many groups there are, and how firm they are."""
    many = len(found.sizes)
    title = words.say("below.communities_title", count=many, value=words.number(many))
    if found.kept.value is None:
        return title
    return f"{title} {words.say('below.communities_kept', share=words.cell(found.kept, 'share'))}"


def of(measures: Sequence[Measure], metric: str) -> float | None:
    """Return the value of a metric of the network that may be shown."""
    return next((each.value.value for each in measures if each.metric == metric and not each.subject), None)


TITLES: Mapping[Name, Callable[[Sequence[Measure], Words], str]] = {
    "gap": gap,
    "fragile": fragile,
    "answer": answer,
    "newcomers": newcomers,
    "porosity": porosity,
    "profiles": profiles,
    "balance": balance,
}
