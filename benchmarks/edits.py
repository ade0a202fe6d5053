"""What people do to a picture before they post it again, made the same way in every run."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import ceil

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Chance = np.random.Generator
Make = Callable[[Image.Image, Image.Image, Chance], Image.Image]
"""Of a picture, another picture to put it beside, and chance."""

Transpose = Image.Transpose
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit; what it makes is saved as a JPEG of the quality."""

    family: str
    name: str
    make: Make
    quality: int = 90

    def file(self, picture: Image.Image, other: Image.Image, chance: Chance) -> bytes:
        """The edited picture as a file."""
        file = io.BytesIO()
        self.make(picture, other, chance).convert("RGB").save(file, "JPEG", quality=self.quality)
        return file.getvalue()


def edits() -> list[Edit]:
    """All edits, gentle before strong in each family."""
    families = (
        _saved, _sized, _cropped, _turned, _mirrored, _framed, _written_on, _shot, _coloured,
        _grained, _combined, _joined,
    )  # fmt: skip
    return [edit for family in families for edit in family()]


def _plain(change: Callable[[Image.Image], Image.Image]) -> Make:
    return lambda picture, _other, _chance: change(picture)


# The file, its size and its edges


def _saved() -> Iterator[Edit]:
    for quality in (90, 70, 50, 30, 20, 10):
        yield Edit("saved again", f"JPEG, quality {quality}", _plain(Image.Image.copy), quality)


def _sized() -> Iterator[Edit]:
    for percent in (200, 75, 50, 25):
        yield Edit("resized", f"to {percent} %", _plain(partial(_scaled, percent, percent)))
    yield Edit("resized", "to 100 pixels", _plain(lambda p: ImageOps.contain(p, (100, 100))))
    for across, down in ((110, 100), (125, 100), (150, 100), (100, 150), (200, 100)):
        name = f"stretched, {across}:{down}"
        yield Edit("aspect", name, _plain(partial(_scaled, across, down)))


def _scaled(across: int, down: int, picture: Image.Image) -> Image.Image:
    size = (picture.width * across // 100, picture.height * down // 100)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _cropped() -> Iterator[Edit]:
    for percent in (1, 2, 3, 5, 8, 10, 15, 20, 25):
        yield Edit("cropped", f"{percent} % of its width and height", partial(_crop, percent))


def _crop(percent: int, picture: Image.Image, _: Image.Image, chance: Chance) -> Image.Image:
    """Cut from both sides, in parts that chance decides."""
    across, down = (round(side * percent / 100) for side in picture.size)
    left, top = int(chance.integers(0, across + 1)), int(chance.integers(0, down + 1))
    return picture.crop((left, top, left + picture.width - across, top + picture.height - down))


def _turned() -> Iterator[Edit]:
    for degrees in (1, 2, 3, 5, 10, 15, 30, 45):
        yield Edit("rotated", f"{degrees}°, corners black", _plain(partial(_rotated, degrees)))
    for turn, degrees in ((Transpose.ROTATE_270, 90), (Transpose.ROTATE_180, 180),
                          (Transpose.ROTATE_90, 270)):  # fmt: skip
        yield Edit("rotated", f"{degrees}°", _plain(partial(_transposed, turn)))


def _rotated(degrees: int, picture: Image.Image) -> Image.Image:
    return picture.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)


def _transposed(turn: Transpose, picture: Image.Image) -> Image.Image:
    return picture.transpose(turn)


def _mirrored() -> Iterator[Edit]:
    turns = {
        "left to right": Transpose.FLIP_LEFT_RIGHT,
        "top to bottom": Transpose.FLIP_TOP_BOTTOM,
        "left to right, and rotated 90°": Transpose.TRANSPOSE,
        "left to right, and rotated 270°": Transpose.TRANSVERSE,
    }
    for name, turn in turns.items():
        yield Edit("mirrored", name, _plain(partial(_transposed, turn)))


def _framed() -> Iterator[Edit]:
    for percent, colour in ((2, WHITE), (5, WHITE), (10, WHITE), (5, BLACK), (10, BLACK),
                            (10, (200, 30, 60))):  # fmt: skip
        name = {WHITE: "white", BLACK: "black"}.get(colour, "red")
        make = _plain(partial(_bordered, percent, colour))
        yield Edit("border", f"{percent} %, {name}", make)


def _bordered(percent: int, colour: tuple[int, ...], picture: Image.Image) -> Image.Image:
    width = ceil(max(picture.size) * percent / 100)
    return ImageOps.expand(picture, width, fill=colour)


# What is laid over it


def _written_on() -> Iterator[Edit]:
    yield Edit("text", "a line at the foot", _plain(partial(_captioned, ("0.92",))))
    yield Edit("text", "large, head and foot", _plain(partial(_captioned, ("0.1", "0.88"))))
    yield Edit("text", "faint, all over", _plain(_watermarked))
    yield Edit("text", "on a white strip above", _plain(_with_strip))
    for percent in (10, 20, 30, 40):
        yield Edit("emoji", f"one, {percent} % wide", partial(_emojis, 1, percent))
    yield Edit("emoji", "five, 12 % wide", partial(_emojis, 5, 12))


