"""What people who work here are trained in."""

from collections.abc import Mapping
from types import MappingProxyType

MODERATION, DUTIES = "moderation", "duties"

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {MODERATION: "Moderation", DUTIES: "How the duties are met"}
)
"""Subjects by id, as people call them."""
