"""What makes training faster on an ordinary machine; nothing here changes what is learned."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

import torch

# From malloc.h: above which size memory is mapped anew each time, when it is given back, how much is kept.
M_TRIM_THRESHOLD: Final = -1
M_TOP_PAD: Final = -2
M_MMAP_THRESHOLD: Final = -3


def keep_memory() -> None:
    """Keep memory between steps instead of giving it back: on a virtual machine new pages are slow."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.mallopt(M_MMAP_THRESHOLD, 1 << 30)
    libc.mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)
    libc.mallopt(M_TOP_PAD, 256 << 20)


def pin_threads(threads: int) -> int:
    """Let torch use this many cores; says how many it uses."""
    torch.set_num_threads(threads)
    return torch.get_num_threads()


def knows_bfloat16() -> bool:
    """Whether the processor itself calculates in 16 bits; where it does not, that is thirty times slower."""
    return bool(torch.cpu.get_capabilities().get("avx512_bf16"))
