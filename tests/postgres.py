"""A Postgres server of a test, from Debian's package; it runs as another user, because root may not run it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploy.process import die_with_parent
from tests.kafka_broker import free_port

_BINARIES = Path("/usr/lib/postgresql/15/bin")
_USER = "postgres"
_START_SECONDS = 30.0


@contextmanager
def postgres() -> Iterator[str]:
    """Give the address of a server as ``airflow@127.0.0.1:port/postgres``; it is gone afterwards.

    The test skips where there is none, and fails there in continuous integration.
    """
    _require()
    # Not below the folder of pytest, which nobody but its owner may enter.
    folder, port = Path(tempfile.mkdtemp(prefix="maillage-postgres-")), free_port()
    try:
        if not os.geteuid():
            os.chown(folder, pwd.getpwnam(_USER).pw_uid, -1)
        _run("initdb", "--auth=trust", "--username=airflow", "--encoding=UTF8", f"--pgdata={folder}/data")
        with _serving(folder, port):
            yield f"airflow@127.0.0.1:{port}/postgres"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(folder: Path, port: int) -> Iterator[None]:
    """Run the server as a child that ends with this process, however that ends."""
    settings = ("listen_addresses=127.0.0.1", f"unix_socket_directories={folder}", f"port={port}")
    command = [str(_BINARIES / "postgres"), "-D", f"{folder}/data", *(f"--{each}" for each in settings)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, user=_user(), stdout=log, stderr=log, preexec_fn=die_with_parent)  # noqa: PLW1509
    try:
        ready = [str(_BINARIES / "pg_isready"), "--host=127.0.0.1", f"--port={port}", "--quiet"]
        deadline = time.monotonic() + _START_SECONDS
        while subprocess.run(ready, check=False).returncode:
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.1)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(_START_SECONDS)


def _run(program: str, *arguments: str) -> None:
    command = [str(_BINARIES / program), *arguments]
    done = subprocess.run(
        command, check=False, user=_user(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert not done.returncode, done.stderr


def _user() -> str | None:
    return None if os.geteuid() else _USER


def _require() -> None:
    if not (_BINARIES / "initdb").exists():
        reason = f"no Postgres under {_BINARIES} (Debian: apt install postgresql-15)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
