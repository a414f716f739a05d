"""Airflow in a home of its own, DAG runs in this process, and a small region for them to work on.

Airflow reads its settings once, when it is first imported: so they are set here, and nothing in this folder imports
airflow at its top. ``dag.test()`` knows neither partitions nor pools; what a partition does is tested with the real
components (tests/end_to_end), and that nobody writes outside of the pool is watched here, in every run.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from producers.settings import Settings
from tests.conftest import ROOT
from tests.small_region import LAST
from warehouse import connection as door

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.sdk import DAG

DAGS = ROOT / "dags"
FILES = sorted(path.stem for path in DAGS.glob("*.py") if "with DAG(" in path.read_text(encoding="utf-8"))
"""The modules that hold a DAG; ``dags/.airflowignore`` has to name all others."""

_OF_OTHERS = "ignore:::(?!(dags|analytics|warehouse|producers|tests)[.])"
"""What Airflow and others are warned of is theirs to mend; what our modules are warned of is an error."""
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")

_home = tempfile.mkdtemp(prefix="maillage-airflow-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ |= {
    "AIRFLOW_HOME": _home,
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_home}/airflow.db",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.airflow)
            item.add_marker(pytest.mark.filterwarnings(_OF_OTHERS))


@dataclass(frozen=True)
class Run:
    """How a DAG run ended."""

    state: str
    tasks: dict[str, list[str]]
    tries: dict[str, int]
    values: dict[str, Any]
    partitions: tuple[str, ...]
    log: str

    def lines(self, word: str) -> list[str]:
        """Return the lines of the log that have the word."""
        return [line for line in self.log.splitlines() if word in line]


@pytest.fixture(scope="session")
def airflow() -> None:
    """Make the metadata database, once in a process."""
    from airflow.utils.db import initdb

    initdb()


@pytest.fixture(scope="session")
def dag_of(airflow: None) -> Callable[[str], DAG]:
    """Give a function from an id, which is also its file's name, to the DAG as it was parsed."""
    from airflow.dag_processing.dagbag import BundleDagBag

    bag = BundleDagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name="dags-folder")

    def found(name: str) -> DAG:
        assert not bag.import_errors, bag.import_errors
        return bag.dags[name]

    return found


@pytest.fixture
def home(small_region: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Give a copy of the region as the home that tasks find."""
    shutil.copytree(small_region.home, tmp_path / "home")
    monkeypatch.setenv("MAILLAGE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("MAILLAGE_LOG", raising=False)
    return Settings(home=tmp_path / "home")


@pytest.fixture(autouse=True)
def one_writer(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Watch the warehouse's door: whatever task opens it for writing has to be in the pool."""
    opened, outside = door._opened, []

    def watched(path: Path, *, read_only: bool, patience: float) -> door.Connection:
        if not read_only and path.name == "warehouse.duckdb":
            outside.extend(_tasks_outside())
        return opened(path, read_only=read_only, patience=patience)

    monkeypatch.setattr(door, "_opened", watched)
    yield
    assert not outside, f"these tasks write and are not in the pool: {sorted(set(outside))}"


def _tasks_outside() -> list[str]:
    from airflow.sdk.definitions._internal.contextmanager import _CURRENT_CONTEXT

    from dags.chain import WRITER

    tasks = [context["task"] for context in _CURRENT_CONTEXT]
    return [f"{task.dag_id}.{task.task_id}" for task in tasks if task.pool != WRITER]


@pytest.fixture
def run(dag_of: Callable[[str], DAG], capfd: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """Give a function that runs a DAG for a week, by its form, and tells how it ended."""

    def done(name: str, week: str | None = str(LAST.monday), **options: Any) -> Run:  # noqa: ANN401  as dag.test() takes them
        dag = dag_of(name)
        dag.deadline = None  # dag.test() of Airflow 3.3.2 looks deadlines up by what they are, not by their id
        capfd.readouterr()
        ended = dag.test(run_conf={"week": week} if week else None, **options)
        output = capfd.readouterr()
        return _ended(ended, _COLOUR.sub("", output.out + output.err))

    return done


def _ended(ended: DagRun, log: str) -> Run:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        tis = sorted(ended.get_task_instances(session=session), key=lambda ti: (ti.task_id, ti.map_index))
        tasks: dict[str, list[str]] = {}
        for ti in tis:
            tasks.setdefault(ti.task_id, []).append(str(ti.state))
        events = session.scalars(select(AssetEvent).where(AssetEvent.source_run_id == ended.run_id)).all()
        partitions = tuple(event.partition_key for event in events if event.partition_key)
        values = {ti.task_id: ti.xcom_pull(task_ids=ti.task_id, session=session) for ti in tis}
    return Run(str(ended.state), tasks, {ti.task_id: ti.try_number for ti in tis}, values, partitions, log)
