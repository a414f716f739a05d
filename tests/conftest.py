"""What every test may use: real data where they are, a home of its own, and versions in the header."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure; where CI runs, the same examples come every time.
settings.register_profile(
    "maillage",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("maillage")

pytest_plugins = ["tests.kafka_broker"]

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"


def pytest_report_header() -> str:
    """Return the versions that a failure may hang on."""
    names = ("duckdb", "networkx", "numba", "pandas", "msgspec", "kafka-python")
    return f"python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names)


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Give a function from a name under the folder of real data to its path; the test skips where it is absent."""

    def found(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the real data are not beside the checkout: {name}")
        return path

    return found
