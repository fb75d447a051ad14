"""What tests look at in a PDF."""

from __future__ import annotations

import re


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))
