"""Whatever bytes come, a parser answers or says no in its own words, and soon.

A short budget that is the same each time; `make fuzz MINUTES=30` goes on with other bytes.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.security.damage import anything, read
from tests.security.parsers import PARSERS

EXAMPLES = 60


@pytest.mark.parametrize("name", PARSERS)
def test_its_own_examples_are_read(name: str) -> None:
    for example in PARSERS[name].examples():
        PARSERS[name].read(example)


@pytest.mark.parametrize("name", PARSERS)
def test_damaged_bytes_are_read_or_refused_in_its_own_words(name: str) -> None:
    parser = PARSERS[name]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(content=anything(parser))
    def keeps_its_word(content: bytes) -> None:
        read(parser, content)

    keeps_its_word()


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000, b"9" * 100_000])
def test_what_stands_too_deep_or_is_too_long_is_refused_in_its_own_words(
    name: str, deep: bytes
) -> None:
    read(PARSERS[name], deep)
    read(PARSERS[name], b'[{"value": ' + deep)
