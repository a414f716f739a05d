"""A process that is started, watched and stopped with everything that it has started itself."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from producers.errors import MaillageError

STOP_SECONDS = 20.0
_C = ctypes.CDLL(None)
_SET_DEATH_SIGNAL = 1
_TAIL = 2_000


class ProcessError(MaillageError):
    """A process did not do what it was started for."""


class Process:
    """A process in a session of its own: Ctrl-C does not reach it, and what it starts can be found by that session."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """Start it; what it says is added to ``log``."""
        self.name, self.log, self._asked, self._gone = name, log, False, False
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as words:
            self._process = subprocess.Popen(  # noqa: S603  our own command
                [sys.executable, "-m", *command],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                env=dict(environment),
                start_new_session=True,
                preexec_fn=die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  one system call
            )

    @property
    def pid(self) -> int:
        """Return its id, which is that of its session too."""
        return self._process.pid

    def ended(self) -> bool:
        """Return whether it has ended."""
        return self._process.poll() is not None

    def check(self) -> None:
        """Raise when it has ended; it should not have.

        Raises:
            ProcessError: with its last words.
        """
        if self.ended():
            found = f"{self.name} stopped by itself (exit code {self._process.returncode}): {self._last_words()}"
            raise ProcessError(found, remedy=f"read {self.log}")

    def done(self, patience: float) -> None:
        """Return when it has ended well.

        Raises:
            ProcessError: when it failed, or did not end within ``patience`` seconds.
        """
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired as error:
            raise ProcessError(f"{self.name} is not done after {patience:.0f} s", remedy=f"read {self.log}") from error
        if code:
            raise ProcessError(f"{self.name} failed: {self._last_words()}", remedy=f"read {self.log}")

    def ask_to_stop(self) -> None:
        """Send SIGTERM, once: a second one means hurry; wait for nothing."""
        if not self._asked and not self.ended():
            self._process.terminate()
        self._asked = True

    def stop(self, patience: float = STOP_SECONDS) -> None:
        """Have it gone, and everything of its session too, by force after ``patience`` seconds."""
        self.ask_to_stop()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()

    def kill(self) -> None:
        """Have it gone at once, as a power failure would; once only, since its id may be another's afterwards."""
        while not self._gone and (left := members(self.pid)):
            for each in left:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
            self._process.poll()
            time.sleep(0.01)
        self._process.wait()
        self._gone = True

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace")[-_TAIL:].splitlines()
        return next((line.strip() for line in reversed(lines) if line.strip()), "without a word")


def members(session: int) -> list[int]:
    """Return the processes of a session that live."""
    return [int(each.name) for each in Path("/proc").glob("[0-9]*") if _belongs(each, session)]


def _belongs(process: Path, session: int) -> bool:
    try:
        state, _, _, found = (process / "stat").read_text().rpartition(")")[2].split()[:4]
    except OSError:  # it has ended
        return False
    return int(found) == session and state != "Z"


def die_with_parent() -> None:
    """Let the process get SIGTERM when its parent is killed, so that it is never left behind."""
    _C.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
