"""The Rasa half's own parts: importer, graph components, tracker store (Python 3.10, imports rasa)."""
