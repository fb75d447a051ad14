"""Letters that wait to be sent: put here in the transaction that promises them, sent by ``balie.post``."""
