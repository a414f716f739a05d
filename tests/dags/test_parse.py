"""DAG files: each parses alone, quickly and without a word, and all of them are there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conftest import ROOT
from tests.dags.conftest import DAGS, FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.sdk import DAG

CHAIN = {"drain_events", "close_week", "network_metrics", "skill_trends", "weekly_report", "maintenance"}
HEAVY = ["pandas", "numpy", "pyarrow", "numba", "scipy", "networkx", "duckdb", "kafka", "matplotlib"]
OURS = ["analytics", "warehouse", "producers"]
_IMPORTED = """
import json, sys, time, warnings
import airflow.sdk
from airflow.sdk import CronPartitionTimetable, Param, PartitionedAssetTimetable, StartOfWeekMapper, TriggerRule, task
from airflow.sdk.definitions import callback, deadline, retry_policy
task.sensor  # decorators are found by looking through all providers, once
found = {}
for name in sys.argv[1:]:
    before = set(sys.modules)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        began = time.perf_counter()
        __import__("dags." + name)
        seconds = time.perf_counter() - began
    loaded = sorted({module.split(".")[0] for module in set(sys.modules) - before})
    found[name] = {"seconds": seconds, "loaded": loaded, "warnings": [each.filename for each in caught]}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, Any]:
    """Give what each DAG file does when a process that has airflow.sdk imports it."""
    command = [sys.executable, "-c", _IMPORTED, *FILES]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_dag_file_is_imported_quickly_quietly_and_without_anything_heavy(name: str, imported: dict[str, Any]) -> None:
    found = imported[name]
    assert {*HEAVY, *OURS} & {*found["loaded"]} == set()
    assert [file for file in found["warnings"] if str(DAGS) in file] == []
    assert found["seconds"] < 0.3


@pytest.mark.parametrize("name", FILES)
def test_a_dag_file_holds_the_dag_of_its_name(name: str, dag_of: Callable[[str], DAG]) -> None:
    assert Path(dag_of(name).fileloc).stem == name


@pytest.mark.parametrize("name", FILES)
def test_a_dag_can_be_shown_to_the_scheduler(name: str, dag_of: Callable[[str], DAG]) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    whole = DagSerialization.to_dict(dag_of(name))
    again = DagSerialization.to_dict(dag_of(name))
    assert whole == again
    assert DagSerialization.from_dict(json.loads(json.dumps(whole))).dag_id == name


def test_the_whole_chain_is_there() -> None:
    assert set(FILES) == CHAIN


@pytest.mark.usefixtures("airflow")
def test_nothing_else_in_the_folder_is_looked_at_for_dags() -> None:
    from airflow.dag_processing.dagbag import BundleDagBag

    bag = BundleDagBag(dag_folder=DAGS, bundle_path=DAGS, bundle_name="dags-folder", safe_mode=False)
    assert {Path(each.file).name for each in bag.dagbag_stats} == {f"{name}.py" for name in FILES}
    assert bag.import_errors == {}
