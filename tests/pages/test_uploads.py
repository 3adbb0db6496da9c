"""What is refused at the door."""

from __future__ import annotations

import io
import re
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from portal.pages.models import Document, Image, uploads
from portal.pages.models.uploads import check_upload
from tests.conftest import sign_in
from tests.pages.makers import png
from tests.people import Cast

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def office(*members: str, size: int = 10, packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for member in members:
            archive.writestr(member, b"0" * size)
    return stream.getvalue()


def later(archive: bytes) -> bytes:
    """The archive, its last member said to need ZIP 25.5 to be read."""
    needed = archive.rindex(b"PK\1\2") + 6
    return archive[:needed] + b"\xff" + archive[needed + 1 :]


DOCX = office("[Content_Types].xml", "word/document.xml")
GOOD = {
    "minutes.txt": b"Minutes",
    "devices.csv": "\ufeffdistrict,devices\n".encode(),
    "plan.pdf": b"%PDF-1.7\n",
    "printed.pdf": b"\x1b%-12345X@PJL JOB\r\n" + b" " * 1000 + b"%PDF-1.7\n",
    "marked.pdf": b"\xef\xbb\xbf\r\n%PDF-1.7\n",
    "wide.txt": "Minutes".encode("utf-16"),
    "wide.csv": b"\xfe\xff" + "district\tdevices\n".encode("utf-16-be"),
    "few.csv": b"<5 students,<10\n1,2\n",
    "none.csv": b"<none>,a\n",
    "arrow.txt": b"<- as we said",
    "zone.csv": b"MZ,BZ\n",
    "plan.docx": DOCX,
    "stored.docx": office("[Content_Types].xml", "word/document.xml", packed=zipfile.ZIP_STORED),
    "plan.xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
    "photo.png": png(),
    "PHOTO.PNG": png(),
    "photo.jpg": b"\xff\xd8\xff\xe0rest",
}
BAD = {
    "drawing.svg": SVG,
    "drawing.png": SVG,
    "drawing.txt": SVG,
    "page.html": HTML,
    "page.csv": HTML,
    "page.pdf": HTML,
    "page.txt": b"\n\t " + HTML,
    "late.pdf": b" " * 1025 + b"%PDF-1.7",
    "polyglot.pdf": HTML + b"%PDF-1.7",
    "archive.pdf": DOCX[:200] + b"%PDF-1.7",
    "installer.pdf": b"MZ\x90\0" + b"%PDF-1.7",
    "photo.pdf": png()[:100] + b"%PDF-1.7",
    "wide.txt": ("\ufeff" + HTML.decode()).encode("utf-16-le"),
    "wide.csv": b"\xff\xfe\0\xd8\0\xd8",
    "comment.csv": b"<!-- --><script>",
    "upper.txt": b"<SCRIPT>alert(1)</SCRIPT>",
    "marked.txt": b"\xef\xbb\xbf<svg/onload=alert(1)>",
    "old.csv": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "program.exe": b"MZ\x90",
    "program.pdf": b"MZ\x90",
    "program.txt": b"MZ\0\0",
    "noextension": b"Minutes",
    "twice.pdf.html": b"%PDF-1.7",
    "plan.docx": office("[Content_Types].xml", "xl/workbook.xml"),
    "macro.docx": office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "nested.docx": office("[Content_Types].xml", "word/document.xml", "word/more.zip"),
    "broken.docx": DOCX[:40],
    "later.docx": later(DOCX),
    "many.docx": office("[Content_Types].xml", "word/document.xml", *[f"word/{n}" for n in range(1001)], size=0),
    "bomb.docx": office("[Content_Types].xml", "word/document.xml", size=5_000_000),
    "bzip2.docx": office("[Content_Types].xml", "word/document.xml", packed=zipfile.ZIP_BZIP2),
    "lzma.docx": office("[Content_Types].xml", "word/document.xml", packed=zipfile.ZIP_LZMA),
    "archive.zip": office("a"),
    "photo.jpg": png(),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_people_share_is_taken(name: str) -> None:
    check_upload(SimpleUploadedFile(name, GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_it_says_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile(name, BAD[name]))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.pdf", DOCX, "PDF file that its name says: it holds a ZIP archive or an Office file."),
        ("plan.docx", b"\xd0\xcf\x11\xe0", "DOCX file that its name says: it holds an Office file of before 2007."),
        ("devices.csv", b"%PDF-1.7", "CSV file that its name says: it holds a PDF."),
        ("page.txt", HTML, "TXT file that its name says: it holds a web page."),
        ("page.txt", b"a\0b", "TXT file that its name says: it holds data that is not text."),
        ("photo.png", b"\xff\xd8\xff", "PNG file that its name says: it holds a JPEG picture."),
        ("photo.png", b"what", "PNG file that its name says. Save"),
    ],
)
def test_a_refusal_says_what_was_found(name: str, content: bytes, words: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(words)):
        check_upload(SimpleUploadedFile(name, content))


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    check_upload(SimpleUploadedFile("long.txt", b"a" * 100))
    with pytest.raises(ValidationError, match="too large"):
        check_upload(SimpleUploadedFile("long.txt", b"a" * 101))


def test_a_document_is_no_picture() -> None:
    with pytest.raises(ValidationError):
        check_upload(SimpleUploadedFile("plan.pdf", b"%PDF-1.7"), images_only=True)


@pytest.mark.parametrize(("name", "content"), [("drawing.svg", SVG), ("drawing.png", SVG), ("page.pdf", HTML)])
def test_the_admin_refuses_them_in_words(cast: Cast, client: Client, name: str, content: bytes) -> None:
    sign_in(client, cast.officer)
    for route, model in (("wagtaildocs:add", Document), ("wagtailimages:add", Image)):
        data = {"title": "x", "collection": 1, "audience": "members", "tags": ""}
        response = client.post(reverse(route), data | {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == 200
        assert response.context["form"].has_error("file")
        assert not model.objects.exists()
    for route in ("wagtaildocs:add_multiple", "wagtailimages:add_multiple"):
        several = client.post(
            reverse(route),
            {"title": "x", "collection": 1, "files[]": SimpleUploadedFile(name, content)},
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
        assert several.status_code == 200, several.content
    assert not Document.objects.exists()
    assert not Image.objects.exists()


def test_the_admin_takes_a_good_file(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    data = {"title": "Plan", "collection": 1, "audience": "public", "tags": ""}
    file = SimpleUploadedFile("plan.pdf", b"%PDF-1.7\n")
    assert client.post(reverse("wagtaildocs:add"), data | {"file": file}).status_code == 302
    picture = SimpleUploadedFile("photo.png", png(), content_type="image/png")
    assert client.post(reverse("wagtailimages:add"), data | {"file": picture, "description": ""}).status_code == 302
    assert len(Document.objects.get().sha256) == len(Image.objects.get().sha256) == 64
