"""Sends the letters of the outbox by mail. The words are content, the way out is a port with two adapters."""
