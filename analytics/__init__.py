"""From tables to answers: metrics, trends, the weekly report and the Python interface."""

from analytics.network import Network, NetworkWeek, open_network, pseudonym

__all__ = ["Network", "NetworkWeek", "open_network", "pseudonym"]
