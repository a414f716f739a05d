"""A line that says why a first call takes seconds: kernels are compiled, once on each machine."""

from __future__ import annotations

import sys
import time
from typing import Any

from numba.core import event

KIND = "numba:compile"


class Progress(event.Listener):
    """Says on stderr which kernel is being compiled and how long it took; of those it calls, nothing.

    numba asks its cache on disk first, so that a kernel that is there already is not told of.
    """

    def __init__(self, package: str) -> None:
        self.package = package
        self.depth, self.began = 0, 0.0

    def on_start(self, event: Any) -> None:  # noqa: ANN401 - numba has no types
        """Say which kernel, unless another one waits for it."""
        function = event.data["dispatcher"].py_func
        if not function.__module__.startswith(self.package):
            return
        if self.depth == 0:
            self.began = time.perf_counter()
            _say(f"maillage: compiling {function.__name__}, once on this machine … ")
        self.depth += 1

    def on_end(self, event: Any) -> None:  # noqa: ANN401 - numba has no types
        """Say how long it took once the outermost is done."""
        if not event.data["dispatcher"].py_func.__module__.startswith(self.package):
            return
        self.depth -= 1
        if self.depth == 0:
            _say(f"{time.perf_counter() - self.began:.1f} s\n")


def tell(package: str) -> None:
    """Let whoever waits for a kernel of ``package`` to be compiled read so on stderr from now on."""
    event.register(KIND, Progress(package))  # type: ignore[no-untyped-call]


def _say(text: str) -> None:
    """Write at once; where there is no stderr, nothing."""
    if sys.stderr is not None:
        sys.stderr.write(text)
        sys.stderr.flush()
