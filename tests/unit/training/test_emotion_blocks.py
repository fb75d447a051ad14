"""The word table in 4 bits: what came in such blocks comes back as it was."""

from __future__ import annotations

import numpy as np
import pytest

from training.emotion.blocks import BLOCK, pack_pairs, to_blocks


def test_a_table_that_came_in_such_blocks_comes_back_as_it_was() -> None:
    chance = np.random.default_rng(1)
    levels = chance.integers(-8, 8, (5, 3 * BLOCK))
    levels.reshape(5, 3, BLOCK)[:, :, 0] = -8  # every block reaches its lowest level, as Q4_0 makes them
    scales = chance.normal(size=(5, 3)).astype(np.float16).astype(np.float32)
    table = (levels.reshape(5, 3, BLOCK) * scales[..., None]).reshape(5, -1).astype(np.float32)

    found_levels, found_scales = to_blocks(table)

    back = (found_levels.reshape(5, 3, BLOCK) * found_scales[..., None]).reshape(table.shape)
    assert np.array_equal(back, table)


def test_any_table_is_off_by_half_a_step_at_most_except_at_the_top() -> None:
    table = np.random.default_rng(2).normal(size=(40, BLOCK)).astype(np.float32)

    levels, scales = to_blocks(table)

    steps = np.abs(scales)
    assert np.all(np.abs(levels * scales - table) <= steps + 1e-6)
    assert np.mean(np.abs(levels * scales - table) <= steps / 2 + 1e-6) > 0.95
    assert levels.min() >= -8
    assert levels.max() <= 7


def test_a_block_of_noughts_stays_nought() -> None:
    levels, scales = to_blocks(np.zeros((1, BLOCK), dtype=np.float32))

    assert not levels.any()
    assert np.array_equal(scales, [[1.0]])


def test_rows_that_do_not_divide_are_refused() -> None:
    with pytest.raises(ValueError, match="do not divide"):
        to_blocks(np.zeros((2, BLOCK + 1), dtype=np.float32))


def test_two_levels_make_a_byte_the_first_in_its_lower_half() -> None:
    assert pack_pairs(np.array([[1, -1, -8, 7]], dtype=np.int8)).tolist() == [0xF1, 0x78]
