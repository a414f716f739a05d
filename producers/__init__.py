"""From the tools of the places to the event log: the contract, the sources, the log."""
