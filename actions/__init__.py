"""Custom actions that Rasa asks for: read the tracker, ask a service of Balie, say a response.

Thin on purpose: no queries, no prices, no wording. What is said stands in ``data/replies``.
"""
