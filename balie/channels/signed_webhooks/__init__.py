"""Webhooks that both sides sign with one secret: how they are signed, and how ours are posted."""
