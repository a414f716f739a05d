"""The stack: a broker with the demo in it, the ingest service and Airflow's four processes, started in order."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from analytics.week import last_closed
from deploy.components import COMPONENTS, INGEST, PREPARE, environment, write_settings
from deploy.home import Home
from deploy.process import Process, ProcessError
from producers.log.broker import running_broker
from producers.log.opening import make_log, open_log

HEALTHY_SECONDS = 120.0
_PREPARE_SECONDS = 120.0
_MEMBERS = 300
Tell = Callable[[str], object]


class Stack:
    """The processes that run in a home, by name."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.processes: dict[str, Process] = {}
        self._environment = environment(home)

    def start(self, name: str) -> None:
        """Start the ingest service or a component of Airflow."""
        command = ("analytics", *INGEST) if name == "ingest" else ("airflow", *COMPONENTS[name])
        self.processes[name] = self._process(name, command)

    def run(self, name: str, command: Sequence[str]) -> None:
        """Run a module with its arguments to its end."""
        process = self._process(name, command)
        try:
            process.done(_PREPARE_SECONDS)
        finally:
            process.stop()

    def stop(self) -> None:
        """Stop everything, Airflow first: all are asked at once, and waited for one by one."""
        last_first = list(reversed(self.processes.values()))
        for each in last_first:
            each.ask_to_stop()
        for each in last_first:
            each.stop()

    def check(self) -> None:
        """Raise when a process has ended by itself."""
        for each in self.processes.values():
            each.check()

    def unhealthy(self) -> list[str]:
        """Return the parts that do not say that they are well."""
        found = asked(f"{self.home.api_url}/api/v2/monitor/health")
        names = ("metadatabase", "scheduler", "dag_processor", "triggerer")
        sick = [name for name in names if found.get(name, {}).get("status") != "healthy"]
        return sick + ([] if asked(f"{self.home.ingest_url}/healthz").get("healthy") else ["ingest"])

    def wait_until_healthy(self, patience: float = HEALTHY_SECONDS) -> None:
        """Return when all say that they are well.

        Raises:
            ProcessError: when one has ended, or is not well after ``patience`` seconds.
        """
        deadline = monotonic() + patience
        while sick := self.unhealthy():
            self.check()
            if monotonic() > deadline:
                found = f"{', '.join(sick)} not healthy after {patience:.0f} s"
                raise ProcessError(found, remedy=f"read {self.home.log_of(sick[0]).parent}")
            sleep(0.5)

    def _process(self, name: str, command: Sequence[str]) -> Process:
        return Process(name, command, self._environment, self.home.log_of(name))


def asked(url: str) -> dict[str, dict[str, str]]:
    """Return the JSON that is answered; nothing while nobody answers, or somebody answers with an error of his."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  ours, on the loopback interface
            found: dict[str, dict[str, str]] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        with closing(error):
            return {}
    except (OSError, ValueError):
        return {}


@contextmanager
def running(home: Home, tell: Tell, *, jars: Path | None = None) -> Iterator[Stack]:
    """Give the stack, healthy; when the body ends, or nothing comes of it, everything is stopped.

    Raises:
        LogError: when the broker does not start.
        ProcessError: when another part does not.
    """
    write_settings(home)
    with ExitStack() as exits:
        stack = Stack(home)
        tell("Kafka …")
        exits.enter_context(running_broker(home.kafka, home.ports.kafka, jars=jars))
        exits.callback(stack.stop)
        _fill(stack, tell)
        stack.start("ingest")
        tell("Airflow: its database …")
        for name, command in PREPARE.items():
            stack.run(f"airflow-{name}", ("airflow", *command))
        tell("Airflow: scheduler, dag-processor, triggerer, api-server …")
        for name in COMPONENTS:
            stack.start(name)
        stack.wait_until_healthy()
        yield stack


def _fill(stack: Stack, tell: Tell) -> None:
    """Publish the demo into a log that is empty."""
    make_log(stack.home.log_url)
    with closing(open_log(stack.home.log_url)) as log:
        empty = not any(log.ends().values())
    if empty and stack.home.weeks:
        tell(f"the demo: a region of {_MEMBERS} people in {stack.home.weeks} weeks …")
        last = str(last_closed(datetime.now(UTC)))
        region = ("--members", str(_MEMBERS), "--weeks", str(stack.home.weeks), "--seed", "1", "--last-week", last)
        stack.run("demo", ("analytics", "publish", "simulated", *region))
