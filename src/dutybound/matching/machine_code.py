"""Functions in machine code, kept for other processes where there is a place to keep them."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """The function, compiled when it is first called."""
    try:
        fast = numba.njit(function, nogil=True, cache=True)
    except (RuntimeError, OSError):
        # Neither the package's folder nor the user's can be written to.
        fast = numba.njit(function, nogil=True)
    return cast("Function", fast)
