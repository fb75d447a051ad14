"""A table of numbers in 4 bits with a scale per block, as the base weights came in (Q4_0). Pure numpy."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 32
"""So many neighbouring numbers of a row share a scale."""
LOWEST: Final = -8
"""The lowest of the sixteen levels; the highest is 7."""


def to_blocks(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Levels from -8 to 7 and one scale per block of 32: ``(words, width)`` and ``(words, width / 32)``.

    The number furthest from nought in a block is level -8, as Q4_0 has it; so a table that came in Q4_0 and
    was not trained comes back as it was.

    Raises:
        ValueError: The rows do not divide into blocks.
    """
    words, width = table.shape
    if width % BLOCK:
        raise ValueError(f"rows of {width} numbers do not divide into blocks of {BLOCK}")
    blocks = table.reshape(words, width // BLOCK, BLOCK)
    furthest = np.take_along_axis(blocks, np.abs(blocks).argmax(axis=2, keepdims=True), axis=2)
    scales = np.where(furthest == 0, 1, furthest / LOWEST).astype(np.float32)
    levels = np.clip(np.rint(blocks / scales), LOWEST, -LOWEST - 1).astype(np.int8)
    return levels.reshape(words, width), scales[..., 0]


def pack_pairs(levels: NDArray[np.int8]) -> NDArray[np.uint8]:
    """Two levels per byte, the first in the lower half, as ONNX keeps INT4."""
    halves = (levels.reshape(-1) & 0x0F).astype(np.uint8)
    packed: NDArray[np.uint8] = halves[0::2] | (halves[1::2] << 4)
    return packed
