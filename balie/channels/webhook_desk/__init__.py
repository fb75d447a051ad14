"""Any other desk, by signed webhooks in both directions (docs/webhook-desk.md)."""
