"""Identifiers that travel through several features."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

ConversationId = NewType("ConversationId", UUID)
MessageId = NewType("MessageId", UUID)
PhotoId = NewType("PhotoId", UUID)
