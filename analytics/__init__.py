"""From tables to answers: metrics, trends, the weekly report and the Python interface."""
