"""Engines, transactions, column types and bulk writes; knows no feature."""
