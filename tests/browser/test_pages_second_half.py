"""The other half of all pages, in a process beside the first."""

import pytest

from tests.browser.conftest import Screen, World
from tests.browser.test_pages import SECOND_HALF, troubles_of

pytestmark = pytest.mark.browser


def test_the_other_half_is_within_everyones_reach(screen: Screen, world: World) -> None:
    troubles = {name: troubles_of(name, screen, world) for name in SECOND_HALF}
    assert {name: found for name, found in troubles.items() if found} == {}
