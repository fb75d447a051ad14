"""Desks and channels that are somebody else's: what comes in and goes out is written down first."""
