"""Places and what links them: people in common, help across, and how many people hold it together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from msgspec.structs import replace

from analytics.disclosure import MISSING, Cell, Thresholds, publishable
from analytics.metrics import METRICS
from analytics.report import reading
from analytics.report.content import LayerValue, Partner, PlaceLink, PlaceRow, Places
from analytics.report.window import place_requests
from analytics.week import Week
from warehouse.connection import Connection

LISTED = 20
PARTNERS = 3
WEEKS = 13
NETWORK_METRICS = ("nodes", "edges", "largest_component_share", "modularity")
"""What the report shows of each layer; the rest is for analysts."""


def build_places(
    connection: Connection,
    week: Week,
    extent: reading.Extent,
    found: list[reading.Place],
    thresholds: Thresholds,
    *,
    weekly: Sequence[Cell] = (),
) -> Places:
    """Return the section on places, of which ``found`` are those of the week, beside the ``weekly`` requests."""
    pairs = reading.rows(connection, "report_place_link", reading.PlaceLink, week=week.monday)
    names = names_of(found)
    links = _links(pairs, names, thresholds)
    rows = [_row(row, names[row.place], links, thresholds) for row in found]
    rows = sorted(_side_by_side(found, rows, extent, weekly), key=_size)
    bridge = reading.row(connection, "report_bridge", reading.Bridge, week=week.monday)
    return Places(
        rows=rows[:LISTED],
        others=len(rows[LISTED:]),
        links=links,
        hidden_links=sum(1 for pair in pairs if 0 < pair.people < thresholds.people),
        beyond=_people(bridge.beyond, bridge, thresholds),
        linking=_people(bridge.linking, bridge, thresholds),
        abroad=_people(bridge.abroad, bridge, thresholds),
        half=_people(bridge.half, bridge, thresholds),
        network=_network(connection, week, thresholds),
    )


def names_of(found: list[reading.Place]) -> dict[str, str]:
    """Return the name of each place; a name that two bear is followed by the id."""
    often = Counter(row.name for row in found)
    return {row.place: row.name if often[row.name] == 1 else f"{row.name} ({row.place})" for row in found}


def _size(row: PlaceRow) -> tuple[float, float, str]:
    """Return what places are listed by: what is shown of them, so that their order tells no more."""
    return -(row.members.value or 0), -(row.workshops.value or 0), row.name


def _links(pairs: list[reading.PlaceLink], names: dict[str, str], thresholds: Thresholds) -> list[PlaceLink]:
    """Return the pairs of places that share enough people, strongest first."""
    cells = [
        PlaceLink(
            a=names[pair.a],
            b=names[pair.b],
            people=publishable(pair.people, people=pair.people, thresholds=thresholds),
        )
        for pair in pairs
    ]
    shown = [link for link in cells if link.people.mark == "shown"]
    return sorted(shown, key=lambda link: (-(link.people.value or 0), link.a, link.b))


def _side_by_side(
    found: list[reading.Place], rows: list[PlaceRow], extent: reading.Extent, weekly: Sequence[Cell]
) -> list[PlaceRow]:
    """Return the rows as they may be shown beside the requests of each week."""
    asked = place_requests([row.requests for row in rows], sum(row.requests for row in found), weekly[-WEEKS:])
    return [_told(replace(row, requests=part), extent) for row, part in zip(rows, asked, strict=True)]


def _row(row: reading.Place, name: str, links: list[PlaceLink], thresholds: Thresholds) -> PlaceRow:
    return PlaceRow(
        name=name,
        country=row.country,
        latitude=row.latitude,
        longitude=row.longitude,
        members=publishable(row.members, people=row.members, thresholds=thresholds),
        workshops=publishable(row.workshops, people=None, thresholds=thresholds),
        requests=publishable(
            row.requests, people=row.requesters, organisations=row.contributions or None, thresholds=thresholds
        ),
        shared=publishable(row.shared, people=row.shared, thresholds=thresholds),
        answers=publishable(row.answers, people=row.persons, thresholds=thresholds),
        partners=_partners(name, links),
    )


def _told(row: PlaceRow, extent: reading.Extent) -> PlaceRow:
    """Return the row with what the data never tell of as missing, not as zero."""
    if extent.first_workshop is None:
        row = replace(row, workshops=MISSING)
    if extent.first_request is None:
        row = replace(row, requests=MISSING, answers=MISSING)
    return row


def _partners(name: str, links: list[PlaceLink]) -> list[Partner]:
    by_place: dict[str, list[Partner]] = defaultdict(list)
    for link in links:
        by_place[link.a].append(Partner(name=link.b, people=link.people))
        by_place[link.b].append(Partner(name=link.a, people=link.people))
    return by_place[name][:PARTNERS]


def _people(count: int | None, bridge: reading.Bridge, thresholds: Thresholds) -> Cell:
    """Return a number of people, missing while there is no tie between places at all."""
    if not bridge.pairs or count is None:
        return MISSING
    return publishable(count, people=count, thresholds=thresholds)


def _network(connection: Connection, week: Week, thresholds: Thresholds) -> list[LayerValue]:
    """Return the metrics of the whole network by layer, in the order of ``METRICS``."""
    found = reading.rows(connection, "report_network", reading.NetworkValue, week=week.monday)
    chosen = [row for row in found if row.metric in NETWORK_METRICS and row.n]
    order = list(METRICS)
    return [
        LayerValue(
            metric=row.metric,
            layer=row.layer,
            value=publishable(row.value, people=row.n, thresholds=thresholds),
        )
        for row in sorted(chosen, key=lambda row: (order.index(row.metric), row.layer))
    ]
