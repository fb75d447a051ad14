"""Papers for customers, as PDF."""
