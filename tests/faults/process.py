"""The command as a process that is watched, killed and fought with."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_LOCK = "hhqqi4x"
"""struct flock: what F_GETLK is asked, and answers with the process that holds the file."""

_CONTENDER = """
import random, sys, time, duckdb
rng, path, longest = random.Random(int(sys.argv[2])), sys.argv[1], float(sys.argv[3])
while True:
    try:
        connection = duckdb.connect(path)
    except duckdb.IOException:
        time.sleep(0.002)
        continue
    connection.execute("BEGIN; CREATE TABLE never (x INTEGER)")
    time.sleep(rng.uniform(0, longest))
    connection.execute("ROLLBACK")
    connection.close()
    time.sleep(rng.uniform(0, 4 * longest))
"""
_HOLDER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.close()
print("free", flush=True)
sys.stdin.read()
"""
_WATCHED = """
import os, sys
from contextlib import contextmanager
import warehouse.connection

tell, really = int(sys.argv.pop(1)), warehouse.connection.transaction

@contextmanager
def transaction(connection):
    with really(connection):
        os.write(tell, b"[")
        try:
            yield
        except BaseException:
            os.write(tell, b"]")
            raise
    os.write(tell, b"]")

warehouse.connection.transaction = transaction
sys.argv[0] = "maillage"
from analytics.__main__ import main
sys.exit(main())
"""
"""The command, which tells on a pipe when a transaction has begun and when COMMIT has come back."""


@dataclass(frozen=True)
class Done:
    """What a command that has ended did, and what it cost."""

    code: int
    output: str
    errors: str
    cpu_s: float
    wall_s: float

    @property
    def complaint(self) -> str:
        """Return the one line that an error of ours is."""
        lines = [line for line in self.errors.splitlines() if line.strip()]
        assert len(lines) == 1, self.errors
        assert lines[0].startswith("maillage: "), self.errors
        return lines[0]


class Command:
    """``maillage …`` in a process of its own, with its words in files."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        prepare: Callable[[], None] | None = None,
        program: Sequence[str] = ("-m", "analytics"),
        pipes: Sequence[int] = (),
    ) -> None:
        self._words = [home.parent / f"{name}-{time.monotonic_ns()}" for name in ("out", "err")]
        self.arguments = arguments
        self._begun, self._cpu = time.monotonic(), 0.0
        with self._words[0].open("wb") as output, self._words[1].open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env={**os.environ, "MAILLAGE_HOME": str(home), **(environment or {})},
                preexec_fn=prepare,  # noqa: PLW1509  a few system calls
                pass_fds=pipes,
            )

    def ended(self) -> bool:
        """Return whether the process has ended, and keep what it cost."""
        if self.process.returncode is None:
            process, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if process:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                self._cpu = usage.ru_utime + usage.ru_stime
        return self.process.returncode is not None

    def kill(self) -> Done:
        """Return what the process did until it was killed, as a power failure would."""
        if not self.ended():
            os.kill(self.process.pid, signal.SIGKILL)
        return self.done()

    def done(self, patience: float = 120) -> Done:
        """Return what the command did, once it has ended; it never shows a traceback."""
        deadline = time.monotonic() + patience
        while not self.ended():
            if time.monotonic() > deadline:
                os.kill(self.process.pid, signal.SIGABRT)
            time.sleep(0.005)
        wall = time.monotonic() - self._begun
        output, errors = (path.read_text(errors="replace") for path in self._words)
        for path in self._words:
            path.unlink()
        assert "Traceback" not in errors, errors
        return Done(self.process.returncode, output, errors, self._cpu, wall)


class Watched(Command):
    """The command, and whether it is inside a transaction right now."""

    def __init__(self, home: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._pipe, told = os.pipe()
        program = ("-c", _WATCHED, str(told))
        super().__init__(home, *arguments, environment=environment, program=program, pipes=[told])
        os.close(told)
        self.transactions, self.inside = 0, False

    def wait_until_inside(self, transaction: int, patience: float) -> None:
        """Return when its so-manieth transaction begins, when the process ends, or after ``patience`` seconds."""
        deadline = time.monotonic() + patience
        while self.transactions < transaction and self._heard(deadline - time.monotonic()):
            pass

    def kill(self) -> Done:
        """Return what the process did; afterwards ``inside`` says where the kill has hit."""
        done = super().kill()
        while self._heard(0):
            pass
        os.close(self._pipe)
        return done

    def _heard(self, patience: float) -> bool:
        """Listen to what it tells; return whether it may tell more within ``patience`` seconds."""
        if not select.select([self._pipe], [], [], max(0.0, patience))[0] or not (told := os.read(self._pipe, 1)):
            return False
        self.inside = told == b"["
        self.transactions += self.inside
        return True


def run(home: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> Done:
    """Return what the command did."""
    return Command(home, *arguments, environment=environment).done()


def holder(path: Path) -> int:
    """Return the process that holds the file for writing; 0 when nobody does."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return 0
    try:
        asked = struct.pack(_LOCK, fcntl.F_RDLCK, os.SEEK_SET, 0, 0, 0)
        kind, _, _, _, process = struct.unpack(_LOCK, fcntl.fcntl(file, fcntl.F_GETLK, asked))
    finally:
        os.close(file)
    return 0 if kind == fcntl.F_UNLCK else process


@contextmanager
def contender(path: Path, seed: int, *, longest: float = 0.2) -> Iterator[None]:
    """Have another process open the file for writing again and again, for short random spells."""
    command = [sys.executable, "-c", _CONTENDER, str(path), str(seed), str(longest)]
    with subprocess.Popen(command) as process:
        try:
            yield
            assert process.poll() is None, "the contender gave up"
        finally:
            process.kill()


@contextmanager
def held(path: Path, seconds: float) -> Iterator[None]:
    """Have another process hold the warehouse file from now on for so long; it is free when the body ends."""
    command = [sys.executable, "-c", _HOLDER, str(path), str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield
        finally:
            process.kill()


def wait_until_it_holds(command: Command, path: Path, patience: float) -> bool:
    """Return whether the command came to hold the warehouse within ``patience`` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and not command.ended():
        if holder(path) == command.process.pid:
            return True
        time.sleep(0.001)
    return False


def broker_process(home: Path) -> int:
    """Return the process of the broker that runs from ``home``."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = each.read_bytes().split(b"\0")
        except OSError:  # it has ended
            continue
        if str(home / "server.properties").encode() in command:
            return int(each.parent.name)
    raise LookupError(f"no broker runs from {home}")
