"""Balie: the counter where somebody helps you."""
