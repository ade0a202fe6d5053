"""Bytes, words and links to signals; signals to matches; matches to a verdict."""

from dutybound.matching.bank_index import Base, Match
from dutybound.matching.content import Content, FrameHashes, Gap, MediaHashes
from dutybound.matching.filetypes import is_what_it_says
from dutybound.matching.links import TooManyLinks
from dutybound.matching.matcher import Matcher
from dutybound.matching.pictures import (
    LEAST_QUALITY,
    ORIENTATIONS,
    Limits,
    Unreadable,
    hash_media,
    screen_media,
)
from dutybound.matching.screening import FAST_MARGIN, needs_exact_hash
from dutybound.matching.signals import (
    MAX_THRESHOLD,
    BadSignal,
    Bank,
    Effect,
    Signal,
    SignalKind,
    clean_value,
)
from dutybound.matching.verdicts import Verdict, judge

__all__ = [
    "FAST_MARGIN",
    "LEAST_QUALITY",
    "MAX_THRESHOLD",
    "ORIENTATIONS",
    "BadSignal",
    "Bank",
    "Base",
    "Content",
    "Effect",
    "FrameHashes",
    "Gap",
    "Limits",
    "Match",
    "Matcher",
    "MediaHashes",
    "Signal",
    "SignalKind",
    "TooManyLinks",
    "Unreadable",
    "Verdict",
    "clean_value",
    "hash_media",
    "is_what_it_says",
    "judge",
    "needs_exact_hash",
    "screen_media",
]
