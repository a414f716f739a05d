"""Instants of the right door as whole microseconds since 1970, which arrays compare at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = np.iinfo(np.int64).max
MICROSECOND = timedelta(microseconds=1)
PATIENCE = timedelta(days=14) // MICROSECOND
"""Within how long an answer counts."""
WEEK = timedelta(weeks=1) // MICROSECOND


def micros(times: pd.Series[Any], missing: int) -> Ints:
    """Return the instants of a column, ``missing`` for null."""
    stamps = pd.to_datetime(times, utc=True).dt.tz_localize(None).to_numpy(dtype="datetime64[us]")
    return np.where(np.isnat(stamps), missing, stamps.astype(np.int64)).astype(np.int64)
