from __future__ import annotations

from itertools import pairwise

from balie.kernel.sampling import evenly


def test_all_are_taken_where_they_are_few() -> None:
    assert evenly(["a", "b", "c"], 3) == ["a", "b", "c"]


def test_of_many_the_first_and_some_from_every_part_are_taken() -> None:
    drawn = evenly(range(1_250), 500)

    assert len(set(drawn)) == 500
    assert (drawn[0], drawn[-1]) == (0, 1_247)
    assert {after - before for before, after in pairwise(drawn)} == {2, 3}
