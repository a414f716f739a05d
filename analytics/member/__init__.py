"""The page of one member ("la vitre"): everything that the network knows about her, and how each figure came about."""
