"""One customer message with all replies to it: taken in order, one per conversation at a time."""
