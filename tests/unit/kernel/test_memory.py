"""What is here to stay is left alone; what comes later is cleared away as ever."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from balie.kernel import memory


class Knot:
    """Something that holds on to itself: only a look through everything finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def settled_until_the_end() -> Iterator[None]:
    yield
    gc.unfreeze()


def is_looked_through(thing: object) -> bool:
    return any(each is thing for each in gc.get_objects())


def test_what_was_loaded_is_not_looked_through_any_more() -> None:
    loaded = Knot()
    assert is_looked_through(loaded)

    memory.settle()

    assert not is_looked_through(loaded)


def test_garbage_of_before_is_cleared_first() -> None:
    gone = weakref.ref(Knot())

    memory.settle()

    assert gone() is None


def test_garbage_that_comes_later_is_cleared_as_ever() -> None:
    memory.settle()
    gone = weakref.ref(Knot())

    gc.collect()

    assert gone() is None
