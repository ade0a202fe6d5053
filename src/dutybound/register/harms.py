"""The kinds of harm, as they are named today: illegal content, and content harmful to children."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from dutybound.register.book import register
from dutybound.register.entries import Harm


class _KindsOfToday(Mapping[str, Harm]):
    """They are read when the first is asked for: most commands need none."""

    @cached_property
    def _harms(self) -> dict[str, Harm]:
        return {harm.id: harm for harm in register().harms if harm.dates.until is None}

    def __getitem__(self, harm: str) -> Harm:
        return self._harms[harm]

    def __iter__(self) -> Iterator[str]:
        return iter(self._harms)

    def __len__(self) -> int:
        return len(self._harms)


HARMS: Mapping[str, Harm] = _KindsOfToday()
