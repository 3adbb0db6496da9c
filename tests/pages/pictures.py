"""Pictures as cameras, printers and bad connections make them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

SECRET = b"41.8781 N, Mrs. Secret"
"""Stands in everything that is not a color."""
RED = (200, 30, 30)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def noted(orientation: int = 1) -> Image.Exif:
    """What a telephone notes: the place and a comment."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = SECRET.decode()
    exif.get_ifd(0x8825)[1] = SECRET.decode()
    return exif


def red(mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> Image.Image:
    return Image.new("RGB", size, RED).convert(mode)


def two_colored() -> Image.Image:
    """Red on the left, blue on the right."""
    picture = red()
    picture.paste((30, 30, 200), (30, 0, 60, 40))
    return picture


def with_texts() -> PngInfo:
    texts = PngInfo()
    texts.add_text("Comment", SECRET.decode())
    texts.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    texts.add_text("Author", SECRET.decode(), zip=True)
    return texts


def swapped() -> bytes:
    """A color profile by which red and green change places."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    rows = {srgb[at : at + 4]: at for at in range(132, 132 + 12 * int.from_bytes(srgb[128:132], "big"), 12)}
    red_at, green_at = rows[b"rXYZ"], rows[b"gXYZ"]
    made = bytearray(srgb.replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")))
    made[red_at + 4 : red_at + 12], made[green_at + 4 : green_at + 12] = (
        srgb[green_at + 4 : green_at + 12],
        srgb[red_at + 4 : red_at + 12],
    )
    return bytes(made)
