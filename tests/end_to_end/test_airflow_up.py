"""`make up` and `make down` as people use them, and the same in `deploy/compose.yaml`."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.components import COMPONENTS, FIXED, INGEST, PG8000, PREPARE, airflow_settings, maillage_settings
from deploy.home import ROOT, Home
from deploy.process import members
from deploy.up import held, running_in
from producers.errors import UsageError
from tests.airflow_stack import Client
from tests.kafka_broker import JARS, free_port

UP_SECONDS, MEMORY_MB, STOP_SECONDS = 90.0, 1536.0, 60.0
SECRET = {
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN",
    "AIRFLOW__API_AUTH__JWT_SECRET",
    "AIRFLOW__API__SECRET_KEY",
    "AIRFLOW__CORE__FERNET_KEY",
}


@pytest.fixture(scope="module")
def compose() -> Any:  # noqa: ANN401  as it is written
    return yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())


class TestCompose:
    def test_its_services_run_the_same_commands(self, compose: Any) -> None:  # noqa: ANN401
        services = compose["services"]
        for name, command in COMPONENTS.items():
            assert services[name]["command"] == ["airflow", *command]
        assert services["ingest"]["command"] == ["maillage", *INGEST]
        prepared = [shlex.split(line) for line in services["prepare"]["command"][-1].splitlines()]
        assert prepared == [["maillage", "log", "init"], *(["airflow", *command] for command in PREPARE.values())]

    def test_its_services_have_the_same_settings(self, compose: Any, tmp_path: Path) -> None:  # noqa: ANN401
        home = Home(tmp_path, database="postgresql+pg8000://airflow@postgres/airflow")
        wanted = airflow_settings(home) | maillage_settings(home)
        for name in ("ingest", *COMPONENTS):
            found = compose["services"][name]["environment"]
            assert found.keys() == wanted.keys() - SECRET, name
            assert {each: found[each] for each in FIXED | PG8000} == FIXED | PG8000

    def test_its_secrets_are_named_in_a_file_to_fill_in(self) -> None:
        lines = (ROOT / "deploy/compose.env.example").read_text().splitlines()
        assert {line.partition("=")[0] for line in lines if line and not line.startswith("#")} > SECRET


class TestHome:
    def test_its_secrets_are_its_owners_alone_and_hold_on(self, tmp_path: Path) -> None:
        secrets = Home(tmp_path).secrets
        assert Home(tmp_path).secrets == secrets
        assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]

    def test_nobody_else_may_run_where_one_runs(self, tmp_path: Path) -> None:
        home = Home(tmp_path)
        with held(home):
            assert running_in(home) == os.getpid()
            with pytest.raises(UsageError, match=rf"runs already \(process {os.getpid()}\); stop it with: make down"):
                held(home).__enter__()
        assert running_in(home) == 0


class Up:
    """`make up` in a home and on ports of its own."""

    def __init__(self, folder: Path) -> None:
        self.home, self._words = Home(folder / "up"), folder / "words"
        ports = (f"--{name}-port={free_port()}" for name in ("kafka", "ingest", "api"))
        self._command = [sys.executable, "-m", "deploy.up", "up", *ports]
        self.environment = {**os.environ, "MAILLAGE_HOME": str(folder), "PYTHONUNBUFFERED": "1"}
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._words.open("wb") as words:
            return subprocess.Popen(self._command, cwd=ROOT, env=self.environment, stdout=words, stderr=words)

    def said(self) -> str:
        return self._words.read_text()

    def wait(self) -> float:
        began = time.monotonic()
        while "Ctrl-C stops everything" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - began < 2 * UP_SECONDS, self.said()
            time.sleep(0.2)
        return time.monotonic() - began

    def children(self) -> list[int]:
        """Return what it has started, with everything that these have started."""
        sessions = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [each for session in sessions for each in members(int(session))]

    def memory_mb(self) -> dict[str, float]:
        """Return the memory of each process, what is shared divided among those who share it."""
        found: dict[str, float] = {}
        for each in (self.process.pid, *self.children()):
            with suppress(ProcessLookupError, FileNotFoundError):  # a task's process may end meanwhile
                command = Path(f"/proc/{each}/cmdline").read_bytes().replace(b"\0", b" ").decode()[:60]
                lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
                pss = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
                found[f"{each} {command}"] = pss / 1024
        return found


@pytest.fixture(scope="class")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    folder = tmp_path_factory.mktemp("up")
    running = Up(folder)
    try:
        yield running
    finally:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(2 * STOP_SECONDS)


@pytest.mark.airflow
@pytest.mark.kafka
@pytest.mark.slow
@pytest.mark.skipif(
    not JARS.exists() and os.environ.get("CI") != "true", reason="`make kafka` has not fetched the broker; CI does"
)
class TestUp:
    def test_it_is_up_in_time_and_says_how_to_sign_in(self, up: Up) -> None:
        seconds = up.wait()
        print(f"up in {seconds:.0f} s")  # noqa: T201  a measurement
        assert seconds < UP_SECONDS
        password = up.home.secrets["password"]
        assert f"password {password}" in up.said()
        (api,) = (word for word in up.said().split() if word.startswith("http") and "/" not in word[7:])
        assert Client(up.home, api).get("/pools/maillage_writer")["slots"] == 1

    def test_airflow_needs_less_than_one_and_a_half_gigabytes(self, up: Up) -> None:
        time.sleep(60)
        each = {name: mb for name, mb in up.memory_mb().items() if "airflow" in name or "forkserver" in name}
        print("\n".join(f"{mb:6.0f} MB  {name}" for name, mb in each.items()))  # noqa: T201  a measurement
        assert sum(each.values()) < MEMORY_MB

    def test_a_second_one_refuses_in_one_line(self, up: Up) -> None:
        second = subprocess.run(
            [sys.executable, "-m", "deploy.up", "up"],
            cwd=ROOT,
            env=up.environment,
            check=False,
            capture_output=True,
            text=True,
        )
        assert second.returncode == 1
        assert second.stderr == (f"maillage: it runs already (process {up.process.pid}); stop it with: make down\n")

    def test_down_stops_it_leaves_no_process_and_removes_what_it_made(self, up: Up) -> None:
        children = up.children()
        assert len(children) > 6
        down = subprocess.run(
            [sys.executable, "-m", "deploy.up", "down"],
            cwd=ROOT,
            env=up.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        assert f"removed {up.home.folder}" in down.stdout
        assert not up.home.folder.exists()
        assert up.process.wait(STOP_SECONDS) == 0
        deadline = time.monotonic() + 10  # what was left to the first process is cleared away by it, in its time
        while (left := [each for each in children if Path(f"/proc/{each}").exists()]) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == []
