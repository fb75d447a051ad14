"""Trains the lists of recommendations, in a process of its own: the only place with numerical libraries."""
