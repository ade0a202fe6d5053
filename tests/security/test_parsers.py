"""Whatever bytes come, a parser answers or says no in its own words, and soon.

A short budget that is the same each time; `make fuzz MINUTES=30` goes on with other bytes.
"""

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.security.damage import anything, fault_of
from tests.security.parsers import PARSERS

EXAMPLES = 60


@pytest.mark.parametrize("name", PARSERS)
def test_its_own_examples_are_read(name: str) -> None:
    parser = PARSERS[name]

    assert [fault for one in parser.examples() if (fault := fault_of(parser, one))] == []


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
        assert fault_of(parser, content) is None

    keeps_its_word()
