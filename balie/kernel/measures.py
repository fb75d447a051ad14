"""What happened, for whoever watches over the service: a port that counts. Nothing personal passes."""

from __future__ import annotations

from typing import Final, Protocol


class Measures(Protocol):
    """Counts; never raises, never waits (``balie.gateway.metrics.PrometheusMeasures`` does)."""

    def turn_taken(self, seconds: float, *, failed: bool) -> None:
        """A customer's message was answered, or could not be; how long that took."""
        ...

    def handoff_requested(self, reason: str) -> None:
        """A person is needed; one word of ``balie.handoff.kinds.Reason``."""
        ...

    def handoff_accepted(self, waited_s: float) -> None:
        """An agent took a customer who had waited so long."""
        ...

    def delivered(self, way: str) -> None:
        """A message reached a side: ``desk`` or ``customer``, or the name of a channel."""
        ...

    def desk_socket(self, change: int) -> None:
        """A desk's live connection came (1) or went (-1)."""
        ...

    def store_failed(self) -> None:
        """The database could not be used."""
        ...


class NoMeasures:
    """Counts nothing."""

    def turn_taken(self, seconds: float, *, failed: bool) -> None:
        """Nothing."""

    def handoff_requested(self, reason: str) -> None:
        """Nothing."""

    def handoff_accepted(self, waited_s: float) -> None:
        """Nothing."""

    def delivered(self, way: str) -> None:
        """Nothing."""

    def desk_socket(self, change: int) -> None:
        """Nothing."""

    def store_failed(self) -> None:
        """Nothing."""


NO_MEASURES: Final[Measures] = NoMeasures()
