"""A document is found by its name, its tags and its words, after every way of writing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from taggit.models import Tag

from portal.pages.models import Audience, Document
from portal.search.asking.finding import find
from portal.search.models import Entry
from tests.pages.makers import make_document, make_toolkit
from tests.pages.papers import zipped
from tests.people import Cast
from tests.search.contract import check_source


def retitle_many() -> None:
    rows = list(Document.objects.all())
    for row in rows:
        row.title += " again"
    Document.objects.bulk_update(rows, ["title"])


def replace_file(document: Document) -> None:
    document.file = ContentFile(b"Other words", name="other.txt")
    document.save()


def rename_tag(document: Document) -> None:
    tag = Tag.objects.get(name="repair")
    tag.name = "mending"
    tag.save()


VERBS: dict[str, Callable[[Document], object]] = {
    "another file": replace_file,
    "tag": lambda document: document.tags.add("wifi"),
    "tag anew": lambda document: document.tags.set(["wifi"]),
    "take a tag off": lambda document: document.tags.remove("repair"),
    "take all tags off": lambda document: document.tags.clear(),
    "rename a tag": rename_tag,
    "delete a tag": lambda document: Tag.objects.get(name="repair").delete(),
    "update": lambda document: Document.objects.update(audience=Audience.OFFICERS),
    "update many": lambda document: retitle_many(),
    "delete": lambda document: document.delete(),
    "delete many": lambda document: Document.objects.all().delete(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_entries_never_drift(db: None, verb: str) -> None:
    document = make_document(Audience.PUBLIC, "repair_log.csv", b"device,fault\n12,screen")
    document.tags.add("repair")
    make_document(name="another.txt")
    make_toolkit(tags=("repair",))
    VERBS[verb](document)
    for kind in ("document", "toolkit"):
        check_source(kind)


def test_a_document_is_found_by_title_file_name_tags_and_words(cast: Cast) -> None:
    document = make_document(Audience.MEMBERS, "repair_log.csv", b"device,fault\n12,zebra")
    document.title = "What broke in May"
    document.save()
    document.tags.add("benches")
    for text in ("broke in May", "log", "zebra", "benches"):
        (hit,) = find(text, user=cast.member, kinds=["document"]).hits
        assert (hit.url, hit.fact) == (document.url, "CSV"), text
        assert not find(text, user=cast.visitor, kinds=["document"]).total
    document.audience = Audience.OFFICERS
    document.save()
    assert not find("zebra", user=cast.member).total


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", zipped(word__other="x"), b"<" * 100_000])
@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.txt", "a.pdf", "a"])
def test_a_file_that_cannot_be_read_is_found_by_its_title(cast: Cast, name: str, content: bytes) -> None:
    document = make_document(Audience.PUBLIC, name, content)
    document.title = "Torn zebra"
    document.save()
    assert find("zebra", user=cast.visitor).total == 1
    document.file.storage.delete(document.file.name)
    Document.objects.update(title="Gone gnu")
    assert find("gnu", user=cast.visitor).total == 1


def test_what_is_uploaded_in_the_evening_is_of_that_day(db: None) -> None:
    make_document()
    Document.objects.update(created_at=datetime(2026, 3, 4, 1, 30, tzinfo=UTC))  # 7:30 PM on the third
    assert Entry.objects.get(kind="document").dated == date(2026, 3, 3)
