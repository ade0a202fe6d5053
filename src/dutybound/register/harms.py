"""The kinds of harm, as they are named today: illegal content, and content harmful to children."""

from collections.abc import Mapping
from types import MappingProxyType

from dutybound.register.book import register
from dutybound.register.entries import Harm

HARMS: Mapping[str, Harm] = MappingProxyType(
    {harm.id: harm for harm in register().harms if harm.dates.until is None}
)
