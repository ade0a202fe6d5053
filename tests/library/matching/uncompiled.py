"""Imported first, it spares a process that hashes nothing numba, most of what its start takes."""

import sys
from types import ModuleType

numba = ModuleType("numba")
numba.njit = lambda function, **_: function  # type: ignore[attr-defined]
sys.modules["numba"] = numba
