"""Tables of parcels: returns the carrier is told of, and what the simulated carrier remembers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.parcels.kinds import AnnouncementState
from balie.storage.base import Base, one_of

_WANTED = text("state = 'wanted'")


class ParcelAnnouncementRow(Base):
    """A return that the carrier is told of, once; its number then stands on the return itself."""

    __tablename__ = "parcel_announcements"
    __table_args__ = (
        one_of("state", AnnouncementState),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'wanted') = (ended_at IS NULL)", name="what_has_ended_has_a_moment"),
        Index("ix_parcel_announcements_due", "due_at", sqlite_where=_WANTED, postgresql_where=_WANTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"), unique=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Under which the carrier is told, however often."""
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    track_code: Mapped[str | None] = mapped_column(String(40))
    label_code: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    """Until then somebody is telling the carrier."""
    trouble: Mapped[str | None] = mapped_column(String(60))
    """Code of the last failure."""


class SimulatedParcelRow(Base):
    """A parcel that the simulated carrier expects. Stands for somebody else's database."""

    __tablename__ = "simulated_parcels"

    track_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    announced_at: Mapped[datetime]
    pick_up_on: Mapped[date | None]
