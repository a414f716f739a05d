"""A network in Python: what ``open_network()`` gives, as frames, graphs and charts."""
