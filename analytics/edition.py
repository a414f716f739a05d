"""The edition of a week: all files of its report, the map among them, and where the map's nodes stood before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from analytics.map import DATA, Memory, build_map, map_files, remembered
from analytics.map.build import WEEKS
from analytics.report.content import Content
from analytics.report.shelf import Files
from analytics.report.site import folder, render
from analytics.week import Week
from producers.settings import Settings
from warehouse.connection import Connection


def edition(
    connection: Connection, content: Content, languages: Sequence[str], *, settings: Settings, memory: Memory
) -> Files:
    """Return the files of a report by their paths, the map beside each page."""
    drawn = build_map(connection, week=content.period.monday, settings=settings, memory=memory)
    return {**render(content, languages, with_map=True), **map_files(drawn, languages)}


def memory_of(settings: Settings, week: Week) -> Memory:
    """Return what the maps that stand remember of a week: its own one, the last before it and the first after it.

    So a reader finds places and skills where the map of the week before had them, and a map that is drawn again stays
    as it is.
    """
    texts = [path.read_text(encoding="utf-8") for path in _near(settings.site, week)]
    return remembered(texts, least=settings.threshold_persons)


def _near(site: Path, week: Week) -> Iterator[Path]:
    for ways in ([0], range(-1, -WEEKS, -1), range(1, WEEKS)):
        paths = (folder(site, week.monday + timedelta(weeks=gap)) / DATA for gap in ways)
        found = next((path for path in paths if path.exists()), None)
        if found:
            yield found
