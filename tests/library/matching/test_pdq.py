"""Our PDQ gives the reference's bits: of every size and turn, in one piece or in many."""

from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

import numba
import numpy as np
import pdqhash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dutybound.matching import pdq, waves
from dutybound.matching.machine_code import compiled
from dutybound.matching.pdq import LEAST_QUALITY, Hashed, Sketch, Turn, _shares_of, hash_pixels
from tests.library.matching.photos import bits_apart, photo

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]
SIDES = st.one_of(st.integers(5, 70), st.integers(120, 140), st.integers(250, 400))


def reference(pixels: Pixels) -> Hashed:
    """The reference's hash of the picture turned each way, in the order of ORIENTATIONS."""
    quarters = [np.rot90(pixels, turns) for turns in range(4)]
    flipped = pixels[::-1]
    turned = [*quarters, flipped, pixels[:, ::-1], np.rot90(flipped, 3), np.rot90(flipped)]
    hashed = [pdqhash.compute(np.ascontiguousarray(each)) for each in turned]
    return Hashed(tuple(np.packbits(bits).tobytes() for bits, _ in hashed), int(hashed[0][1]))


def hashed_with_numpy(points: Points, turn: Turn) -> Hashed:
    """The oracle: what is compiled, step by step and in the same order of rounding."""
    turns = [turn.then(back) for back in pdq._BACK]
    upright = [points[2 * each.flipped + each.mirrored].astype(np.float32) for each in turns]
    seen = [way.T if each.transposed else way for way, each in zip(upright, turns, strict=True)]
    hashes = []
    for each in seen:
        half, strengths = np.zeros((16, 64), np.float32), np.zeros((16, 16), np.float32)
        for place in range(64):
            half += np.outer(waves._COSINES[:, place], each[place])
        for place in range(64):
            strengths += np.outer(half[:, place], waves._COSINES[:, place])
        median = np.partition(strengths, 127, axis=None)[127]
        hashes.append(np.packbits((strengths > median).ravel()[::-1]).tobytes())
    differences = [
        np.diff(seen[0], axis=axis) * np.float32(100) / np.float32(255) for axis in (0, 1)
    ]
    steps = sum(int(np.abs(each.astype(np.int32)).sum()) for each in differences)
    return Hashed(tuple(hashes), min(steps // 90, 100))


def hashed_by(module: ModuleType, points: Points, turn: Turn) -> Hashed:
    hashes = np.empty((8, 32), np.uint8)
    quality = module.hash_points(points, pdq._turns_back(turn), hashes)
    return Hashed(tuple(map(bytes, hashes)), int(quality))


def pixels_of(*, width: int, height: int, seed: int = 1) -> Pixels:
    return np.array(photo(seed=seed).resize((width, height)))


@settings(max_examples=25, deadline=None, derandomize=True)
@given(width=SIDES, height=SIDES, seed=st.integers(1, 3))
def test_all_eight_hashes_are_the_references_of_the_picture_really_turned(
    width: int, height: int, seed: int
) -> None:
    pixels = pixels_of(width=width, height=height, seed=seed)

    assert hash_pixels(pixels) == reference(pixels)


@pytest.fixture(scope="module")
def planes() -> list[Points]:
    """Points of photographs and of noise, and some that are plain or so regular that waves tie."""
    random = np.random.default_rng(1)
    sketch = Sketch((300, 300))
    sketch.add(pixels_of(width=300, height=300))
    noise = random.uniform(0, 255, (12, 4, 64, 64))
    stripes = np.tile(np.arange(64) // 4 % 2 * 255.0, (4, 64, 1))
    return [
        sketch._points.reshape(4, 64, 64),
        *noise,
        *(noise[:4] // 16 * 16),
        *(noise[:4] / 1e30),
        stripes,
        np.zeros((4, 64, 64)),
        np.full((4, 64, 64), 76.3),
    ]


@pytest.mark.parametrize("turn", pdq._BACK)
def test_what_is_compiled_rounds_as_numpy_does(planes: list[Points], turn: Turn) -> None:
    for points in planes:
        assert hashed_by(waves, points, turn) == hashed_with_numpy(points, turn)


def test_without_a_compiler_the_hashes_are_the_same(
    planes: list[Points], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dutybound.matching.machine_code.compiled", lambda function: function)
    spec = spec_from_file_location("interpreted", waves.__file__)
    assert spec is not None
    assert spec.loader is not None
    interpreted = module_from_spec(spec)
    spec.loader.exec_module(interpreted)

    assert hashed_by(interpreted, planes[0], Turn()) == hashed_with_numpy(planes[0], Turn())


@pytest.mark.parametrize("size", [(4, 500), (500, 4), (1, 1)])
def test_a_picture_with_a_side_under_five_pixels_has_no_quality(size: tuple[int, int]) -> None:
    pixels = pixels_of(width=size[0], height=size[1])

    assert hash_pixels(pixels) == reference(pixels) == Hashed((bytes(32),) * 8, 0)


@pytest.mark.parametrize("shade", [0, 76, 255])
def test_a_plain_picture_has_no_quality(shade: int) -> None:
    pixels = np.full((300, 200, 3), shade, np.uint8)

    assert hash_pixels(pixels).quality == reference(pixels).quality == 0


def test_grey_counts_as_the_colour_with_three_equal_parts() -> None:
    grey = np.array(photo().convert("L"))

    assert hash_pixels(grey) == reference(np.stack([grey] * 3, axis=2))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    width=SIDES,
    height=SIDES,
    across=st.integers(1, 700),
    down=st.integers(1, 700),
    turn=st.builds(Turn, st.booleans(), st.booleans(), st.booleans()),
)
def test_pieces_and_turns_give_the_hash_of_the_whole_turned(
    width: int, height: int, across: int, down: int, turn: Turn
) -> None:
    pixels = pixels_of(width=width, height=height)
    sketch = Sketch((width, height), turn=turn)

    for top in range(0, height, max(down, height // 8)):
        for left in range(0, width, max(across, width // 8)):
            piece = pixels[top : top + max(down, height // 8), left:][:, : max(across, width // 8)]
            sketch.add(piece, left=left, top=top)

    upright = pixels[:, ::-1] if turn.mirrored else pixels
    upright = upright[::-1] if turn.flipped else upright
    upright = upright.transpose(1, 0, 2) if turn.transposed else upright
    assert sketch.hashed() == reference(np.ascontiguousarray(upright))


@pytest.mark.parametrize("scale", [1, 2, 4, 8])
@pytest.mark.parametrize("side", [67, 300, 1000, 4001])
def test_the_weights_of_every_point_add_up_to_one_within_the_picture(side: int, scale: int) -> None:
    shares = _shares_of(side, scale=scale)

    assert shares.weights.sum(axis=2) == pytest.approx(np.ones((64, 2)), rel=1e-5)
    assert (shares.starts >= 0).all()
    assert (shares.starts + shares.counts <= -(-side // scale)).all()


@pytest.mark.parametrize("scale", [2, 4, 8])
def test_a_picture_made_smaller_has_nearly_the_hash_of_the_full_size(scale: int) -> None:
    full = photo().resize((801, 600))
    small = full.reduce(scale)
    sketch = Sketch(full.size, scale=scale)

    sketch.add(np.array(small))

    apart = bits_apart(sketch.hashed().hashes[0], reference(np.array(full)).hashes[0])
    assert apart <= 8
    assert sketch.hashed().quality >= LEAST_QUALITY


def test_where_nothing_can_be_kept_it_is_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual: Callable[..., object] = numba.njit

    def without_a_place(function: object, *, cache: bool = False, **options: bool) -> object:
        if cache:
            raise RuntimeError("no locator available")
        return usual(function, **options)

    monkeypatch.setattr(numba, "njit", without_a_place)

    @compiled
    def double(number: int) -> int:
        return 2 * number

    assert double(21) == 42
