"""What Airflow needs to keep its metadata in Postgres through pg8000, a driver under the BSD licence.

Airflow names ``CONNECT_ARGS`` by its setting of that name, and so imports this module in every process.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

CONNECT_ARGS = {"application_name": "maillage"}


@event.listens_for(Engine, "before_cursor_execute", retval=True)
def _literal(*call: Any) -> tuple[str, Any]:  # noqa: ANN401  SQLAlchemy's signature
    """Write the number into ``SET … TO``: pg8000 leaves parameters to the server, which takes none there."""
    _connection, _cursor, command, parameters, *_ = call
    if command.startswith("SET ") and parameters:
        return command % tuple(int(each) for each in parameters), ()
    return command, parameters
