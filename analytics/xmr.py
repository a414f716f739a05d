"""A process behaviour chart (XmR): a weekly figure, its usual variation, and the word that its last week deserves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.disclosure import Cell
from analytics.network.chart import Chart, Drawing, chart
from analytics.report import view
from analytics.report.content import Indicator, Interval, Verdict
from analytics.report.sparkline import Notes, sparkline
from analytics.report.words import Words
from analytics.week import Week, weeks

Title = Callable[[Words], str]


@dataclass(frozen=True)
class Xmr:
    """The last 52 weeks of a figure beside its usual variation."""

    row: Indicator
    """What is drawn; of an indicator of the published network, exactly what ``report.json`` holds."""
    week: Week
    """The last week."""
    notes: Notes
    """Holidays, and where sources fell silent."""
    title: Title | None = None
    """What a figure is called that is no indicator of the report."""

    @property
    def verdict(self) -> Verdict:
        """Return the word; "untested" for what is no raw weekly count.

        Weeks that overlap resemble each other, so limits around them would lie.
        """
        return self.row.verdict

    @property
    def limits(self) -> Interval | None:
        """Return between what the figure usually varies; None while it is too early, or where it is not judged."""
        return self.row.spark.limits

    @property
    def weeks(self) -> list[date]:
        """Return the Monday of each cell."""
        return [each.monday for each in weeks(self.week + (1 - len(self.cells)), self.week)]

    @property
    def cells(self) -> Sequence[Cell]:
        """Return the figure of each week, oldest first."""
        return self.row.spark.cells

    def plot(self, language: str = "en") -> Chart:
        """Return the chart of the report, to be shown by a notebook or saved as SVG."""
        words = Words(language)
        return chart(self._drawing(words, self.title(words)) if self.title else self._drawing_of_row(words), words)

    def _drawing_of_row(self, words: Words) -> Drawing:
        """Return the drawing and the words of the row in the report's table."""
        line = view.line(self.row, words, self.notes)
        return Drawing(
            spark=self.row.spark,
            notes=self.notes,
            svg=str(line.spark),
            week=self.week,
            title=line.name,
            verdict=f"{line.shape} {line.verdict}",
            down=line.tone == "down",
            share=self.row.unit == "share",
        )

    def _drawing(self, words: Words, title: str) -> Drawing:
        """Return the drawing of a figure that has no row in the report's table."""
        said = words.say(f"verdicts.{self.verdict}")
        finding = f"{self.week}: {said}"
        return Drawing(
            spark=self.row.spark,
            notes=self.notes,
            svg=str(sparkline(self.row.spark, title=title, finding=finding, down=False, notes=self.notes)),
            week=self.week,
            title=title,
            verdict=f"{view.SHAPES[self.verdict]} {said}",
            down=False,
            share=False,
        )
