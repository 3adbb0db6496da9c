"""Small real files, as the programs that people use write them."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"


def pdf(*pages: str) -> bytes:
    """A page for each text, set in Helvetica."""
    return pdf_of(*(f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1") for text in pages))


def pdf_of(*contents: bytes) -> bytes:
    """A page for each stream of drawing commands."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        page = f"/Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
        bodies.append(f"<< /Type /Page {page} /Resources << /Font << /F1 3 0 R >> >> >>".encode())
        packed = zlib.compress(content)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>".encode()
        bodies.append(head + b"\nstream\n" + packed + b"\nendstream")
    written = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(f"{len(written):010} 00000 n \n")
        written += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{''.join(places)}"
    end = f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + (table + end).encode()


def locked_pdf(text: str, password: str, algorithm: str = "RC4-128") -> bytes:
    """With password "" everybody may open it, as one that only forbids to print. Today's programs write AES-256."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(text))))
    writer.encrypt(password, "owner's", algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def zipped(**parts: str | bytes) -> bytes:
    """An office file of these parts, named `word__document` for `word/document.xml`."""
    return packed(zipfile.ZIP_DEFLATED, parts)


def packed(way: int, parts: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", way) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{TYPES}"/>')
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return stream.getvalue()


def word_part(body: str, root: str = "document", *, declared: str = "") -> str:
    head = f'<?xml version="1.0" encoding="UTF-8"?>{declared}'
    return f'{head}<w:{root} xmlns:w="{WORD}"><w:body>{body}</w:body></w:{root}>'


def docx(*paragraphs: str) -> bytes:
    said = "".join(f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>' for text in paragraphs)
    return zipped(word__document=word_part(said))


def pptx(*slides: str) -> bytes:
    head = f'<p:sld xmlns:a="{DRAWING}" xmlns:p="{SLIDES}">'
    numbered = enumerate(slides, start=1)
    return zipped(**{f"ppt__slides__slide{n}": f"{head}<a:p><a:t>{text}</a:t></a:p></p:sld>" for n, text in numbered})


def xlsx(*cells: str | int) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(cells))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
