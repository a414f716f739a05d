"""Where events come from. To add a source: a module with ``fetch`` and ``parse``, and a row in ``SOURCES``."""

from __future__ import annotations

from pathlib import Path

from producers.sources import events, simulated, stackexchange, table
from producers.sources.item import Input, Item, Parameter, Source, Unreadable
from producers.sources.profile import shipped

__all__ = ["SOURCES", "Input", "Item", "Parameter", "Source", "Unreadable"]

_ROWS = (
    Source(
        name="simulated",
        reads="A region of places in France and Switzerland that never was, the same for the same seed.",
        example="maillage publish simulated --seed 1 --members 1000 --weeks 104",
        parameters=(
            Parameter("seed", "option", int, "Another seed gives another region.", 1),
            Parameter("members", "option", int, "About how many people it has.", 1000),
            Parameter("weeks", "option", int, "How many weeks it has lived.", 104),
            Parameter("last_week", "option", str, "The last of these weeks.", "2026-W46"),
        ),
        fetch=simulated.fetch,
    ),
    Source(
        name="stackexchange",
        reads="A directory in the Stack Exchange data-dump format: questions, answers, users.",
        example="maillage publish stackexchange dumps/quantum --name quantum",
        parameters=(
            Parameter("directory", "argument", Path, "Directory that holds Posts.xml and, if there, Users.xml."),
            Parameter("name", "option", str, "Short name of the site; the directory's when left out."),
        ),
        fetch=stackexchange.fetch,
    ),
    Source(
        name="table",
        reads="A CSV or JSON file, read as a profile of at most 25 lines says.",
        example="maillage publish table --profile carpentries-workshops workshops.json",
        parameters=(
            Parameter("file", "argument", Path, "The CSV or JSON file."),
            Parameter("profile", "option", str, f"A YAML file, or one of: {', '.join(shipped())}.", required=True),
        ),
        fetch=table.fetch,
    ),
    Source(
        name="events",
        reads="Events that are in the contract already, one a line, as `maillage simulate` prints them.",
        example="maillage simulate | maillage publish events -",
        parameters=(Parameter("file", "argument", Path, "NDJSON file, or - for standard input."),),
        fetch=events.fetch,
    ),
)

SOURCES: dict[str, Source] = {source.name: source for source in _ROWS}
"""Every source that can be published; the command line is made from it."""
