"""The home of what `make up` starts: where its parts keep their state and listen, and the secrets they share."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from producers.log.broker import HOST, PORT

ROOT = Path(__file__).resolve().parents[1]
USER = "maillage"
TOPIC = "maillage.events"
DATABASE = "MAILLAGE_AIRFLOW_DB"
"""The environment variable that names another metadata database, as a URL of SQLAlchemy."""
WEEKS = 26
"""How many weeks the demo has lived, unless it is told otherwise."""


@dataclass(frozen=True)
class Ports:
    """Where the parts listen, on the loopback interface only."""

    kafka: int = PORT
    ingest: int = 9464
    api: int = 8080


@dataclass(frozen=True)
class Home:
    """A folder that `make up` fills and `make down` removes, and what is said about it from outside."""

    folder: Path
    ports: Ports = field(default_factory=Ports)
    database: str = ""
    weeks: int = WEEKS

    @property
    def airflow(self) -> Path:
        """Return the folder of Airflow."""
        return self.folder / "airflow"

    @property
    def warehouse(self) -> Path:
        """Return the path of the warehouse file."""
        return self.folder / "warehouse.duckdb"

    @property
    def kafka(self) -> Path:
        """Return the folder of the broker."""
        return self.folder / "kafka"

    @property
    def password_file(self) -> Path:
        """Return the file from which Airflow's simple authentication reads; its owner's eyes only."""
        return self.airflow / "passwords.json"

    @property
    def lock_file(self) -> Path:
        """Return the file that whoever runs here holds, with its process id in it."""
        return self.folder / "up.pid"

    @property
    def log_url(self) -> str:
        """Return where the event log is."""
        return f"kafka://{HOST}:{self.ports.kafka}/{TOPIC}"

    @property
    def api_url(self) -> str:
        """Return where Airflow is."""
        return f"http://{HOST}:{self.ports.api}"

    @property
    def ingest_url(self) -> str:
        """Return where the ingest service tells of itself."""
        return f"http://{HOST}:{self.ports.ingest}"

    @property
    def database_url(self) -> str:
        """Return where Airflow keeps its metadata; in SQLite a writer waits for another up to 30 s."""
        return self.database or f"sqlite:///{self.airflow / 'airflow.db'}?timeout=30"

    def log_of(self, name: str) -> Path:
        """Return the file of what a process says."""
        return self.folder / "logs" / f"{name}.log"

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Return the secrets, made at the first start; an older run's hold on."""
        path = self.folder / "secrets.json"
        if not path.is_file():
            write_private(path, json.dumps(_new_secrets()))
        found: dict[str, str] = json.loads(path.read_text())
        return found


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)


def _new_secrets() -> dict[str, str]:
    return {
        "password": secrets.token_urlsafe(12),
        "jwt": secrets.token_urlsafe(48),
        "session": secrets.token_urlsafe(48),
        "fernet": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
