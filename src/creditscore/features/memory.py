"""Memory that was freed and is still held: handed back, so that the next step need not come on top of it."""

import ctypes
from functools import cache
from typing import Any

import pyarrow as pa


def hand_back() -> None:
    """Give freed memory back to the system, where its C library can (glibc); elsewhere do nothing.

    Arrays of many sizes on several threads leave gaps that glibc keeps for later; DuckDB and Arrow have allocators of
    their own and cannot use them.
    """
    pa.default_memory_pool().release_unused()
    trim = getattr(_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _library() -> Any:  # noqa: ANN401 - functions of a C library have no types
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):  # Windows has no library of that kind
        return None
