"""A Postgres server of a test, from Debian's package; it runs as another user, because root may not run it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.kafka_broker import free_port

_BINARIES = Path("/usr/lib/postgresql/15/bin")
_USER = "postgres"


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
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c port={port}"
        _run("pg_ctl", "start", "--wait", f"--pgdata={folder}/data", f"--log={folder}/log", f"--options={options}")
        try:
            yield f"airflow@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "stop", "--wait", "--mode=fast", f"--pgdata={folder}/data")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str) -> None:
    user = None if os.geteuid() else _USER
    command = [str(_BINARIES / program), *arguments]
    done = subprocess.run(command, check=False, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert not done.returncode, done.stderr


def _require() -> None:
    if not (_BINARIES / "initdb").exists():
        reason = f"no Postgres under {_BINARIES} (Debian: apt install postgresql-15)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
