"""Files: whoever may not see what a file belongs to gets 404, whatever the address."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.districts.models.chapter import Chapter
from portal.pages.models import Audience
from tests.conftest import sign_in
from tests.pages.makers import make_document, make_image, png, shown_of
from tests.pages.pictures import encoded, red, with_texts
from tests.pages.test_audience import SEES
from tests.people import Cast

CLIMBING = [
    "/media/../manage.py",
    "/media/..%2fmanage.py",
    "/media/%2e%2e/%2e%2e/etc/passwd",
    "/media/images/../../manage.py",
    "/media/images/..%2f..%2f..%2fetc%2fpasswd",
    "/media/documents/..\\..\\manage.py",
    "/media/documents/%5c..%5cmanage.py",
    "/media//etc/passwd",
    "/media/%2fetc%2fpasswd",
    "/media/chapter/../documents/minutes.txt",
    "/media/chapter/logo.png%00.txt",
    "/media/images/%00",
    "/media/images/%0d%0aSet-Cookie:a=b",
    "/media/nothing.png",
    "/media/roundtable.sqlite3",
    "/media/images/",
    "/media/documents/nothing.pdf",
    "/documents/1/../../manage.py",
    "/documents/999999/minutes.txt",
]


@pytest.mark.parametrize("who", SEES)
def test_files_are_seen_by_their_audience(cast: Cast, client: Client, who: str) -> None:
    sign_in(client, getattr(cast, who))
    seen = set()
    for audience in Audience:
        image, document = make_image(audience), make_document(audience)
        addresses = [
            shown_of(image).file.url,
            image.get_rendition("width-20").file.url,
            document.file.url,
            document.url,
        ]
        statuses = {client.get(address).status_code for address in addresses}
        assert len(statuses) == 1, statuses
        assert statuses <= {200, 404}
        if statuses == {200}:
            seen.add(audience)
    assert seen == SEES[who]


@pytest.mark.parametrize("who", SEES)
def test_the_file_an_image_was_made_of_is_for_those_who_may_replace_it(cast: Cast, client: Client, who: str) -> None:
    """Its name can be guessed from what pages show."""
    sign_in(client, getattr(cast, who))
    expected = 200 if who == "officer" else 404
    assert {client.get(make_image(audience).file.url).status_code for audience in Audience} == {expected}


def test_a_file_is_sent_so_that_nothing_in_it_runs(cast: Cast, client: Client) -> None:
    document = make_document(Audience.PUBLIC, "notes.txt", b"<script>alert(1)</script>")
    response = client.get(document.url)
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"].startswith("private")
    picture = client.get(shown_of(make_image(Audience.PUBLIC)).file.url)
    assert picture.headers["Content-Type"] == "image/webp"
    assert "attachment" not in picture.headers.get("Content-Disposition", "")
    assert "sandbox" in picture.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", CLIMBING)
def test_no_path_leads_out_of_what_belongs_to_somebody(cast: Cast, client: Client, path: str) -> None:
    assert sign_in(client, cast.officer).get(path).status_code == 404


def test_the_document_needs_its_own_file_name(cast: Cast, client: Client) -> None:
    document = make_document(Audience.PUBLIC)
    assert client.get(f"/documents/{document.pk}/other.txt").status_code == 404


def test_the_logo_is_everybodys_and_nothing_beside_it(client: Client, db: None) -> None:
    chapter = Chapter.objects.create()
    chapter.logo.save("logo.png", ContentFile(png()))
    assert client.get(chapter.logo.url).status_code == 200
    chapter.logo.storage.save("chapter/old.png", ContentFile(png()))
    assert client.get("/media/chapter/old.png").status_code == 404


def test_the_web_server_sends_the_file_where_it_can(client: Client, settings: Any, db: None) -> None:
    settings.MEDIA_ACCEL_PREFIX = "/kept/"
    document = make_document(Audience.PUBLIC)
    response = client.get(document.url)
    assert response.headers["X-Accel-Redirect"] == f"/kept/{document.file.name}"
    assert response.content == b""
    hidden = make_document(Audience.MEMBERS)
    assert client.get(hidden.url).status_code == 404


def test_wagtails_password_page_for_documents_is_gone(client: Client, db: None) -> None:
    assert client.get("/documents/authenticate_with_password/1/").status_code == 404
    assert reverse("wagtaildocs_serve", args=[1, "a.pdf"]) == "/documents/1/a.pdf"


def test_the_file_of_a_row_stays_where_its_first_digest_cannot_be_saved(db: None, tmp_path: Path) -> None:
    """Files of an earlier release have none, and pictures of one are written anew."""
    items: list[Any] = [make_document(), make_image(), make_image()]
    kept = items[2].file
    kept.storage.delete(kept.name)
    kept.storage.save(kept.name, ContentFile(encoded(red(), "PNG", pnginfo=with_texts())))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    for item in [type(item).objects.get(pk=item.pk) for item in items]:
        item.sha256, item.title = "", None
        with pytest.raises(IntegrityError), transaction.atomic():
            item.save()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_file_carries_its_digest_and_a_new_file_a_new_one(db: None) -> None:
    document = make_document(content=b"one")
    assert document.sha256 == hashlib.sha256(b"one").hexdigest()
    document.file.save("two.txt", ContentFile(b"two"), save=False)
    document.sha256 = ""
    document.save()
    assert document.sha256 == hashlib.sha256(b"two").hexdigest()
    image = make_image()
    assert image.sha256 == hashlib.sha256(image.file.open().read()).hexdigest()
    image.file = ContentFile(png(20, 20), name="other.png")
    image.save()
    assert image.sha256 == hashlib.sha256(image.file.open().read()).hexdigest()
