"""Pictures as people bring them, read by their header first, then written anew with their colors and nothing else.

What a camera or a program adds (place, time, names, comments, a second picture behind the first) is not carried over,
so it is in no file that the portal keeps. What comes out is 8-bit, upright, sRGB, and no larger than what we can show.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageCms

from portal.formats import number

MOST_PIXELS = 50_000_000
"""Read at all: what a telephone takes. Of an animation only the first picture is read, and kept."""
KEPT_PIXELS = 12_500_000
"""A larger picture is made smaller: pages show at most 1,200 in a row."""
MOST_SIDE = 16_000
"""WebP, which pages show, ends at 16,383."""
FORMATS = {"AVIF": "WEBP", "GIF": "GIF", "JPEG": "JPEG", "PNG": "PNG", "WEBP": "WEBP"}
"""What is read, and as what it is kept: AVIF takes seconds to write."""
_OPTIONS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "progressive": True},
    "PNG": {"compress_level": 3},
    "WEBP": {"quality": 90},
}
_NEARLY = 0.9
"""Of what we keep: a little smaller is as good, where it is read at once."""
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112
BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)
"""What Pillow raises where a file is not whole."""
NOT_READ = (Image.DecompressionBombError, *BROKEN)


class Plain(ContentFile):  # type: ignore[type-arg]
    """A picture that `plain` has written."""


def plain(file: Any, *, kept_pixels: int = KEPT_PIXELS) -> Plain:
    """The picture, written anew. `ValidationError`, in words, where it is too large or not whole.

    Its name ends by the format that it is kept in.
    """
    file.seek(0)
    with _said(), Image.open(file, formats=[*FORMATS]) as picture:
        _refuse_large(*picture.size)
        kept = FORMATS["JPEG" if picture.format == "MPO" else str(picture.format)]
        turn = _turn(picture)
        share = min(1.0, (kept_pixels / (picture.width * picture.height)) ** 0.5)
        size = (max(1, int(picture.width * share)), max(1, int(picture.height * share)))
        if share < 1:  # a JPEG is read at half its size, or a quarter, at a fraction of the cost
            picture.draft(None, (int(size[0] * _NEARLY), int(size[1] * _NEARLY)))
            size = min(size, picture.size)
        picture.load()
        shown = picture if kept == "GIF" and share == 1 else _colored(picture)
        if shown.size != size:
            shown = shown.resize(size, reducing_gap=2.0)
        if turn is not None:
            shown = shown.transpose(turn)
        return _written(shown, kept, PurePath(file.name).name)


def _written(picture: Image.Image, kept: str, name: str) -> Plain:
    picture.info = {key: value for key, value in picture.info.items() if key == "transparency" and picture.mode == "P"}
    stream = BytesIO()
    picture.save(stream, kept, **_OPTIONS.get(kept, {}))
    if PurePath(name).suffix.lower() == ".avif":
        name = f"{PurePath(name).stem}.webp"
    return Plain(stream.getvalue(), name=name)


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError:
        raise _too_many() from None
    except ValidationError:
        raise
    except BROKEN as error:
        said = _("This picture cannot be read to its end: the file is damaged. Save it again and choose the new one.")
        raise ValidationError(said) from error


def _refuse_large(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_many()
    if max(width, height) > MOST_SIDE:
        said = _("This picture is %(width)s by %(height)s pixels. A side may have 16,000: make it smaller, or cut it.")
        raise ValidationError(said % {"width": number(width), "height": number(height)})


def _too_many() -> ValidationError:
    return ValidationError(_("This picture has more than 50 million pixels. Save it in a smaller size."))


def _turn(picture: Image.Image) -> Image.Transpose | None:
    """How it has to be turned to stand upright; nothing where what a camera noted cannot be read."""
    try:
        return _TURNS.get(picture.getexif().get(_ORIENTATION, 1))
    except BROKEN:
        return None


def _colored(picture: Image.Image) -> Image.Image:
    """The picture in 8-bit sRGB, or in gray, with its transparency."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits of gray: Pillow would cut off what is above 255, so nearly all is white
        picture = picture.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if picture.mode in {"P", "PA", "LA"}:
        picture = picture.convert(mode)
    if profile and (converted := _converted(picture, profile, mode)) is not None:
        return converted
    return picture if picture.mode in {"L", "RGB", "RGBA"} and mode != "RGBA" else picture.convert(mode)


def _converted(picture: Image.Image, profile: bytes, mode: str) -> Image.Image | None:
    """By its color profile; None where that says sRGB, or nothing that can be used."""
    try:
        found = ImageCms.ImageCmsProfile(BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(found):
            return None
        return ImageCms.profileToProfile(picture, found, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, *BROKEN):
        return None
