"""Chatwoot, by its agent-bot protocol. Its words (account, inbox, pending, assignee, bot) stop here."""
