"""Figures of a report about skills: who takes part in them, who can give them, who asks for them."""

from __future__ import annotations

from datetime import datetime

from analytics.closure import closed_weeks
from analytics.metrics.concern import RAISED_WEEKS
from analytics.metrics.growth import COMPARISONS, blocks
from analytics.metrics.metric import SKILL_EVENTS
from analytics.metrics.occasion import REACH
from analytics.provenance.query import literal, query
from analytics.provenance.question import Asked, Patterns, Question
from analytics.week import Week

SHOWN = 26
"""Weeks in which a skill has to be shown for its holders to count."""
ASKED = ("help.requested",)


def _took_part(asked: Asked) -> Question:
    """Return what to ask for the people of a block of weeks."""
    weeks = _block(asked, later=asked.column == "current")
    sql = query(
        "occasions",
        "count(DISTINCT member)",
        where=f"skill = {literal(asked.item['skill'])} AND week IN ({_listed(weeks)})",
        since=min(weeks).since,
        until=asked.week.until,
    )
    span = (max(weeks).monday - min(weeks).monday).days // 7 + 1
    return Question(
        sql=sql,
        week=max(weeks),
        weeks=span,
        reads=SKILL_EVENTS,
        reading="occasions",
        note=f"distinct people over {len(weeks)} weeks; closed weeks are passed over",
    )


def _change(asked: Asked) -> Question:
    """Return what to ask for the people of both blocks, which a shrunk ratio is worked out from."""
    now, before = (_block(asked, later=later) for later in (True, False))
    wanted = {
        name: f"count(DISTINCT member) FILTER (week IN ({_listed(weeks)}))"
        for name, weeks in (("current", now), ("previous", before))
    }
    where = f"skill = {literal(asked.item['skill'])}"
    sql = query("occasions", wanted, where=where, since=min(before).since, until=asked.week.until)
    return Question(
        sql=sql,
        week=asked.week,
        weeks=(asked.week.monday - min(before).monday).days // 7 + 1,
        reads=SKILL_EVENTS,
        reading="occasions",
        exact=False,
        note="(a + k) / (b + k): a, b are these people over the size of an occasion, k is fitted over all skills "
        "(analytics.metrics.growth.skill_growth)",
    )


def _listed(weeks: list[Week]) -> str:
    return ", ".join(literal(each.monday) for each in weeks)


def _block(asked: Asked, *, later: bool) -> list[Week]:
    """Return the weeks of the later or the earlier block of a comparison; closed ones are passed over."""
    ages = [0, *(age for age in range(1, REACH) if not closed_weeks([(asked.week + -age).monday])[0])]
    comparison = next(each for each in COMPARISONS if each.name == asked.item["comparison"])
    current, previous = blocks(comparison, ages) or ([0], [0])
    return [asked.week + -age for age in (current if later else previous)]


def _single_holder(asked: Asked) -> Question:
    sql = query("report_recount_skills", "skills", week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=SHOWN, reads=SKILL_EVENTS, reading="report_recount_skills")


def _rare(asked: Asked) -> Question:
    where = f"skill = {literal(asked.item['skill'])}"
    sql = query("report_demand", asked.column, where=where, week=asked.week.monday)
    return Question(sql=sql, week=asked.week, weeks=SHOWN, reads=SKILL_EVENTS, reading="report_demand")


def _concern(asked: Asked) -> Question:
    """Return what to ask for the organisations that raised a theme."""
    since: datetime = (asked.week + (1 - RAISED_WEEKS)).since
    where = f"skill = {literal(asked.item['skill'])}"
    sql = query("demand", "count(DISTINCT organisation)", where=where, since=since, until=asked.week.until)
    return Question(sql=sql, week=asked.week, weeks=RAISED_WEEKS, reads=ASKED, reading="demand")


_LISTS = ("growing", "fading", "steady")
OF_SKILLS: Patterns = {
    **dict.fromkeys((f"skills.{each}.*.{side}" for each in _LISTS for side in ("current", "previous")), _took_part),
    **dict.fromkeys((f"skills.{each}.*.ratio" for each in _LISTS), _change),
    "skills.single_holder": _single_holder,
    **dict.fromkeys(("skills.rare.*.requests", "skills.rare.*.holders"), _rare),
    "skills.concerns.*.organisations": _concern,
}
