"""The figure of skills: a dot for how much each moved, a line for what that leaves open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from analytics.report.content import Movement, Skills, SkillTrend
from analytics.report.figure import DOWN, INK, LINE, SOFT, STILL, UP, blank, short, style, to_svg
from analytics.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH, ROW, EDGE = 5.6, 0.31, 0.34
LABELS, NUMBERS = 0.42, 0.13
"""Shares of the width that names and numbers take."""
WIDEST = math.log(32)
"""A line or a dot that goes further stops at the edge; the table has the number."""
CROWDED = math.log(32)
NEAR, FAR = (1 / 4, 1 / 2, 1, 2, 4), (1 / 16, 1 / 4, 1, 4, 16)
SHAPES: dict[Movement, tuple[str, str]] = {"growing": ("^", UP), "fading": ("v", DOWN), "steady": ("o", STILL)}


def skill_figure(skills: Skills, words: Words) -> Markup | None:
    """Return the drawing of the skills whose change may be shown, or nothing when there are none."""
    trends = drawn(skills)
    if not trends:
        return None
    with style("skills"):
        figure, axes = blank(WIDTH, ROW * len(trends) + EDGE)
        _frame(axes, trends)
        for place, trend in enumerate(trends):
            _row(axes, trend, len(trends) - 1 - place, words)
        return to_svg(figure, name="skills", title=words.say("skills.figure"), finding=finding(skills, words))


def drawn(skills: Skills) -> list[SkillTrend]:
    """Return what the figure shows: those that grow, the steady ones, those that fade, each by their change."""
    shown = [trend for trend in (*skills.growing, *skills.steady, *skills.fading) if trend.interval is not None]
    return sorted(shown, key=lambda trend: (-(trend.ratio.value or 1.0), trend.skill))


def finding(skills: Skills, words: Words) -> str:
    """Return in words what the figure shows."""
    growing = [_in_words(trend, words) for trend in skills.growing if trend.interval]
    fading = [_in_words(trend, words) for trend in skills.fading if trend.interval]
    sentences = [words.say("skills.found_growing", names=words.listed(growing))] if growing else []
    sentences += [words.say("skills.found_fading", names=words.listed(fading))] if fading else []
    return " ".join(sentences) or words.say("skills.found_none")


def _in_words(trend: SkillTrend, words: Words) -> str:
    interval = trend.interval
    low, high = (words.ratio(interval.low), words.ratio(interval.high)) if interval else ("", "")
    return words.say(
        "skills.found_one", skill=words.skill(trend.skill), ratio=words.cell(trend.ratio, "ratio"), low=low, high=high
    )


def _frame(axes: Axes, trends: Sequence[SkillTrend]) -> None:
    """Set the scale: names on the left, numbers on the right, the line of no change between them."""
    ends = [math.log(end) for trend in trends if trend.interval for end in (trend.interval.low, trend.interval.high)]
    low, high = max(-WIDEST, min(-math.log(2), *ends)), min(WIDEST, max(math.log(2), *ends))
    unit = (high - low) / (1 - LABELS - NUMBERS)
    axes.set_xlim(low - unit * LABELS, high + unit * NUMBERS)
    axes.set_ylim(-0.6 - EDGE / ROW * 0.8, len(trends) - 0.4)
    axes.plot([0, 0], [-0.5, len(trends) - 0.5], color=LINE, linewidth=1.4, zorder=0)
    for factor in NEAR if high - low < CROWDED else FAR:
        if low <= math.log(factor) <= high:
            label = "=" if factor == 1 else f"×{factor:g}" if factor > 1 else f"÷{1 / factor:g}"
            axes.text(math.log(factor), -1.15, label, ha="center", va="center", color=SOFT, fontsize=10)


def _row(axes: Axes, trend: SkillTrend, height: int, words: Words) -> None:
    """Draw one skill: name, line, dot and number."""
    if trend.interval is None or trend.ratio.value is None:
        return
    shape, colour = SHAPES[trend.verdict]
    left, right = axes.get_xlim()
    pad = (right - left) * 0.012
    ends = [_kept(trend.interval.low), _kept(trend.interval.high)]
    moved = trend.verdict != "steady"
    axes.plot(ends, [height, height], color=colour, linewidth=2.4 if moved else 1.6, solid_capstyle="round")
    axes.plot([_kept(trend.ratio.value)], [height], marker=shape, color=colour, markersize=8 if moved else 6)
    ink, weight = (INK, "bold") if moved else (SOFT, "normal")
    axes.text(left + pad, height, short(words.skill(trend.skill)), ha="left", va="center", color=ink, fontweight=weight)
    axes.text(right - pad, height, words.cell(trend.ratio, "ratio"), ha="right", color=colour, va="center")


def _kept(ratio: float) -> float:
    """Return where a ratio stands on the scale, within its edges."""
    return min(WIDEST, max(-WIDEST, math.log(ratio)))
