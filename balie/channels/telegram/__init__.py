"""Telegram behind the port of channels: customers talk there with the assistant and with agents."""
