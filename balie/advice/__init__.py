"""Recommendations in a conversation: who is asked for what, shown as which cards, and what comes of it."""
