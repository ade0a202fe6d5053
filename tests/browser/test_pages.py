"""Every page passes axe, wide and narrow, light and dark, and never scrolls sideways."""

from collections.abc import Callable
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import NARROW, WIDE, Screen, World

pytestmark = pytest.mark.browser

# Who looks, and where. Whoever makes a page adds it here.
PAGES: dict[str, tuple[str, Callable[[World], str]]] = {
    "queue": ("mo", lambda _: "/console/ridge/cases/"),
    "empty list": ("mo", lambda _: "/console/ridge/cases/?queue=mine"),
    "nothing found": ("mo", lambda _: "/console/ridge/cases/?q=nothing-like-it"),
    "case": ("mo", lambda world: f"/console/ridge/cases/{world.case.reference}/"),
    "decided case": ("sena", lambda world: f"/console/ridge/cases/{world.decided.reference}/"),
    "the same elsewhere": (
        "sena",
        lambda world: f"/console/ridge/cases/{world.case.reference}/same/",
    ),
    "items": ("mo", lambda _: "/console/ridge/items/"),
    "item": ("mo", lambda world: f"/console/ridge/items/{world.item.pk}/"),
    "journal": ("ode", lambda _: "/console/ridge/journal/"),
    "journal entry": ("ode", lambda world: f"/console/ridge/journal/{world.entry.number}/"),
}
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_within_everyones_reach(screen: Screen, world: World, name: str) -> None:
    who, path_in = PAGES[name]
    if who:
        screen.sign_in(getattr(world.cast, who))
    answer = screen.page.goto(path_in(world))
    assert answer is not None
    assert answer.status == 200

    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        # Without motion: a colour that is still on its way would be measured half-way.
        screen.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for size in (WIDE, NARROW):
            screen.page.set_viewport_size(size)
            assert violations(screen) == [], f"{scheme}, {size['width']} px"
            assert sideways(screen) <= 0, f"scrolls sideways at {size['width']} px"


def violations(screen: Screen) -> list[str]:
    """What axe finds, each with the rule, the element and what is wrong with it."""
    options = {"runOnly": STANDARD, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = Axe().run(screen.page, options=options).response["violations"]
    return [
        f"{violation['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def sideways(screen: Screen) -> int:
    """By how many pixels the page is wider than the screen."""
    wider: int = screen.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wider
