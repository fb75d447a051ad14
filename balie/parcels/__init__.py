"""Returns that a carrier is told of: drop-off and pick-up, behind a port."""
