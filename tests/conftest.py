"""What every test may use: real data where they are, a small region, and versions in the header.

Tests run in several workers, a module in one of them (``make test``): what a module shares is a fixture of its own,
what several modules share and costs much to make is made once for all workers by ``tests.shared``.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from producers.settings import Settings
from tests.shared import made_once
from tests.small_region import compute_region, take_region

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
def small_region(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the small region, taken in and not computed; tests only read it."""
    return Settings(home=made_once(tmp_path_factory, "small-region", take_region))


@pytest.fixture(scope="session")
def computed_region(small_region: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Give the small region with all its weeks computed and published; tests only read it."""
    return Settings(home=made_once(tmp_path_factory, "computed-region", partial(compute_region, small_region)))


@pytest.fixture(scope="session")
def real_data() -> Callable[[str], Path]:
    """Give a function from a name under the folder of real data to its path; the test skips where it is absent."""

    def found(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the real data are not beside the checkout: {name}")
        return path

    return found
