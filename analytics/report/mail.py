"""The report as an e-mail: the main points, what to do, the indicators as a table and as a drawing, and a link.

What mail programs understand: tables, styles at each element, a PNG that travels along, and plain text for the rest.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from PIL import Image

from analytics.report import around, view
from analytics.report.content import Content, Indicator
from analytics.report.figure import DOWN, INK, LINE, LINK, SOFT, UP, canvas, short, style
from analytics.report.page import environment
from analytics.report.words import Words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HEAVIEST = 100 * 1024
"""Bytes of a message at most: the best known web mail cuts off what is longer."""
FIGURE = "trends@maillage"
"""The id of the drawing within the message."""
COLUMNS, COLOURS = 3, 32
_TONES = {"up": UP, "down": DOWN, "alert": DOWN, "plain": SOFT, "quiet": SOFT}


@dataclass(frozen=True)
class Row:
    """An indicator in words, for a table without any style sheet."""

    name: str
    value: str
    before: str
    median: str
    shape: str
    verdict: str
    colour: str


def mail(content: Content, language: str, *, address: str = "") -> EmailMessage:
    """Return the report as a message in one language, without sender, recipient and date.

    Args:
        content: What the report says.
        language: The language of the message.
        address: Where the whole report can be read; without one, no link is made.

    Raises:
        UsageError: when there are no texts in ``language``.
    """
    words = Words(language)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject(content, words)
    message["Content-Language"] = language
    message.set_content(as_text(content, words, address))
    message.add_alternative(as_html(content, words, address), subtype="html")
    if content.indicators:
        drawing = as_png(content.indicators, words)
        body = message.get_body(("html",))
        if body is not None:
            body.add_related(drawing, "image", "png", cid=f"<{FIGURE}>", filename="maillage.png", disposition="inline")
    return message


def subject(content: Content, words: Words) -> str:
    """Return the line that stands in the list of messages; what is to be corrected says so there."""
    line = words.say("mail.subject", title=view.title(content, words), week=view.week(content, words))
    return f"{words.say('index.to_correct')} – {line}" if isinstance(content.to_correct, str) else line


def as_html(content: Content, words: Words, address: str) -> str:
    """Return the message as HTML whose styles stand at their elements."""
    return (
        environment()
        .get_template("mail.html.j2")
        .render(
            content=content,
            words=words,
            say=words.say,
            view=view,
            language=words.language,
            points=[view.sentence(point, words) for point in content.points],
            actions=todo(content, words),
            groups=groups(content.indicators, words),
            tones=_TONES,
            finding=finding(content.indicators, words),
            address=address,
            figure=FIGURE,
        )
    )


def as_text(content: Content, words: Words, address: str) -> str:
    """Return the message as plain text: the same points, things to do and figures."""
    lines = [f"{view.title(content, words)}, {view.week(content, words)}", ""]
    if isinstance(content.to_correct, str):
        lines += [f"{words.say('page.to_correct')} {content.to_correct or words.say('page.to_correct_bare')}", ""]
    points = [view.sentence(point, words) for point in content.points]
    lines += [words.say("points.title").upper(), *(f"{each.mark} {each.lead} {each.rest}" for each in points), ""]
    actions = todo(content, words) or [words.say("actions.none")]
    lines += [words.say("actions.title").upper(), *(f"- {each}" for each in actions), ""]
    for title, rows in groups(content.indicators, words):
        lines += [title.upper(), *(_told(row, words) for row in rows), ""]
    lines += [f"{words.say('mail.read')} {address}", ""] if address else []
    return "\n".join([*lines, _foot(content, words), ""])


def todo(content: Content, words: Words) -> list[str]:
    """Return what to do in words: in the network, then at the places where most people wait."""
    return [*(view.action(point, words) for point in content.actions), *around.short_tasks(content, words)]


def groups(indicators: Sequence[Indicator], words: Words) -> list[tuple[str, list[Row]]]:
    """Return the indicators in words by group, each group with its title."""
    found: dict[str, list[Row]] = {}
    for each in indicators:
        found.setdefault(words.say(f"indicators.group_{each.group}"), []).append(_row(each, words))
    return list(found.items())


def finding(indicators: Sequence[Indicator], words: Words) -> str:
    """Return in words what the drawing shows: the indicators that are out of the ordinary, or that none is."""
    rows = [_row(each, words) for each in indicators if each.verdict in ("signal_up", "signal_down", "shift")]
    names = words.listed([short(row.name) + f" ({row.verdict})" for row in rows]) if rows else words.say("mail.none")
    return words.say("mail.figure", names=names)


def as_png(indicators: Sequence[Indicator], words: Words) -> bytes:
    """Return 52 weeks of every indicator in one drawing; the same indicators give the same bytes."""
    height = -(-len(indicators) // COLUMNS)
    with style("mail"):
        figure = canvas(6.2, 0.95 * height, dpi=110)
        for place, each in enumerate(indicators, start=1):
            _draw(figure.add_subplot(height, COLUMNS, place), each, words)
        figure.subplots_adjust(left=0.02, right=0.98, top=1 - 0.24 / height, bottom=0.02, hspace=0.6, wspace=0.12)
        drawn = io.BytesIO()
        figure.savefig(drawn, format="png", facecolor="white")
    buffer = io.BytesIO()
    with Image.open(drawn) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def _draw(axes: Axes, indicator: Indicator, words: Words) -> None:
    """Draw the weeks of one indicator with its usual variation, its closures in grey and its last week as a dot."""
    spark, line = indicator.spark, view.line(indicator, words)
    values = [float("nan") if cell.value is None else cell.value for cell in spark.cells]
    axes.set_title(short(line.name), fontsize=8, color=INK, loc="left", pad=2)
    axes.set_xlim(-1, len(values) + 1)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_color(LINE)
    for week in (week for week, closed in enumerate(spark.closed) if closed):
        axes.axvspan(week - 0.5, week + 0.5, color="#e4e1da", linewidth=0)
    if spark.limits:
        axes.axhspan(spark.limits.low, spark.limits.high, color="#d9e8ee", linewidth=0, zorder=0)
    axes.plot(range(len(values)), values, color=LINK, linewidth=1, marker=".", markersize=1.5)
    axes.plot([len(values) - 1], values[-1:], marker="o", markersize=4, color=_TONES[line.tone], clip_on=False)
    axes.set_ylim(bottom=0)


def _row(indicator: Indicator, words: Words) -> Row:
    line = view.line(indicator, words)
    value, before, median = (
        words.cell(each, indicator.unit) for each in (indicator.value, indicator.week_before, indicator.median)
    )
    return Row(line.name, value, before, median, line.shape, line.verdict, _TONES[line.tone])


def _told(row: Row, words: Words) -> str:
    compared = [(words.say("indicators.before"), row.before), (words.say("indicators.median"), row.median)]
    inner = ", ".join(f"{name} {value}" for name, value in compared)
    colon = " :" if words.language == "fr" else ":"
    return words.typeset(f"- {row.name}{colon} {row.value} ({inner}) {row.shape} {row.verdict}")


def _foot(content: Content, words: Words) -> str:
    return words.say("mail.foot", k=words.number(content.threshold_people))
