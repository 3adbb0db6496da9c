"""What may be uploaded: the extension, the first bytes and the size have to agree."""

from __future__ import annotations

import re
import stat
import zipfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import pictures

MAX_BYTES = 25 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_MEMBERS = 1000
MAX_RATIO = 100

PDF = b"%PDF-"
PDF_WITHIN = 1024
_PAGE = re.compile(
    rb"<(?:!--|\?xml|!doctype html|(?:html|head|body|title|script|style|iframe|svg|object|embed|meta|link|base|form|img"
    rb"|h1|div|font|table|a|b|br|p)[\s/>])",
    re.IGNORECASE,
)
"""What a browser that guesses would take for a page, and what may hold a program beside it."""
KINDS = {
    b"\x89PNG": _lazy("a PNG picture"),
    b"\xff\xd8\xff": _lazy("a JPEG picture"),
    b"GIF8": _lazy("a GIF picture"),
    b"RIFF": _lazy("a WebP picture, or sound"),
    b"PK\x03\x04": _lazy("a ZIP archive or an Office file"),
    b"\xd0\xcf\x11\xe0": _lazy("an Office file of before 2007"),
    b"{\\rtf": _lazy("rich text (RTF)"),
    PDF: _lazy("a PDF"),
    b"MZ\x90": _lazy("a program for Windows"),
    b"\x7fELF": _lazy("a program for Linux"),
    b"\x1f\x8b": _lazy("a packed file"),
}
"""What files begin with, for saying what was found."""

Check = Callable[[IO[bytes], bytes], bool]


def _starts(*heads: bytes) -> Check:
    return lambda file, head: head.startswith(heads)


def _is_webp(file: IO[bytes], head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def _is_avif(file: IO[bytes], head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in {b"avif", b"avis"}


def _is_text(file: IO[bytes], head: bytes) -> bool:
    """Words a person can read, in UTF-16 where they are marked so, and nothing that a browser could take for a page."""
    if head.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
        try:
            head = getincrementaldecoder("utf-16")().decode(head).encode()
        except ValueError:
            return False
    return b"\0" not in head and not _found(head)


def _is_pdf(file: IO[bytes], head: bytes) -> bool:
    """As readers of PDF judge: it may begin within the first 1,024 bytes. Before it stands no other kind of file."""
    before, begins, _rest = head[: PDF_WITHIN + len(PDF)].partition(PDF)
    return bool(begins) and not _found(before)


def _found(head: bytes) -> str:
    """What kind of file this is the beginning of, in words; "" where nothing tells, as in a text."""
    text = head.removeprefix(BOM_UTF8).lstrip()
    if _PAGE.match(text):
        return _("a web page")
    return next(
        (str(words) for begins, words in KINDS.items() if head.startswith(begins) or text.startswith(begins)), ""
    )


def _is_office(folder: str) -> Check:
    def check(file: IO[bytes], head: bytes) -> bool:
        return head.startswith(b"PK\x03\x04") and _unpacks_to(file, folder)

    return check


def _unpacks_to(file: IO[bytes], folder: str) -> bool:
    """Is it a ZIP of bounded size that holds the format's own folder, no link and no archive in it.

    Packed by other ways than DEFLATED, Python unpacks a member in one piece, however large.
    """
    try:
        members = zipfile.ZipFile(file).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):  # the second: of a later version of ZIP
        return False
    names = {member.filename for member in members}
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(folder) for name in names)
        and len(members) <= MAX_MEMBERS
        and unpacked <= min(MAX_UNPACKED_BYTES, MAX_RATIO * max(packed, 1))
        and {member.compress_type for member in members} <= {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        and not any(stat.S_ISLNK(member.external_attr >> 16) for member in members)
        and not any(name.lower().endswith((".zip", ".docm", ".xlsm", ".jar", "vbaproject.bin")) for name in names)
    )


FORMATS: dict[str, Check] = {
    ".avif": _is_avif,
    ".csv": _is_text,
    ".docx": _is_office("word/"),
    ".gif": _starts(b"GIF87a", b"GIF89a"),
    ".jpeg": _starts(b"\xff\xd8\xff"),
    ".jpg": _starts(b"\xff\xd8\xff"),
    ".pdf": _is_pdf,
    ".png": _starts(b"\x89PNG\r\n\x1a\n"),
    ".pptx": _is_office("ppt/"),
    ".txt": _is_text,
    ".webp": _is_webp,
    ".xlsx": _is_office("xl/"),
}
IMAGE_FORMATS = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".webp"})


def taken_in(file: Any, *, images_only: bool = False) -> Any:
    """The file as it is kept, checked: a picture is written anew. `ValidationError`, in words, where it is refused."""
    if isinstance(getattr(file, "file", file), pictures.Plain):
        return file
    check_upload(file, images_only=images_only)
    return pictures.plain(file) if is_picture(file.name) else file


def is_picture(name: str) -> bool:
    return PurePath(name).suffix.lower() in IMAGE_FORMATS


def check_upload(file: Any, *, images_only: bool = False) -> None:
    """Raise `ValidationError`, in words, unless the file is of an allowed kind, is what it says and is not too large.

    Leaves the file at its start.
    """
    extension = PurePath(file.name).suffix.lower()
    allowed = sorted(IMAGE_FORMATS if images_only else FORMATS)
    if extension not in allowed:
        raise ValidationError(
            _("Files of this kind cannot be shared here. Choose one of: %(kinds)s.")
            % {"kinds": ", ".join(kind.lstrip(".") for kind in allowed)}
        )
    if file.size > MAX_BYTES:
        raise ValidationError(
            _("The file is too large. It may have %(limit)s at most.") % {"limit": filesizeformat(MAX_BYTES)}
        )
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    agrees = FORMATS[extension](file, head)
    file.seek(0)
    if not agrees:
        raise ValidationError(_refusal(extension, head))


def _refusal(extension: str, head: bytes) -> str:
    kind = extension.lstrip(".").upper()
    found = _found(head) or (_("data that is not text") if FORMATS[extension] is _is_text else "")
    if not found:
        return _("This is not the %(kind)s file that its name says. Save it again in that format.") % {"kind": kind}
    said = _("This is not the %(kind)s file that its name says: it holds %(found)s. Save it again in that format.")
    return said % {"kind": kind, "found": found}