def _font(pixels: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(8, round(pixels)))


def _captioned(places: tuple[str, ...], picture: Image.Image) -> Image.Image:
    made = picture.copy()
    share = 0.05 if len(places) == 1 else 0.12
    for place in places:
        ImageDraw.Draw(made).text(
            (made.width / 2, made.height * float(place)), "when it is monday", WHITE,
            _font(made.width * share), anchor="mm", stroke_width=2, stroke_fill=BLACK,
        )  # fmt: skip
    return made


def _watermarked(picture: Image.Image) -> Image.Image:
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw, step = ImageDraw.Draw(layer), max(40, picture.width // 4)
    for top in range(0, picture.height, step // 2):
        for left in range(-step, picture.width, step):
            draw.text((left + top % step, top), "sample", (255, 255, 255, 90), _font(step / 4))
    return Image.alpha_composite(picture.convert("RGBA"), layer)


def _with_strip(picture: Image.Image) -> Image.Image:
    strip = picture.height // 6
    made = Image.new("RGB", (picture.width, picture.height + strip), WHITE)
    made.paste(picture, (0, strip))
    draw = ImageDraw.Draw(made)
    draw.text((8, strip / 4), "when it is monday again", BLACK, _font(strip * 0.4))
    return made


def _emojis(
    number: int, percent: int, picture: Image.Image, _: Image.Image, chance: Chance
) -> Image.Image:
    made, side = picture.copy(), picture.width * percent // 100
    for _number in range(number):
        left = int(chance.integers(0, made.width - side + 1))
        top = int(chance.integers(0, max(1, made.height - side + 1)))
        made.paste(_smile(side), (left, top), _smile(side).getchannel("A"))
    return made


def _smile(side: int) -> Image.Image:
    large = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    draw = ImageDraw.Draw(large)
    draw.ellipse((4, 4, 396, 396), fill=(255, 205, 60, 255))
    for left in (110, 240):
        draw.ellipse((left, 120, left + 50, 190), fill=(80, 50, 0, 255))
    draw.arc((90, 120, 310, 320), 20, 160, fill=(80, 50, 0, 255), width=24)
    return large.resize((max(1, side), max(1, side)), Image.Resampling.LANCZOS)


# Screenshots


def _shot() -> Iterator[Edit]:
    for percent, colour, name in ((5, BLACK, "black"), (15, BLACK, "black"), (30, BLACK, "black"),
                                  (15, WHITE, "white")):  # fmt: skip
        make = _plain(partial(_barred, percent, colour))
        yield Edit("bars", f"{name}, above and below, {percent} % each", make)
    yield Edit("bars", "black, left and right, 25 % each", _plain(_pillared))
    yield Edit("screenshot", "a phone, black around", _plain(partial(_phone, BLACK)))
    yield Edit("screenshot", "a phone, white around", _plain(partial(_phone, WHITE)))
    yield Edit("screenshot", "a post in an app", _plain(_post))


def _barred(percent: int, colour: tuple[int, ...], picture: Image.Image) -> Image.Image:
    bar = picture.height * percent // 100
    made = Image.new("RGB", (picture.width, picture.height + 2 * bar), colour)
    made.paste(picture, (0, bar))
    return made


def _pillared(picture: Image.Image) -> Image.Image:
    made = Image.new("RGB", (picture.width * 3 // 2, picture.height), BLACK)
    made.paste(picture, (picture.width // 4, 0))
    return made


def _phone(around: tuple[int, ...], picture: Image.Image) -> Image.Image:
    """Full width in the middle of a tall screen, under a clock, a signal and a battery."""
    width, height = 540, 1170
    screen = Image.new("RGB", (width, height), around)
    shown = ImageOps.contain(picture, (width, height - 160))
    screen.paste(shown, ((width - shown.width) // 2, (height - shown.height) // 2))
    ink, draw = tuple(255 - level for level in around), ImageDraw.Draw(screen)
    draw.text((30, 16), "9:41", ink, _font(24))
    for bar in range(4):
        draw.rectangle((410 + 9 * bar, 36 - 5 * bar, 415 + 9 * bar, 40), fill=ink)
    draw.rounded_rectangle((460, 20, 505, 40), 5, outline=ink, width=2)
    draw.rectangle((464, 24, 492, 36), fill=ink)
    draw.rounded_rectangle((190, height - 20, 350, height - 14), 3, fill=ink)
    return screen


def _post(picture: Image.Image) -> Image.Image:
    """In an app: a name above, buttons and lines of text below."""
    screen = _phone(WHITE, Image.new("RGB", (1, 1), WHITE))
    shown, draw = ImageOps.contain(picture, (540, 800)), ImageDraw.Draw(screen)
    screen.paste(shown, ((540 - shown.width) // 2, 170))
    draw.ellipse((20, 100, 75, 155), fill=(90, 120, 200))
    draw.text((90, 112), "bram.walks", BLACK, _font(26))
    below = 170 + shown.height
    for button in range(3):
        draw.ellipse((24 + 60 * button, below + 20, 60 + 60 * button, below + 56), outline=BLACK)
    for line in range(3):
        draw.text((24, below + 75 + 34 * line), "A walk along the ridge today", BLACK, _font(24))
    return screen


# Light, colour, grain


def _coloured() -> Iterator[Edit]:
    yield Edit("colour", "grey", _plain(ImageOps.grayscale))
    yield Edit("colour", "sepia", _plain(_sepia))
    light, contrast, colour = ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color
    for name, enhancer, factor in (
        ("much lighter", light, 1.5), ("much darker", light, 0.5),
        ("less contrast", contrast, 0.5), ("more contrast", contrast, 2.0),
        ("pale", colour, 0.3), ("garish", colour, 2.5),
    ):  # fmt: skip
        yield Edit("colour", name, _plain(partial(_enhanced, enhancer, factor)))
    yield Edit("colour", "levels stretched", _plain(partial(ImageOps.autocontrast, cutoff=2)))
    yield Edit("colour", "four levels", _plain(lambda picture: ImageOps.posterize(picture, 2)))
    yield Edit("colour", "light and dark swapped", _plain(ImageChops.invert))


def _sepia(picture: Image.Image) -> Image.Image:
    grey = ImageOps.grayscale(picture)
    return ImageOps.colorize(grey, (30, 15, 0), (255, 240, 210))


def _enhanced(
    enhancer: Callable[[Image.Image], ImageEnhance._Enhance],
    factor: float,
    picture: Image.Image,
) -> Image.Image:
    return enhancer(picture).enhance(factor)


def _grained() -> Iterator[Edit]:
    for levels in (8, 20, 40):
        yield Edit("noise", f"{levels} levels", partial(_noisy, levels))
    yield Edit("noise", "5 % of pixels lost", _spotted)
    for pixels in (1, 2, 4, 8):
        blur = ImageFilter.GaussianBlur(pixels)
        yield Edit("blur", f"by {pixels} px", _plain(partial(_filtered, blur)))
    sharpen = ImageFilter.UnsharpMask(3, 250, 0)
    yield Edit("blur", "sharpened", _plain(partial(_filtered, sharpen)))


def _noisy(levels: int, picture: Image.Image, _: Image.Image, chance: Chance) -> Image.Image:
    grain = chance.normal(0, levels, (picture.height, picture.width, 3))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def _spotted(picture: Image.Image, _: Image.Image, chance: Chance) -> Image.Image:
    shades = np.array(picture)
    lost = chance.random(shades.shape[:2]) < 0.05
    shades[lost] = chance.choice([0, 255], (int(lost.sum()), 1))
    return Image.fromarray(shades)


def _filtered(kind: ImageFilter.Filter, picture: Image.Image) -> Image.Image:
    return picture.filter(kind)


# Several at once, and several pictures


def _combined() -> Iterator[Edit]:
    yield Edit("together", "mirrored, smaller, a line of text, quality 50", _plain(_mild_mix), 50)
    yield Edit("together", "mirrored, then seen on a phone", _plain(_mirrored_shot))
    yield Edit("together", "cropped 5 %, large text, emoji", _strong_mix)


def _mild_mix(picture: Image.Image) -> Image.Image:
    return _captioned(("0.92",), ImageOps.mirror(_scaled(60, 60, picture)))


def _mirrored_shot(picture: Image.Image) -> Image.Image:
    return _phone(BLACK, ImageOps.mirror(picture))


def _strong_mix(picture: Image.Image, other: Image.Image, chance: Chance) -> Image.Image:
    written = _captioned(("0.1", "0.88"), _crop(5, picture, other, chance))
    return _emojis(1, 20, written, other, chance)


def _joined() -> Iterator[Edit]:
    yield Edit("two in one", "side by side", _beside)
    yield Edit("two in one", "one above the other", _above)
    yield Edit("two in one", "in a corner of another", _inset)


def _beside(picture: Image.Image, other: Image.Image, _: Chance) -> Image.Image:
    fitted = ImageOps.fit(other, picture.size)
    made = Image.new("RGB", (2 * picture.width, picture.height))
    made.paste(picture, (0, 0))
    made.paste(fitted, (picture.width, 0))
    return made


def _above(picture: Image.Image, other: Image.Image, chance: Chance) -> Image.Image:
    lying, other_lying = (each.transpose(Transpose.ROTATE_90) for each in (picture, other))
    return _beside(lying, other_lying, chance).transpose(Transpose.ROTATE_270)


def _inset(picture: Image.Image, other: Image.Image, _: Chance) -> Image.Image:
    made = ImageOps.fit(other, (2 * picture.width, 2 * picture.height))
    made.paste(picture, (0, 0))
    return made
