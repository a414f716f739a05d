"""The steps of the daily maintenance, in calls to the rooms on the left. Imported inside tasks only."""

from __future__ import annotations

import logging

from airflow.sdk import get_current_context

from analytics.closure import is_closed
from analytics.week import PARIS
from dags.alert import silence, tell
from dags.run import present, reads, settings, writes
from producers.errors import WarehouseError
from warehouse import backup, retention, snapshot
from warehouse.check import complaints
from warehouse.connection import read
from warehouse.silence import rhythms, silences
from warehouse.told import Told

logger = logging.getLogger("maillage.maintenance")


@writes
def retire() -> dict[str, int]:
    """Return how many of each are gone that are kept no longer; readers don't see them any more either."""
    here = settings()
    removed = retention.retire(here, present=present())
    if any(removed.values()):
        snapshot.publish(here.warehouse, here.snapshot)
    logger.info("removed: %s", ", ".join(f"{count} {what}" for what, count in removed.items()))
    return removed


@writes
def publish() -> None:
    """Write what lies beside the warehouse into it (a checkpoint), and let readers see it as it is now."""
    here = settings()
    if not here.warehouse.exists():
        raise WarehouseError(f"there is no warehouse at {here.warehouse}", remedy="run: maillage ingest --once")
    snapshot.publish(here.warehouse, here.snapshot)


@reads
def check() -> None:
    """Let the data pass, or fail with one line for each check that complains; rows are not shown, they name members."""
    with read(settings().snapshot) as connection:
        found = complaints(connection)
    for each in found:
        logger.error("check %s complains of %d rows; see them by: maillage doctor", each.check, each.rows)
    if found:
        names = ", ".join(each.check for each in found)
        raise WarehouseError(f"the data checks complain: {names}", remedy="run: maillage doctor")


@reads
def listen() -> int:
    """Return how many sources are silent; all are told of in one message when one of them was not named before."""
    here, now = settings(), present()
    with read(here.snapshot) as connection:
        found = silences(rhythms(connection), today=now.astimezone(PARIS).date(), closed=is_closed)
    names = frozenset(each.source for each in found)
    told = Told(here.home, "silence")
    if fresh := names - told.last().items:
        context = get_current_context()
        tell(silence(found, fresh=fresh, dag=context["dag"].dag_id, run=context["run_id"]))
    told.keep(names, present=now)
    return len(found)


@writes
def back_up() -> dict[str, int]:
    """Return what today's backup holds; it was opened and compared with the warehouse."""
    here = settings()
    done = backup.back_up(here.warehouse, here.home / "backups", today=present().astimezone(PARIS).date())
    logger.info("%s holds what the warehouse holds; %d older ones went", done.path.name, len(done.removed))
    return done.numbers
