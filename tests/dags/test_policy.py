"""Policy: what every DAG says of itself, who may write, and what a failure means."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analytics.metrics import METRICS
from producers.errors import LogError, OffsetMoved, TrimmedOffset, UsageError, WarehouseBusy
from tests.dags.conftest import DAGS, FILES

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow.sdk import DAG

PARTS = ("**Ce que fait ce DAG.**", "**Quand s'inquiéter.**", "**Que faire.**")
LINES = 60
_our_import = re.compile(r"from (dags\.\w+) import ([\w, ]+)")


@pytest.fixture(params=FILES)
def dag(request: pytest.FixtureRequest, dag_of: Callable[[str], DAG]) -> DAG:
    """Give each DAG in turn."""
    return dag_of(request.param)


def _steps(task: object) -> Iterator[tuple[str, object]]:
    """Give what a task imports from our modules, by name: what it calls."""
    work = getattr(task, "python_callable", None)
    for module, names in _our_import.findall(inspect.getsource(work)) if work else ():
        for name in names.split(","):
            yield f"{module}.{name.strip()}", getattr(importlib.import_module(module), name.strip())


def test_a_dag_says_what_it_does_when_to_worry_and_what_to_do(dag: DAG) -> None:
    text = dag.doc_md or ""
    assert [text.count(part) for part in PARTS] == [1, 1, 1]
    assert text.startswith("### ")
    assert sorted(PARTS, key=text.index) == list(PARTS)


def test_a_dag_can_be_found_and_has_an_owner_with_a_link(dag: DAG) -> None:
    assert dag.dag_display_name != dag.dag_id
    assert "maillage" in dag.tags
    assert len(dag.tags) > 1
    assert {task.owner for task in dag.tasks} == {"maillage"}
    assert "maillage" in (dag.owner_links or {})
    assert all(task.task_display_name != task.task_id for task in dag.tasks)
    assert not dag.catchup


def test_every_task_asks_the_error_whether_to_try_again(dag: DAG) -> None:
    from dags.chain import ByKind

    assert all(isinstance(task.retry_policy, ByKind) and task.retries for task in dag.tasks)


def test_a_task_takes_the_pool_exactly_if_it_writes(dag: DAG) -> None:
    from dags.chain import WRITER

    for task in dag.tasks:
        marks = {name: getattr(step, "writes", None) for name, step in _steps(task) if inspect.isfunction(step)}
        assert marks or not hasattr(task, "python_callable"), f"{dag.dag_id}.{task.task_id} calls none of our steps"
        assert None not in marks.values(), f"{dag.dag_id}.{task.task_id}: mark the steps with reads or writes: {marks}"
        assert (task.pool == WRITER) == any(marks.values()), f"{dag.dag_id}.{task.task_id}: {task.pool}, {marks}"


def test_a_writer_holds_the_slot_only_once(dag: DAG) -> None:
    assert all(task.pool_slots == 1 for task in dag.tasks)


@pytest.mark.parametrize("name", FILES)
def test_a_dag_file_is_short(name: str) -> None:
    assert len((DAGS / f"{name}.py").read_text(encoding="utf-8").splitlines()) < LINES


@pytest.mark.usefixtures("airflow")
def test_the_families_named_in_the_chain_are_those_of_the_metrics() -> None:
    from dags.chain import FAMILIES, SKILL

    assert {*FAMILIES, SKILL} == {metric.family for metric in METRICS.values()}
    assert len({*FAMILIES, SKILL}) <= 5


@pytest.mark.usefixtures("airflow")
def test_steps_that_are_marked_keep_their_names_and_words() -> None:
    from dags import steps

    marked = [each for _, each in inspect.getmembers(steps, inspect.isfunction) if hasattr(each, "writes")]
    assert all(each.__doc__ and each.__module__ == "dags.steps" for each in marked)
    public = [name for name, each in inspect.getmembers(steps, inspect.isfunction) if each.__module__ == "dags.steps"]
    assert {each.__name__ for each in marked} == {name for name in public if not name.startswith("_")}


@pytest.mark.usefixtures("airflow")
@pytest.mark.parametrize(
    ("error", "action"),
    [
        (WarehouseBusy("held"), "retry"),
        (OffsetMoved("faster"), "retry"),
        (UsageError("no Monday"), "fail"),
        (TrimmedOffset("gone"), "fail"),
        (LogError("damaged"), "fail"),
        (ValueError("not ours"), "default"),
    ],
)
def test_the_error_says_whether_a_moment_can_mend_it(error: Exception, action: str) -> None:
    from dags.chain import ByKind

    decision = ByKind().evaluate(error, try_number=1, max_tries=6)
    assert decision.action.value == action
    if action == "retry":
        delays = [ByKind().evaluate(error, number, 6).retry_delay for number in range(1, 7)]
        assert delays == [timedelta(seconds=5 * number) for number in range(1, 7)]


def test_only_dags_and_their_chain_lie_where_airflow_looks() -> None:
    ignored = (DAGS / ".airflowignore").read_text(encoding="utf-8").split()
    modules = {path.name for path in DAGS.glob("*.py")} | {
        f"{path.name}/" for path in DAGS.iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert modules - set(ignored) == {f"{name}.py" for name in FILES}
    assert all(Path(DAGS / name).exists() for name in ignored)
