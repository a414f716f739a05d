"""A simulated region: two years of life of thirteen places, with the truth about it for tests."""

from producers.simulation.region import Region, simulate
from producers.simulation.tool import Arrival
from producers.simulation.truth import Closure, Truth

__all__ = ["Arrival", "Closure", "Region", "Truth", "simulate"]
