"""Conversations: who said what, in which order, who owns them, and who the customer has shown to be."""
