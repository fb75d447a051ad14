"""Who changed what, in which turn, and that the same turn never changes it twice."""
