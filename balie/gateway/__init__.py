"""The edges of the service: the public API with its pages, and the loopback port that Rasa calls."""
