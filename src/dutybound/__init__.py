"""Dutybound, the library: hash, match, decide what a case may do, and verify a journal.

Nothing here imports Django, opens a socket, reads the clock or finds a file by itself.
"""

__version__ = "0.1.0"
