"""The assistant as the service sees it: one port, answered by Rasa over HTTP (``rasa.py``)."""
