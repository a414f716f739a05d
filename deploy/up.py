"""`make up` and `make down`: the whole of Maillage on this machine, without Docker."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import FrameType

import click

from deploy.home import DATABASE, ROOT, USER, WEEKS, Home, Ports
from deploy.stack import Stack, running
from producers.errors import MaillageError, UsageError

FOLDER = "up"
"""The folder under MAILLAGE_HOME; it is made by `up` and removed by `down`, so it is nobody else's."""
_STOP_SECONDS = 90.0
_STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Hold the home in the body: nobody else runs there.

    Raises:
        UsageError: when somebody does.
    """
    home.folder.mkdir(parents=True, exist_ok=True)
    with home.lock_file.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"it runs already (process {running_in(home)})", remedy="stop it with: make down"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def running_in(home: Home) -> int:
    """Return the process that runs in the home; 0 when none does."""
    if not home.lock_file.is_file():
        return 0
    with home.lock_file.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read() or 0)
    return 0


def folder_here() -> Path:
    """Return the folder that the environment means."""
    return Path(os.environ.get("MAILLAGE_HOME", "var")).resolve() / FOLDER


@click.group()
def main() -> None:
    """Start and stop Maillage on this machine."""
    for each in _STOPPING:
        signal.signal(each, _interrupt)


@main.command("up")
@click.option("--weeks", default=WEEKS, show_default=True, help="How long the demo has lived: 20 or more, 0 for none.")
@click.option("--kafka-port", default=Ports.kafka, show_default=True, help="The controller takes the next one.")
@click.option("--ingest-port", default=Ports.ingest, show_default=True)
@click.option("--api-port", default=Ports.api, show_default=True)
def up_command(weeks: int, kafka_port: int, ingest_port: int, api_port: int) -> None:
    """Start Kafka, the ingest service and Airflow with a demo, and stop them on Ctrl-C."""
    ports = Ports(kafka_port, ingest_port, api_port)
    home = Home(folder_here(), ports, database=os.environ.get(DATABASE, ""), weeks=weeks)
    began = monotonic()

    def tell(what: str) -> None:
        click.echo(f"{monotonic() - began:4.0f} s  {what}")

    with held(home):
        try:
            with running(home, tell, jars=ROOT / "var/kafka/lib") as stack:
                tell("all is healthy")
                click.echo(_closing(home))
                _watch(stack)
        except KeyboardInterrupt:
            click.echo("everything has stopped; `make up` goes on from here, `make down` removes it")


@main.command("down")
def down_command() -> None:
    """Stop what runs, and remove everything that `up` has made."""
    home = Home(folder_here())
    if process := running_in(home):
        click.echo(f"stopping process {process} …")
        os.kill(process, signal.SIGTERM)
        _wait_until_free(home)
    if not home.folder.exists():
        click.echo("there is nothing to remove")
        return
    shutil.rmtree(home.folder)
    click.echo(f"removed {home.folder}: the records of Kafka, the warehouse and the site of the demo, Airflow's state")


def _watch(stack: Stack) -> None:
    while True:
        stack.check()
        time.sleep(1)


def _wait_until_free(home: Home) -> None:
    deadline = monotonic() + _STOP_SECONDS
    while process := running_in(home):
        if monotonic() > deadline:
            raise UsageError(f"process {process} does not stop", remedy="look at what it does, or end it by hand")
        time.sleep(0.2)


def _closing(home: Home) -> str:
    return "\n".join(
        [
            "",
            f"Airflow         {home.api_url}   user {USER}, password {home.secrets['password']}",
            f"Ingest service  {home.ingest_url}/metrics   {home.ingest_url}/healthz",
            f"Event log       {home.log_url}",
            f"What they say   {home.folder / 'logs'}",
            f"On a terminal   . {home.folder / 'environment'}; then .venv/bin/airflow and .venv/bin/maillage",
            "",
            "Ctrl-C stops everything.",
        ]
    )


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Begin to stop; who asks twice does not interrupt that."""
    for each in _STOPPING:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        main(standalone_mode=False)
    except MaillageError as error:
        sys.exit(f"maillage: {error}")
    except click.Abort:
        sys.exit(130)
