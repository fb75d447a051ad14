"""What the interpreter does about memory, while a service runs for long."""

from __future__ import annotations

import gc


def settle() -> None:
    """Take what was loaded so far as here to stay: it is not looked through for garbage any more.

    For a service that has finished loading: its modules and its content are hundreds of thousands of objects,
    and looking through all of them took up to a millisecond of whatever was being answered just then.
    """
    gc.collect()
    gc.freeze()
