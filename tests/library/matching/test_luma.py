"""A frame's luma is shown as players show it, and another picture is told at a glance."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from dutybound.matching.bars import inner_box
from dutybound.matching.decoding import View
from dutybound.matching.luma import Glance, Plane, Points, may_have_bars
from tests.library.matching.films import still

SIDE = 128


def plane_of(grey: Points, *, shift: int = 0) -> Plane:
    """A plane with something else behind each of its lines."""
    height, width = grey.shape
    lines = np.full((height, width + 7), 99, grey.dtype)
    lines[:, :width] = grey
    return Plane.of(lines.ravel(), height, width, width + 7, shift)


def grey_of(seed: int) -> NDArray[np.float64]:
    """A photograph of low contrast, so that something can be added to it."""
    return np.asarray(still(seed, size=(SIDE, SIDE)).convert("L")) * 0.7 + 38


def glance_at(grey: NDArray[np.float64]) -> Glance:
    glance = Glance()
    glance.take(plane_of(grey.clip(0, 255).astype(np.uint8)))
    return glance


@pytest.mark.parametrize(("height", "stride"), [(5, 8), (4, 7), (0, 8)])
def test_a_plane_that_is_larger_than_its_points_is_refused(height: int, stride: int) -> None:
    points = np.zeros(32, np.uint8)

    with pytest.raises(ValueError, match="points"):
        Plane.of(points, height, 8, stride)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_picture_that_differs_within_its_parts_alone_is_another(seed: int) -> None:
    noise = np.random.default_rng(seed).choice([-38.0, 38.0], (8, 2, 8, 2))
    # No part becomes brighter or darker on the whole.
    even = (noise - noise.mean(axis=(1, 3), keepdims=True)).reshape(16, 16)
    shown = plane_of(grey_of(seed).astype(np.uint8))

    glance = glance_at(grey_of(seed) + even.repeat(8, axis=0).repeat(8, axis=1))

    assert glance.is_another(shown)


@pytest.mark.parametrize("grain", [3, 10])
def test_grain_and_a_change_of_light_make_no_other_picture(grain: float) -> None:
    random = np.random.default_rng(1)
    glance = glance_at(grey_of(1))

    grainy = (grey_of(1) * 0.9 + random.normal(0, grain, (SIDE, SIDE))).clip(0, 255)

    assert not glance.is_another(plane_of(grainy.astype(np.uint8)))


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (15, 17), (65, 129), (360, 640)])
def test_a_glance_is_the_same_however_many_bits_and_rows_there_are(size: tuple[int, int]) -> None:
    grey = np.random.default_rng(1).integers(0, 256, size, dtype=np.uint8)
    glance = Glance()

    assert glance.is_another(plane_of(grey))
    glance.take(plane_of(grey))

    assert not glance.is_another(plane_of(grey.astype(np.uint16) << np.uint16(2), shift=2))
    assert glance.is_another(plane_of(grey // 8))


@pytest.mark.parametrize("shift", [0, 2])
def test_shades_are_widened_to_what_players_show(shift: int) -> None:
    decoded = np.arange(256, dtype=np.uint16).reshape(2, 128)
    stored = decoded << np.uint16(shift) if shift else decoded.astype(np.uint8)
    plane = plane_of(stored, shift=shift)

    shown = plane.shown(is_full_range=False).ravel()

    exact = ((np.arange(256) - 16) * 255 / 219).clip(0, 255)
    assert np.abs(shown - exact).max() <= 1
    assert (plane.shown(is_full_range=True) == decoded).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    bars=st.tuples(*[st.integers(0, 30)] * 4),
    shade=st.integers(0, 255),
    specks=st.floats(0, 0.03),
)
def test_no_bar_is_passed_over(
    seed: int, bars: tuple[int, int, int, int], shade: int, specks: float
) -> None:
    random = np.random.default_rng(seed)
    within = random.integers(0, 256, (90, 120), dtype=np.uint8)
    grey = np.pad(within, (bars[:2], bars[2:]), constant_values=shade)
    grey = np.where(random.random(grey.shape) < specks, 255 - grey, grey)

    box = inner_box(View(Image.fromarray(grey), (grey.shape[1], grey.shape[0])))

    assert box is None or may_have_bars(grey)
