"""The sections below in words: a title that states what was found, a caption, a table, and how one knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from analytics.card import cards
from analytics.metrics import METRICS
from analytics.metrics.demand import ASKED_WEEKS
from analytics.report import around, course, headline
from analytics.report.box import Box, box, people
from analytics.report.content import Content
from analytics.report.curve import curve_figure
from analytics.report.dots import dot_figure
from analytics.report.finding import Communities, Finding, Measure, Name
from analytics.report.recount import command_of
from analytics.report.told import Row, Told
from analytics.report.words import Words

AXES: Mapping[str, tuple[float, float | None]] = {
    "place_answered": (0.0, 1.0),
    "place_breadth": (0.0, None),
    "place_porosity": (0.0, 1.5),
}
"""Ends of the scale of a profile; None stands for the largest value."""
PROFILE = tuple(AXES)
WIDE = ("profiles", "balance")


def below(content: Content, words: Words) -> list[Told]:
    """Return the sections that have something to show, in order."""
    found = [_told(finding, content, words) for finding in content.findings]
    if content.communities and content.communities.sizes:
        found.append(_communities(content.communities, words))
    narrow = [told for told in found if told.rows and not told.wide]
    trends = [course.trends(content.trends, words)] if content.trends else []
    door = [course.door(content.door, words)] if content.door else []
    return [*trends, *narrow, *door, *(told for told in found if told.rows and told.wide)]


def _told(finding: Finding, content: Content, words: Words) -> Told:
    head, rows = _TABLES[finding.name](finding.measures, words)
    title = headline.TITLES[finding.name](finding.measures, words)
    curve = content.curve if finding.name == "answer" else None
    stamp = around.stamps(content, words).get(finding.name)
    return Told(
        name=finding.name,
        kicker=words.say(f"below.{finding.name}"),
        title=title,
        caption=_caption(finding, content, words),
        head=head,
        rows=rows,
        query=command_of(finding.sql),
        figure=curve_figure(curve, title, words, median=headline.of(finding.measures, "answer_wait")) if curve else "",
        stamp=f"{stamp.word} {stamp.sentence}" if stamp else "",
        wide=finding.name in WIDE,
    )


def _caption(finding: Finding, content: Content, words: Words) -> str:
    """Return what a table counts, over which period, about whom, and what is left out."""
    weeks = METRICS[finding.measures[0].metric].reach
    day = words.day(content.period.sunday)
    parts = [
        words.say(
            f"below.{finding.name}_caption",
            weeks=words.number(weeks) if isinstance(weeks, int) else "",
            asked=words.number(ASKED_WEEKS),
            requests=words.cell(content.curve.requests) if content.curve else "",
        ),
        words.say("below.coverage", counted=words.cell(content.status.counted), day=day),
    ]
    if any(each.interval for each in finding.measures):
        parts.append(words.say("below.intervals"))
    if finding.hidden:
        k = words.number(content.threshold_people)
        parts.append(words.say("below.hidden", count=finding.hidden, value=words.number(finding.hidden), k=k))
    return " ".join(parts)


def _by_metric(measures: Sequence[Measure], words: Words) -> tuple[list[tuple[str, str]], list[Row]]:
    """Return one row a metric of the network."""
    head = [(words.say("below.value"), ""), (words.say("below.people"), "")]
    rows = [
        Row(card_title(each.metric, words), [box(each, words), people(each, words)], each.metric) for each in measures
    ]
    return head, rows


def _by_skill(measures: Sequence[Measure], words: Words) -> tuple[list[tuple[str, str]], list[Row]]:
    """Return one row a skill, one column a metric."""
    of_skills = [each for each in measures if each.subject]
    metrics = list(dict.fromkeys(each.metric for each in of_skills))
    rows = []
    for skill, found in groupby(of_skills, key=lambda each: each.subject):
        by_metric = {each.metric: each for each in found}
        boxes = [box(by_metric.get(metric), words) for metric in metrics]
        rows.append(Row(words.skill(skill), [*boxes, people(by_metric.get(metrics[0]), words)]))
    return [*((card_title(metric, words), metric) for metric in metrics), (words.say("below.people"), "")], rows


def _by_place(measures: Sequence[Measure], words: Words) -> tuple[list[tuple[str, str]], list[Row]]:
    """Return one row a place, with the ranks that it may have beside each figure: an interval, never one rank."""
    ends = {metric: _end(metric, measures) for metric in PROFILE}
    rows = []
    for place, found in groupby(measures, key=lambda each: each.subject):
        by_metric = {each.metric: each for each in found}
        rows.append(Row(place, [_profile(metric, by_metric, ends[metric], words) for metric in PROFILE]))
    return [(card_title(metric, words), metric) for metric in PROFILE], rows


def _profile(metric: str, by_metric: Mapping[str, Measure], end: float, words: Words) -> Box:
    measure, rank = by_metric.get(metric), by_metric.get(f"{metric}_rank")
    if measure is None or measure.value.value is None:
        return box(measure, words)
    drawing = dot_figure(measure, AXES[metric][0], end, mark=1.0 if metric == "place_porosity" else None)
    shown = box(measure, words, drawing)
    if rank is None or rank.interval is None:
        return shown
    low, high = words.number(rank.interval.low), words.number(rank.interval.high)
    return Box(shown.text, words.say("below.ranks", low=low, high=high), drawing)


def _end(metric: str, measures: Sequence[Measure]) -> float:
    """Return the upper end of a scale."""
    most = AXES[metric][1]
    own = [each for each in measures if each.metric == metric]
    highs = [each.interval.high if each.interval else each.value.value or 0.0 for each in own]
    return max([most or 0.0, *highs]) or 1.0


def _by_country(measures: Sequence[Measure], words: Words) -> tuple[list[tuple[str, str]], list[Row]]:
    """Return one row a mean, one column a country."""
    countries = list(dict.fromkeys(each.subject for each in measures))
    rows = []
    for metric, found in groupby(measures, key=lambda each: each.metric):
        by_country = {each.subject: each for each in found}
        rows.append(Row(card_title(metric, words), [box(by_country.get(each), words) for each in countries], metric))
    return [(words.countries([country])[0], "") for country in countries], rows


def _communities(found: Communities, words: Words) -> Told:
    sizes = Row(words.say("below.sizes"), [Box(words.listed([words.cell(size) for size in found.sizes]))], "community")
    kept = Row(words.say("below.kept"), [Box(words.cell(found.kept, "share"), nil=found.kept.value is None)])
    became = [
        Row(words.say(f"below.{kind}"), [Box(words.number(found.changes.get(kind, 0)))])
        for kind in ("birth", "death", "split", "merge")
    ]
    return Told(
        name="communities",
        kicker=words.say("below.communities"),
        title=headline.communities(found, words),
        caption=words.say("below.communities_caption", members=words.cell(found.members)),
        head=[(words.say("below.value"), "")],
        rows=[sizes, kept, *became],
        query=command_of(found.sql),
    )


def card_title(metric: str, words: Words) -> str:
    """Return what a metric is called."""
    return words.typeset(cards()[metric].title[words.language])


_TABLES: Mapping[Name, Callable[[Sequence[Measure], Words], tuple[list[tuple[str, str]], list[Row]]]] = {
    "gap": _by_skill,
    "fragile": _by_skill,
    "answer": _by_metric,
    "newcomers": _by_metric,
    "porosity": _by_metric,
    "profiles": _by_place,
    "balance": _by_country,
}
