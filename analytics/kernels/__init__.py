"""Compiled kernels: the inner loops of the network metrics, on plain arrays.

A graph is here its CSR arrays: the neighbours of node ``u`` are ``indices[indptr[u]:indptr[u + 1]]``. Nodes
are 0 … n - 1, there are no self-loops and no double edges, and an undirected tie stands in both directions.
Every kernel runs on one thread and adds its terms in the order of the nodes, so that a result depends on
neither the machine's cores nor the order in which ties were read. A kernel calls only what stands in its own
file: numba's cache on disk looks at that file alone when it decides whether it is out of date.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from analytics.kernels.progress import tell

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Ints = NDArray[np.int32]
Lengths = NDArray[np.int64]
Floats = NDArray[np.float64]


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Return ``function`` compiled at its first call, kept on disk, and free of the interpreter's lock.

    What is not on disk yet takes some seconds, and a line on stderr says so (``analytics.kernels.progress``).
    """
    return cast("Callable[Arguments, Result]", numba.njit(cache=True, nogil=True)(function))


tell(__name__)
