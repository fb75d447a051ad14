"""Tables of the catalogue. Texts are stored per language: ``{"nl": …, "en": …}``."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from balie.catalogue.kinds import DeliveryKind
from balie.storage.base import Base, one_of

_ONLINE = text("store_id IS NULL")
_IN_STORE = text("store_id IS NOT NULL")


class CategoryRow(Base):
    """A kind of product, with the words customers use for it."""

    __tablename__ = "categories"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    names: Mapped[dict[str, str]]
    search_words: Mapped[dict[str, list[str]]] = mapped_column(JSON)


class ProductRow(Base):
    """What is sold, in one or more variants."""

    __tablename__ = "products"
    __table_args__ = (
        one_of("delivery_kind", DeliveryKind),
        Index(None, "category"),
        Index(None, "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    brand: Mapped[str] = mapped_column(String(60))
    names: Mapped[dict[str, str]]
    descriptions: Mapped[dict[str, str]]
    facts: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    """Per language, what a customer asks about: ``{"en": {"weight": "2.1 kg"}}``, in reading order."""
    delivery_kind: Mapped[str] = mapped_column(String(10))
    picture_url: Mapped[str | None] = mapped_column(String(500))
    """Where its picture is; without one, we draw one of its kind or category."""
    page_url: Mapped[str | None] = mapped_column(String(500))
    """Where the shop shows it: an address, or a path of our own; without one, cards lead nowhere."""
    active: Mapped[bool]
    updated_at: Mapped[datetime]


class ProductVariantRow(Base):
    """One size and colour of a product: what lies on the shelf."""

    __tablename__ = "product_variants"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_minor"),
        Index(None, "product_id", "currency", "price_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    sku: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]
    """Order in which variants are shown (S before M)."""
    size: Mapped[str | None] = mapped_column(String(16))
    colours: Mapped[dict[str, str]]
    """Name of the colour per language; empty when there is only one."""
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))


class StoreRow(Base):
    """A shop that one can walk into."""

    __tablename__ = "stores"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    street: Mapped[str] = mapped_column(String(120))
    house_number: Mapped[str] = mapped_column(String(16))
    postcode: Mapped[str] = mapped_column(String(12))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[str] = mapped_column(String(2))
    latitude: Mapped[float]
    longitude: Mapped[float]
    phone: Mapped[str] = mapped_column(String(32))
    services: Mapped[list[str]]
    directions: Mapped[dict[str, str]]


class StoreHoursRow(Base):
    """One stretch in which a store is open on a weekday; none means closed."""

    __tablename__ = "store_hours"
    __table_args__ = (
        UniqueConstraint("store_id", "weekday", "opens_at"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    """0 is Monday."""
    opens_at: Mapped[time]
    closes_at: Mapped[time]


class StoreSpecialHoursRow(Base):
    """One day on which the usual hours do not hold; without times the store stays closed."""

    __tablename__ = "store_special_hours"
    __table_args__ = (
        UniqueConstraint("store_id", "day"),
        CheckConstraint("(opens_at IS NULL) = (closes_at IS NULL)", name="both_times_or_none"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[int] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    day: Mapped[date]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    reasons: Mapped[dict[str, str]]


class StockRow(Base):
    """How many of a variant lie in one store, or in the web warehouse (no store)."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        Index("uq_stock_online", "variant_id", unique=True, sqlite_where=_ONLINE, postgresql_where=_ONLINE),
        Index(
            "uq_stock_in_store",
            "variant_id",
            "store_id",
            unique=True,
            sqlite_where=_IN_STORE,
            postgresql_where=_IN_STORE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("product_variants.id", ondelete="CASCADE"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("stores.id", ondelete="CASCADE"))
    quantity: Mapped[int]
    restocked_on: Mapped[date | None]
    """When more are expected; None when nothing is on its way."""
