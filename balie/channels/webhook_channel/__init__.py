"""Any provider of messages (WhatsApp, SMS), by signed webhooks both ways (docs/webhook-channel.md)."""
