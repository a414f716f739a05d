"""A real Apache Kafka on this machine without Docker: one node, loopback only, for development and tests.

It needs a JDK 17 (``java``), and ``mvn`` once to fetch the jars. Its home holds everything:

    lib/                the jars and the pom.xml that they came from
    data/               the records; they survive a restart
    server.properties   written at each start
    broker.log          what the broker says
    ca.pem, password    with ``--sasl``: the authority and the password of the user ``maillage``

Run it with ``python -m producers.log.broker``; it stops on Ctrl-C or SIGTERM.
"""

from __future__ import annotations

import base64
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import click
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from producers.errors import LogError, MaillageError
from producers.log.broker_security import program, run, secure_listener, store_credentials

HOST = "127.0.0.1"
PORT = 19092
POM = Path(__file__).parents[2] / "deploy/kafka/pom.xml"
_START_SECONDS = 60.0
_STOP_SECONDS = 20.0
_JVM = ("-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
_LOGGING = """\
status = error
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c{1})%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""
_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers={host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}{listeners}
advertised.listeners=PLAINTEXT://{host}:{port}{listeners}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL
log.dirs={data}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=1
num.io.threads=2
log.cleaner.dedupe.buffer.size=2097152
{security}"""


@contextmanager
def running_broker(home: Path, port: int = PORT, *, sasl: bool = False, jars: Path | None = None) -> Iterator[str]:
    """Run a broker in the body; its address is ``127.0.0.1:port``, with ``sasl`` that of its secure listener.

    Left and entered again with the same home, it is the same broker restarted. The secure listener is at
    ``port + 2``, the controller at ``port + 1``.

    Raises:
        LogError: when it cannot be fetched or does not start; says where its own words are.
    """
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    classpath = f"{fetched_jars(jars or home / 'lib')}/*"
    _refuse_taken_ports(port, sasl=sasl)
    _configure(home, port, sasl=sasl)
    _format(home, classpath)
    process = _started(home, classpath)
    try:
        _wait_until_it_answers(process, home, port)
        if sasl:
            store_credentials(home, f"{HOST}:{port}")
        yield f"{HOST}:{port + 2 if sasl else port}"
    finally:
        _stop(process)


def fetched_jars(folder: Path) -> Path:
    """Return ``folder`` with the jars of ``deploy/kafka/pom.xml`` in it; fetched only where they are not."""
    folder, fetched_from = folder.resolve(), folder / POM.name
    if not POM.is_file():
        raise LogError(f"{POM} is not there", remedy="run this in a checkout of Maillage")
    if fetched_from.is_file() and fetched_from.read_bytes() == POM.read_bytes():
        return folder
    draft = folder.with_name(f"{folder.name}-{os.getpid()}")
    goal = ("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={draft}")
    run([program("mvn"), "-B", "-q", "-ntp", "-f", str(POM), *goal], "the jars of Kafka could not be fetched")
    shutil.copy(POM, draft)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return folder


def _configure(home: Path, port: int, *, sasl: bool) -> None:
    listeners, security = secure_listener(home, HOST, port + 2) if sasl else ("", "")
    properties = _PROPERTIES.format(
        host=HOST, port=port, controller=port + 1, listeners=listeners, data=home / "data", security=security
    )
    file = home / "server.properties"
    file.touch(mode=0o600)
    file.write_text(properties)
    (home / "log4j2.properties").write_text(_LOGGING)


def _format(home: Path, classpath: str) -> None:
    if (home / "data/meta.properties").is_file():
        return
    cluster = base64.urlsafe_b64encode(b"M" + uuid.uuid4().bytes[1:])[:22].decode()
    tool = ("kafka.tools.StorageTool", "format", "--standalone", "-t", cluster, "-c", str(home / "server.properties"))
    run([*_java(home, classpath), *tool], "the broker's folder could not be formatted")


def _started(home: Path, classpath: str) -> subprocess.Popen[bytes]:
    command = [*_java(home, classpath), "kafka.Kafka", str(home / "server.properties")]
    with (home / "broker.log").open("wb") as log:
        # A session of its own: Ctrl-C reaches this process alone, which then stops the broker in order.
        return subprocess.Popen(  # noqa: S603  our own command
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  one system call
        )


def _java(home: Path, classpath: str) -> list[str]:
    logging_file = f"-Dlog4j2.configurationFile={home / 'log4j2.properties'}"
    return [program("java"), *_JVM, logging_file, "-cp", classpath]


_C = ctypes.CDLL(None)
_SET_DEATH_SIGNAL = 1


def _die_with_parent() -> None:
    """Let the broker get SIGTERM when this process is killed, so that it is never left behind."""
    _C.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)


def _wait_until_it_answers(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not (_is_taken(port) and _answers(port)):
        if process.poll() is not None:
            raise LogError(f"the broker stopped at once: {_last_words(home)}", remedy=f"read {home / 'broker.log'}")
        if time.monotonic() > deadline:
            found = f"the broker does not answer after {_START_SECONDS:.0f} s"
            raise LogError(found, remedy=f"read {home / 'broker.log'}")
        time.sleep(0.1)


def _answers(port: int) -> bool:
    try:
        with closing(KafkaAdminClient(bootstrap_servers=f"{HOST}:{port}", bootstrap_timeout_ms=1000)) as admin:
            return bool(admin.describe_cluster()["brokers"])
    except KafkaError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _refuse_taken_ports(port: int, *, sasl: bool) -> None:
    for each in (port, port + 1, *([port + 2] if sasl else [])):
        if _is_taken(each):
            raise LogError(
                f"port {each} of {HOST} is taken", remedy="stop what listens there, or choose another --port"
            )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _last_words(home: Path) -> str:
    lines = [line for line in (home / "broker.log").read_text(errors="replace").splitlines() if line.strip()]
    reasons = [line for line in lines if " ERROR " in line or " FATAL " in line or line.startswith("Caused by:")]
    return (reasons or lines or ["without a word"])[-1]


def _wait_for_the_end(address: str) -> None:
    while _is_taken(int(address.rpartition(":")[2])):
        time.sleep(1)
    raise LogError("the broker stopped by itself", remedy="read its broker.log")


def _stop_on_signal(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Its port; the controller takes the next one.")
@click.option("--home", default="var/kafka", show_default=True, type=click.Path(path_type=Path), help="Its folder.")
@click.option("--sasl", is_flag=True, help="Also listen with TLS and a password, two ports on.")
def main(port: int, home: Path, *, sasl: bool) -> None:
    """Run Apache Kafka on this machine until Ctrl-C.

    Example: python -m producers.log.broker --port 19092
    """
    signal.signal(signal.SIGTERM, _stop_on_signal)
    try:
        with running_broker(home, port, sasl=sasl) as address:
            click.echo(
                f"Kafka answers on {address}. Set MAILLAGE_LOG=kafka://{address}/maillage.events; Ctrl-C stops it."
            )
            _wait_for_the_end(address)
    except MaillageError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Kafka has stopped.")


if __name__ == "__main__":
    main()
