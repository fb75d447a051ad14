"""Figures that anybody can print again: ``make bench`` runs all of them and writes docs/benchmarks.md."""
