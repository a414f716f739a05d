"""What is started, and with which settings; `compose.yaml` says the same for Docker, which a test holds."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping

from deploy.home import ROOT, USER, Home, write_private
from producers.log.broker import HOST

POOL = "maillage_writer"
INGEST = ("ingest", "--follow")
"""After ``maillage``: the ingest service."""
PREPARE = {
    "migrate": ("db", "migrate"),
    "pool": ("pools", "set", POOL, "1", "Whoever opens the warehouse for writing; one slot, never more"),
}
"""After ``airflow``: what is done before it starts, each time; the second time changes nothing."""
COMPONENTS = {
    # The logs are read from the folder that all share: nobody has to serve them.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
    "triggerer": ("triggerer", "--skip-serve-logs"),
    "api-server": ("api-server",),
}
"""After ``airflow``: its four processes."""
FIXED = {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__CORE__PARALLELISM": "4",
    "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Europe/Paris",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:op",
    "AIRFLOW__API__INSTANCE_NAME": "Maillage",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    # A task inherits what it needs from a process that has loaded it once, instead of loading it for two seconds.
    "AIRFLOW__SCHEDULER__MP_START_METHOD": "forkserver",
    "AIRFLOW__SCHEDULER__MP_FORKSERVER_PRELOAD": "deploy.preload",
    # Whoever is killed with his task is missed after a minute instead of five.
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "60",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "60",
    # glibc keeps an arena for each thread; two are enough for what is done here, and a fifth of the memory is saved.
    "MALLOC_ARENA_MAX": "2",
}
"""The settings that are the same wherever it runs."""
PG8000 = {
    # SQLAlchemy would give pg8000 what only psycopg2 takes.
    "AIRFLOW__DATABASE__SQL_ALCHEMY_ENGINE_ARGS": json.dumps({"insertmanyvalues_page_size": 10_000}),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONNECT_ARGS": "deploy.pg8000.CONNECT_ARGS",
}
"""More settings where Postgres is reached through pg8000."""


def maillage_settings(home: Home) -> dict[str, str]:
    """Return the environment of our own command and of the tasks."""
    return {
        "MAILLAGE_HOME": str(home.folder),
        "MAILLAGE_LOG": home.log_url,
        "MAILLAGE_METRICS_PORT": str(home.ports.ingest),
    }


def airflow_settings(home: Home) -> dict[str, str]:
    """Return what Airflow has to know of this home, secrets included."""
    return {
        "AIRFLOW_HOME": str(home.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home.password_file),
        "AIRFLOW__CORE__FERNET_KEY": home.secrets["fernet"],
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{home.api_url}/execution/",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": home.database_url,
        "AIRFLOW__API__HOST": HOST,
        "AIRFLOW__API__PORT": str(home.ports.api),
        "AIRFLOW__API__BASE_URL": home.api_url,
        "AIRFLOW__API__SECRET_KEY": home.secrets["session"],
        "AIRFLOW__API_AUTH__JWT_SECRET": home.secrets["jwt"],
        **FIXED,
        **(PG8000 if home.database.startswith("postgresql+pg8000") else {}),
    }


def environment(home: Home, outside: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the whole environment of a process; what was set outside for Airflow or for us has no say in it."""
    passed = {name: value for name, value in outside.items() if not name.startswith(("AIRFLOW", "MAILLAGE_HOME"))}
    return {**passed, **maillage_settings(home), **airflow_settings(home)}


def write_settings(home: Home) -> None:
    """Write what the processes read of secrets, and a file to source for who wants the `airflow` command."""
    write_private(home.password_file, json.dumps({USER: home.secrets["password"]}))
    settings = {**maillage_settings(home), **airflow_settings(home)}
    lines = [f"export {name}={shlex.quote(value)}\n" for name, value in settings.items()]
    write_private(home.folder / "environment", "".join(lines))
