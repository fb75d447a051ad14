"""Counts what happens in the form that Prometheus reads. Labels are words of ours; none is personal."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from balie.handoff.kinds import Reason
from balie.handoff.numbers import Now

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
TURN_SECONDS: Final = (0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
WAIT_SECONDS: Final = (10, 30, 60, 120, 300, 600, 1800, 3600)
WAYS: Final = ("customer", "desk", "chatwoot", "webhook", "telegram", "mail")
OTHER_WAY: Final = "other"
"""For a way that is not in the list: labels must stay few."""


class PrometheusMeasures:
    """A :class:`balie.kernel.measures.Measures` with a registry of its own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._turns = Histogram(
            "balie_turn_seconds", "Turns, and how long each took.", buckets=TURN_SECONDS, registry=registry
        )
        self._failures = Counter("balie_turn_failures", "Turns that failed.", registry=registry)
        self._handoffs = Counter("balie_handoffs", "Requests for a person.", ["reason"], registry=registry)
        self._waits = Histogram(
            "balie_handoff_wait_seconds",
            "Handoffs that an agent accepted, and how long each customer had waited.",
            buckets=WAIT_SECONDS,
            registry=registry,
        )
        self._deliveries = Counter("balie_deliveries", "Messages delivered.", ["way"], registry=registry)
        self._sockets = Gauge("balie_desk_sockets", "Live connections of desks.", registry=registry)
        self._store = Counter("balie_store_errors", "Calls refused by the database.", registry=registry)
        self._waiting = Gauge("balie_waiting", "Customers who wait for an agent.", registry=registry)
        self._longest = Gauge("balie_waiting_longest_seconds", "How long the first waits.", registry=registry)
        self._with_agents = Gauge("balie_with_agents", "Customers whom an agent has.", registry=registry)
        for reason in Reason:
            self._handoffs.labels(reason.value)
        for way in WAYS:
            self._deliveries.labels(way)

    def turn_taken(self, seconds: float, *, failed: bool) -> None:
        """A customer's message was answered, or could not be; how long that took."""
        self._turns.observe(seconds)
        if failed:
            self._failures.inc()

    def handoff_requested(self, reason: str) -> None:
        """A person is needed."""
        self._handoffs.labels(reason).inc()

    def handoff_accepted(self, waited_s: float) -> None:
        """An agent took a customer who had waited so long."""
        self._waits.observe(waited_s)

    def delivered(self, way: str) -> None:
        """A message reached a side."""
        self._deliveries.labels(way if way in WAYS else OTHER_WAY).inc()

    def desk_socket(self, change: int) -> None:
        """A desk's live connection came (1) or went (-1)."""
        self._sockets.inc(change)

    def store_failed(self) -> None:
        """The database could not be used."""
        self._store.inc()

    def page(self, now: Now | None) -> bytes:
        """Everything so far, as Prometheus reads it.

        Args:
            now: How it stands at the desk; None, when that is not known, leaves the last values.
        """
        if now is not None:
            self._waiting.set(now.waiting)
            self._longest.set(now.longest_s or 0)
            self._with_agents.set(now.with_agents)
        return generate_latest(self._registry)
