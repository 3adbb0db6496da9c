"""Uploaded files are read for search: once, after the upload, and whatever is in them."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs
from wagtail.models import ReferenceIndex

from portal.due_jobs import run_all
from portal.pages.deeds import read_documents
from portal.pages.deeds.extract_text import MOST_CHARACTERS, MOST_PAGES, MOST_UNPACKED
from portal.pages.models import Audience, Document, DocumentText
from portal.saved.deeds import alert
from portal.saved.models import FoundThing, SavedSearch
from portal.search.entries import indexing
from portal.search.models import Entry
from tests.conftest import sign_in
from tests.pages import papers
from tests.pages.makers import found, make_document
from tests.people import Cast
from tests.search.contract import check_source

NOW = timezone.now()
ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def declaring(entities: str, said: str) -> bytes:
    """A text that is one entity, as no program writes it."""
    part = papers.word_part(f"<w:p><w:t>{said}</w:t></w:p>", declared=f"<!DOCTYPE z [{entities}]>")
    return papers.zipped(word__document=part)


FILES = {
    "a.pdf": papers.pdf("Zebra crossing", "gnu"),
    "before.pdf": b"\x1b%-12345X@PJL JOB\r\n" + papers.pdf("Zebra", "gnu"),
    "broken.pdf": papers.pdf_of(b"BT /F1 12 Tf 72 720 Td (gnu ze-) Tj 0 -14 Td (bra) Tj ET"),
    "soft.docx": papers.docx("ze\u00adbra", "gnu"),
    "soft.txt": "ze\u00ad\r\nbra gnu".encode(),
    "wide.txt": "Zebra gnu".encode("utf-16"),
    "wide.csv": b"\xfe\xff" + "Zebra\tgnu\n".encode("utf-16-be"),
    "few.csv": b"<5 zebras,gnu",
    "A.PDF": papers.pdf("Zebra", "gnu"),
    "opens.pdf": papers.locked_pdf("Zebra and gnu", password=""),
    "aes128.pdf": papers.locked_pdf("Zebra and gnu", password="", algorithm="AES-128"),
    "aes256.pdf": papers.locked_pdf("Zebra and gnu", password="", algorithm="AES-256"),
    "a.docx": papers.docx("Zebra", "gnu &amp; okapi"),
    "tabs.docx": papers.zipped(word__document=papers.word_part("<w:t>zebra</w:t><w:tab/><w:t>gnu</w:t>")),
    "runs.docx": papers.zipped(
        word__document=papers.word_part("<w:p><w:t>ze</w:t><w:t>bra</w:t></w:p><w:p><w:t>gnu</w:t></w:p>")
    ),
    "online.docx": papers.zipped(word__document2=papers.word_part("<w:p><w:t>zebra gnu</w:t></w:p>")),
    "foot.docx": papers.zipped(
        word__document=papers.word_part("<w:t>zebra</w:t>"), word__footer1=papers.word_part("<w:t>gnu</w:t>", "ftr")
    ),
    "a.xlsx": papers.xlsx("Zebra", 12, "gnu"),
    "in_place.xlsx": papers.zipped(
        xl__worksheets__sheet1='<worksheet><c t="inlineStr"><is><t>Zebra</t></is></c><is><t>gnu</t></is></worksheet>'
    ),
    "a.pptx": papers.pptx("Zebra", "gnu"),
    "a.txt": "\ufeffZebra\x00gnu".encode(),
    "a.csv": b"device,fault\nzebra,gnu\n",
}
UNREADABLE = {
    "torn.pdf": papers.pdf("Zebra")[:-200],
    "empty.pdf": b"%PDF-1.7\n",
    "locked.pdf": papers.locked_pdf("Zebra", password="only for the board"),
    "locked256.pdf": papers.locked_pdf("Zebra", password="only for the board", algorithm="AES-256"),
    "torn.docx": papers.docx("Zebra")[:200],
    "wrong.docx": papers.zipped(word__document="<w:p>zebra"),
    "bzip2.docx": papers.packed(zipfile.ZIP_BZIP2, {"word__document": papers.word_part("<w:t>zebra</w:t>")}),
    "lzma.docx": papers.packed(zipfile.ZIP_LZMA, {"word__document": papers.word_part("<w:t>zebra</w:t>")}),
    "entity.docx": declaring('<!ENTITY a "zebra">', "&a;"),
    "entities.docx": declaring(f'<!ENTITY a "zebra">{ENTITIES}', "&i;"),
    "outside.docx": declaring('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
}


def upload(client: Client, name: str, content: bytes, title: str = "Plan") -> Document:
    data = {"title": title, "collection": 1, "audience": "members", "tags": ""}
    answer = client.post(reverse("wagtaildocs:add"), data | {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content
    document: Document = Document.objects.latest("pk")
    return document


@pytest.mark.parametrize("name", FILES)
def test_the_words_of_a_file_are_found(cast: Cast, name: str) -> None:
    make_document(Audience.PUBLIC, name, FILES[name])
    for word in ("zebra", "gnu"):
        assert found(word, cast.visitor) == 1, word


def test_an_upload_is_found_at_once_by_its_title_and_soon_by_its_words(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    sign_in(client, cast.officer)
    with django_capture_on_commit_callbacks(execute=True):
        upload(client, "rfp_2027.pdf", papers.pdf("Zebra crossing"), "Wireless for nine districts")
        for text in ("nine districts", "rfp"):
            assert found(text, cast.member) == 1, text
        assert not found("zebra", cast.member)
    assert found("zebra", cast.member) == 1


def test_what_the_worker_was_never_asked_to_read_is_read_with_the_due_jobs(cast: Cast) -> None:
    document = make_document(Audience.PUBLIC, "a.pdf", papers.pdf("Zebra"), is_read=False)
    assert not found("zebra", cast.visitor)
    assert run_all(timezone.now())["read-documents"] == 1
    assert run_all(timezone.now())["read-documents"] == 0
    assert found("zebra", cast.visitor) == 1
    DocumentText.objects.all().delete()
    assert not found("zebra", cast.visitor)
    run_all(timezone.now())
    assert found("zebra", cast.visitor) == 1
    assert DocumentText.objects.get().sha256 == document.sha256


def test_the_words_of_a_replaced_file_are_forgotten_at_once(cast: Cast) -> None:
    document = make_document(Audience.PUBLIC, "a.pdf", papers.pdf("Zebra"))
    document.file = ContentFile(papers.docx("Okapi"), name="b.docx")
    document.save()
    assert not found("zebra", cast.visitor)
    check_source("document")
    read_documents.read(timezone.now())
    assert (found("zebra", cast.visitor), found("okapi", cast.visitor)) == (0, 1)
    check_source("document")


def test_a_file_replaced_while_it_is_read_is_read_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(Audience.PUBLIC, "a.txt", b"Zebra", is_read=False)
    words_of = read_documents.words_of

    def replaced_meanwhile(file: Any) -> tuple[str, str]:
        if "a.txt" in file.name or file.name.startswith("documents/a"):
            document.file = ContentFile(b"Okapi", name="b.txt")
            document.save()
        return words_of(file)

    monkeypatch.setattr(read_documents, "words_of", replaced_meanwhile)
    read_documents.read(timezone.now())
    assert not found("zebra", cast.visitor)
    read_documents.read(timezone.now())
    assert (found("zebra", cast.visitor), found("okapi", cast.visitor)) == (0, 1)


def test_who_knows_the_file_from_before_takes_no_newer_words_away(cast: Cast) -> None:
    document = make_document(Audience.PUBLIC, "a.txt", b"Zebra", is_read=False)
    known_before = Document.objects.get(pk=document.pk)
    document.file = ContentFile(b"Okapi", name="b.txt")
    document.save()
    read_documents.read(NOW)
    assert read_documents._take(known_before, NOW) is None
    assert found("okapi", cast.visitor) == 1


def test_a_document_deleted_while_it_is_read_leaves_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    document = make_document(Audience.PUBLIC, "a.txt", b"Zebra", is_read=False)

    def deleted_meanwhile(file: Any) -> tuple[str, str]:
        Document.objects.get(pk=document.pk).delete()
        return "Zebra", ""

    monkeypatch.setattr(read_documents, "words_of", deleted_meanwhile)
    read_documents.read(timezone.now())
    assert not DocumentText.objects.exists()
    assert not Entry.objects.filter(kind="document").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_letters_with_accents_are_kept_as_excel_writes_them(cast: Cast, encoding: str) -> None:
    make_document(Audience.PUBLIC, "a.csv", "district,lead\nGeneva,Zoë Peña, “lead”\n".encode(encoding))
    assert DocumentText.objects.get().text.endswith("Zoë Peña, “lead”")
    assert found("zoë", cast.visitor) == 1


def test_a_long_text_that_is_cut_within_a_letter_keeps_its_encoding(db: None) -> None:
    make_document(Audience.PUBLIC, "a.txt", b"a" + "ñ\U0001f993".encode() * 200_000)
    text = DocumentText.objects.get().text
    assert set(text) == set("añ\U0001f993")


def test_what_a_tracked_change_deleted_is_not_found(cast: Cast) -> None:
    part = papers.word_part("<w:p><w:del><w:r><w:delText>zebra</w:delText></w:r></w:del><w:t>gnu</w:t></w:p>")
    make_document(Audience.PUBLIC, "a.docx", papers.zipped(word__document=part))
    assert (found("zebra", cast.visitor), found("gnu", cast.visitor)) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_document_deleted_before_it_is_read_is_passed_over() -> None:
    """Only where rows are committed does the database look whether the document is there."""
    document = make_document(is_read=False)
    assert DocumentText.objects.get().text == "Minutes", "read after the commit"
    Document.objects.all().delete()
    assert read_documents._take(document, timezone.now()) is None
    assert not DocumentText.objects.exists()


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_found_by_its_title_and_logged_once(cast: Cast, name: str) -> None:
    with capture_logs() as lines:
        document = make_document(Audience.PUBLIC, name, UNREADABLE[name])
        read_documents.read(timezone.now() + timedelta(days=2))
    (line,) = [line for line in lines if line["event"] == "document_not_read"]
    assert line["document"] == document.pk
    assert line["reason"].isidentifier(), "the name of the error, and nothing of the file"
    assert DocumentText.objects.get().text == ""
    assert (found(name.split(".")[0], cast.visitor), found("zebra", cast.visitor)) == (1, 0)


def test_a_file_that_unpacks_to_more_and_more_is_read_as_far_as_the_bound(cast: Cast) -> None:
    nothing = f'<w:r w:rsidR="{"0" * 1000}"/>' * (MOST_UNPACKED // 1000)
    bomb = papers.zipped(word__document=papers.word_part(f"<w:t>Zebra</w:t>{nothing}<w:t>gnu</w:t>"))
    assert len(bomb) < 300_000
    make_document(Audience.PUBLIC, "bomb.docx", bomb)
    assert (found("zebra", cast.visitor), found("gnu", cast.visitor)) == (1, 0)


def test_of_two_thousand_pages_the_first_five_hundred_are_read(cast: Cast) -> None:
    pages = [f"page{number}" for number in range(2000)]
    make_document(Audience.PUBLIC, "law.pdf", papers.pdf(*pages))
    kept = DocumentText.objects.get().text.split()
    assert kept == pages[:MOST_PAGES]


def test_a_long_text_is_read_as_far_as_search_keeps_it(db: None) -> None:
    make_document(Audience.PUBLIC, "long.pdf", papers.pdf(*["zebra " * 5000] * 20))
    make_document(Audience.PUBLIC, "long.txt", b"zebra " * 1_000_000)
    for words in DocumentText.objects.all():
        assert 190_000 < len(words.text) <= MOST_CHARACTERS == indexing.LONGEST_BODY


def test_a_page_that_cannot_be_read_keeps_no_other_from_it(cast: Cast) -> None:
    inflated = b"BT (x) Tj ET" + b" " * 80_000_000
    text = b"BT /F1 12 Tf (%s) Tj ET"
    make_document(Audience.PUBLIC, "a.pdf", papers.pdf_of(text % b"Zebra", inflated, text % b"gnu"))
    assert (found("zebra", cast.visitor), found("gnu", cast.visitor)) == (1, 1)


def test_the_words_of_a_file_are_found_by_those_who_may_see_it(cast: Cast) -> None:
    document = make_document(Audience.OFFICERS, "a.pdf", papers.pdf("Zebra"))
    assert [found("zebra", user) for user in (cast.visitor, cast.member, cast.host, cast.officer)] == [0, 0, 0, 1]
    document.audience = Audience.MEMBERS
    document.save()
    assert [found("zebra", user) for user in (cast.visitor, cast.stranger, cast.member)] == [0, 0, 1]


def test_a_saved_search_is_told_once_of_words_that_were_read_after_it_looked(cast: Cast) -> None:
    for word in ("zebra", "rfp"):
        SavedSearch.objects.create(person=cast.member, name=word, address=f"q={word}", often="now", created_at=NOW)
    make_document(Audience.MEMBERS, "rfp.pdf", papers.pdf("Zebra"), is_read=False)
    assert alert.run(timezone.now()) == 1
    read_documents.read(timezone.now())
    assert alert.run(timezone.now()) == 1
    assert FoundThing.objects.count() == 2
    assert alert.run(timezone.now() + timedelta(hours=1)) == 0


@pytest.mark.parametrize(("minutes", "told"), [(24 * 60 - 5, 1), (24 * 60 + 1, 0)])
def test_the_words_of_a_document_older_than_a_day_are_no_news(cast: Cast, minutes: int, told: int) -> None:
    document = make_document(Audience.MEMBERS, "rfp.pdf", papers.pdf("Zebra"), is_read=False)
    Document.objects.filter(pk=document.pk).update(created_at=timezone.now() - timedelta(minutes=minutes))
    alert.run(timezone.now())
    SavedSearch.objects.create(person=cast.member, name="Zebras", address="q=zebra", often="now", created_at=NOW)
    read_documents.read(timezone.now())
    assert alert.run(timezone.now()) == told


def test_the_words_are_no_place_where_a_document_is_used(db: None) -> None:
    assert not ReferenceIndex.model_is_indexable(DocumentText)
