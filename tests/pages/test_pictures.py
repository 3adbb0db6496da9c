"""Pictures: bounded before they are read, kept without what a camera adds, and never the reason that a page fails."""

from __future__ import annotations

import errno
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import UploadedFile

from portal.pages.deeds import make_renditions
from portal.pages.deeds.forget_uploads import forget_uploads
from portal.pages.deeds.make_renditions import make, make_due, make_if_waiting
from portal.pages.deeds.rewrite_pictures import rewrite_pictures
from portal.pages.models import Audience, Document, Image, Rendition, StandardPage
from portal.pages.models.media import SHOWN_SIZE
from portal.pictures import MOST_PIXELS, MOST_SIDE, plain
from tests.conftest import sign_in
from tests.costs import processor_seconds
from tests.pages.makers import make_document, make_image, make_page, png, shown_of
from tests.pages.pictures import RED, SECRET, encoded, noted, red, swapped, two_colored, with_texts
from tests.people import Cast

NOTED = {
    "exif.jpg": encoded(red(), "JPEG", exif=noted(), comment=SECRET),
    "xmp.jpg": encoded(red(), "JPEG", xmp=SECRET),
    "behind.jpg": encoded(red(), "JPEG") + SECRET,
    "second.jpg": encoded(red(), "MPO", save_all=True, append_images=[red()], exif=noted()),
    "texts.png": encoded(red(), "PNG", pnginfo=with_texts(), exif=noted()),
    "comment.gif": encoded(red("P"), "GIF", comment=SECRET),
    "exif.webp": encoded(red(), "WEBP", exif=noted(), xmp=SECRET),
    "exif.avif": encoded(red(), "AVIF", exif=noted(), xmp=SECRET),
}
COLORED = {
    "rgb.jpg": (encoded(red(), "JPEG"), RED),
    "gray.jpg": (encoded(red("L"), "JPEG"), (81, 81, 81)),
    "print.jpg": (encoded(red("CMYK"), "JPEG"), RED),
    "profile.jpg": (encoded(red(), "JPEG", icc_profile=swapped()), (30, 200, 30)),
    "no-profile.jpg": (encoded(red(), "JPEG", icc_profile=b"no profile"), RED),
    "palette.png": (encoded(red().quantize(4), "PNG"), RED),
    "clear-palette.png": (encoded(red().quantize(4), "PNG", transparency=3), RED),
    "gray16.png": (encoded(Picture.new("I;16", (60, 40), 40_000), "PNG"), (156, 156, 156)),
    "gray-clear.png": (encoded(Picture.new("LA", (60, 40), (100, 255)), "PNG"), (100, 100, 100)),
    "black-white.png": (encoded(Picture.new("1", (60, 40), 1), "PNG"), (255, 255, 255)),
    "moving.gif": (encoded(red().quantize(4), "GIF", save_all=True, append_images=[red("L").quantize(4)]), RED),
    "moving.webp": (encoded(red(), "WEBP", save_all=True, append_images=[red("L")]), RED),
    "moving.png": (encoded(red(), "PNG", save_all=True, append_images=[red("L").convert("RGB")]), RED),
    "new.avif": (encoded(red(), "AVIF"), RED),
}


@pytest.fixture(autouse=True)
def empty_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    return


def stored(tmp_path: Path) -> set[str]:
    return {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}


def as_picture(name: str, content: bytes) -> Picture.Image:
    return Picture.open(plain(ContentFile(content, name=name)))


def page_with(image: Image) -> StandardPage:
    body = [("image", {"image": image, "alt": "Students at the bench", "caption": ""})]
    return make_page("Repairs", body=body)


def color_at(picture: Picture.Image, x: int, y: int) -> tuple[int, ...]:
    found = picture.convert("RGBA").getpixel((x, y))
    assert isinstance(found, tuple)
    return found


def upload(client: Client, name: str, content: bytes, **fields: Any) -> Any:
    data = {"title": "Bench", "collection": 1, "audience": "public", "tags": "", **fields}
    return client.post(reverse("wagtailimages:add"), data | {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", NOTED)
def test_what_a_camera_noted_is_in_no_file_that_is_kept(db: None, tmp_path: Path, name: str) -> None:
    assert SECRET[:6] in NOTED[name] or name == "texts.png"
    make_image(Audience.PUBLIC, name=name, content=NOTED[name]).get_rendition("max-165x165")
    if not name.endswith((".gif", ".avif")):
        make_document(Audience.PUBLIC, name, NOTED[name])
    assert len(stored(tmp_path)) >= 3
    for path in stored(tmp_path):
        content = (tmp_path / path).read_bytes()
        assert not [word for word in (SECRET[:6], b"Secret", b"Exif", b"exif") if word in content], path
        kept = Picture.open(io.BytesIO(content))
        assert not kept.getexif()
        assert not {"comment", "xmp", "Comment", "Author", "exif"} & kept.info.keys()


@pytest.mark.parametrize("name", COLORED)
def test_every_kind_of_picture_is_shown_in_its_colors(cast: Cast, client: Client, name: str) -> None:
    content, color = COLORED[name]
    assert upload(sign_in(client, cast.officer), name, content).status_code == 302
    image = Image.objects.get()
    make(image)
    for file in (image.file, shown_of(image).file):
        shown = color_at(Picture.open(file.open()), 20, 20)[:3]
        assert max(abs(one - other) for one, other in zip(shown, color, strict=True)) <= 6, (name, shown)


def test_what_is_clear_stays_clear(db: None) -> None:
    image = make_image(content=encoded(Picture.new("LA", (60, 40), (100, 0)), "PNG"))
    assert color_at(Picture.open(shown_of(image).file.open()), 5, 5)[3] == 0


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_was_taken_sideways_stands_upright(kind: str) -> None:
    """Orientation 6: the camera was turned, so what is left in the file is at the top."""
    upright = as_picture(f"a.{kind.lower()}", encoded(two_colored(), kind, exif=noted(orientation=6)))
    assert upright.size == (40, 60)
    assert color_at(upright, 20, 5)[0] > 150
    assert color_at(upright, 20, 55)[2] > 150


def test_a_note_that_nobody_can_read_keeps_no_picture_away() -> None:
    assert as_picture("a.jpg", encoded(red(), "JPEG", exif=b"Exif\0\0II*\0garbage")).size == (60, 40)


@pytest.mark.parametrize(("side", "is_taken"), [(MOST_SIDE, True), (MOST_SIDE + 1, False)])
def test_a_side_has_so_many_pixels_and_no_more(side: int, is_taken: bool) -> None:
    content = encoded(Picture.new("1", (20, side)), "PNG")
    if is_taken:
        assert as_picture("a.png", content).size == (20, side)
    else:
        with pytest.raises(ValidationError, match="A side may have 16,000"):
            plain(ContentFile(content, name="a.png"))


@pytest.mark.parametrize(("high", "is_taken"), [(5000, True), (5001, False)])
def test_a_picture_has_so_many_pixels_and_no_more(high: int, is_taken: bool) -> None:
    content = encoded(Picture.new("1", (MOST_PIXELS // 5000, high)), "PNG")
    if is_taken:
        kept = as_picture("a.png", content)
        assert 12_000_000 <= kept.width * kept.height <= 12_500_000
    else:
        with pytest.raises(ValidationError, match="50 million"):
            plain(ContentFile(content, name="a.png"))


def test_a_bomb_is_refused_by_its_header() -> None:
    content = encoded(Picture.new("1", (15_000, 15_000)), "PNG")

    def refused() -> None:
        with pytest.raises(ValidationError, match="50 million"):
            plain(ContentFile(content, name="a.png"))

    assert processor_seconds(refused) < 0.1


DAMAGED = {
    f"half.{kind.lower()}": encoded(Picture.effect_noise((300, 200), 50).convert("RGB"), kind)[:4000]
    for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
}
REFUSED = DAMAGED | {
    "rest.jpg": b"\xff\xd8\xff\xe0rest",
    "tall.png": encoded(Picture.new("L", (1200, 18_000)), "PNG"),
    "text.png": b"no picture",
    "other.jpg": png(),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_picture_leaves_nothing_behind(cast: Cast, client: Client, tmp_path: Path, name: str) -> None:
    """By each way in: one, several, as a document, in place of another, and past every form."""
    sign_in(client, cast.officer)
    sent = {"collection": 1, "title": "x", "audience": "public", "tags": ""}
    assert upload(client, name, REFUSED[name]).context["form"].has_error("file")
    if not name.endswith((".gif", ".avif")):
        data = sent | {"file": SimpleUploadedFile(name, REFUSED[name])}
        assert client.post(reverse("wagtaildocs:add"), data).context["form"].has_error("file")
    for route in ("wagtaildocs:add_multiple", "wagtailimages:add_multiple"):
        data = sent | {"files[]": SimpleUploadedFile(name, REFUSED[name])}
        said = client.post(reverse(route), data, headers={"X-Requested-With": "XMLHttpRequest"}).json()
        assert not said["success"]
    with pytest.raises((ValidationError, OSError)):  # Wagtail measures it at once
        make_image(name=name, content=REFUSED[name])
    assert not Image.objects.exists()
    assert not Document.objects.exists()
    assert stored(tmp_path) == set()


def test_a_row_that_cannot_be_written_takes_its_file_along(db: None, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Cannot force an update"), transaction.atomic():
        Image(title="x", file=ContentFile(png(), name="a.png")).save(force_update=True)
    assert stored(tmp_path) == set()


def test_a_picture_whose_title_was_refused_at_first_is_kept_without_its_notes(
    cast: Cast, client: Client, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sign_in(client, cast.officer)
    data = {"title": "x" * 300, "collection": 1, "files[]": SimpleUploadedFile("a.jpg", NOTED["exif.jpg"])}
    said = client.post(
        reverse("wagtailimages:add_multiple"), data, headers={"X-Requested-With": "XMLHttpRequest"}
    ).json()
    number = said["uploaded_file_id"]
    fields = {"title": "Bench", "collection": 1, "audience": "public", "tags": ""}
    sent = {f"uploaded-image-{number}-{name}": value for name, value in fields.items()}
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number]),
            sent,
            headers={"X-Requested-With": "XMLHttpRequest"},
        )
    assert done.json()["success"]
    originals = {path for path in stored(tmp_path) if path.startswith("original_images/")}
    assert originals == {Image.objects.get().file.name}
    assert SECRET[:6] not in Image.objects.get().file.open().read()


def test_an_upload_that_nobody_finished_is_forgotten_after_a_day(db: None, tmp_path: Path) -> None:
    UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(Image), file=ContentFile(png(), name="a.png")
    )
    now = timezone.now()
    assert forget_uploads(now + timedelta(hours=23, minutes=59)) == 0
    assert forget_uploads(now + timedelta(hours=24, minutes=1)) == 1
    assert stored(tmp_path) == set()


def test_a_page_shows_an_image_as_soon_as_it_is_made_and_its_words_before(client: Client, db: None) -> None:
    image = make_image(Audience.PUBLIC, is_made=False)
    page = page_with(image)
    before = client.get(page.url)
    assert before.status_code == 200
    assert "Students at the bench" in before.text
    assert "<img" not in before.text.partition("<main")[2]
    assert not Rendition.objects.exists()  # reading a page writes nothing
    make(image)
    assert shown_of(image).url in client.get(page.url).text


def test_an_image_that_cannot_be_read_fails_neither_page_nor_admin(cast: Cast, client: Client, settings: Any) -> None:
    """Stored by a release that took everything."""
    image = make_image(Audience.PUBLIC, is_made=False)
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, ContentFile(DAMAGED["half.png"]))
    page = page_with(image)
    assert not make(image)
    assert client.get(page.url).status_code == 200
    sign_in(client, cast.officer)
    for address in (reverse("wagtailimages:index"), reverse("wagtailimages:edit", args=[image.pk])):
        assert client.get(address).status_code == 200


def as_stored(image: Image, content: bytes) -> None:
    """By a release that took everything."""
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, ContentFile(content))


def away_disk(*args: object) -> Any:
    raise OSError(errno.ESTALE, "Stale file handle")


@pytest.mark.parametrize("content", [DAMAGED["half.png"], encoded(Picture.new("1", (16_000, 12_000)), "PNG"), None])
def test_an_image_that_cannot_be_read_is_given_up_until_its_file_is_another(db: None, content: bytes | None) -> None:
    image = make_image(is_made=False)
    if content:
        as_stored(image, content)
    else:
        image.file.storage.delete(image.file.name)
    assert make_if_waiting(timezone.now()) == 1
    assert make_if_waiting(timezone.now()) == 0
    assert image.shown is None
    image.file = ContentFile(png(50, 50), name="new.png")
    image.save()
    assert make_due(timezone.now()) == 1
    assert shown_of(image).sha256 == image.sha256


def test_a_replaced_image_that_cannot_be_read_goes_on_showing_the_one_before(db: None) -> None:
    image = make_image()
    before = shown_of(image)
    image.file = ContentFile(png(50, 50), name="new.png")
    image.save()
    as_stored(image, DAMAGED["half.png"])
    assert [make_due(timezone.now()), make_due(timezone.now())] == [0, 0]
    assert shown_of(image).url == before.url
    assert not Image.objects.unmade().exists()


def test_an_image_is_tried_again_where_its_disk_is_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    image = make_image(is_made=False)
    with monkeypatch.context() as away:
        away.setattr(FileSystemStorage, "_open", away_disk)
        assert make_due(timezone.now()) == 0
    assert make_due(timezone.now()) == 1
    assert shown_of(image).sha256 == image.sha256


def test_an_image_that_another_made_meanwhile_holds_up_none(db: None, tmp_path: Path) -> None:
    images = [make_image(is_made=False), make_image(is_made=False)]
    others = {images[0].pk: "other.webp"}

    def quicker(instance: Rendition, **kwargs: Any) -> None:
        if name := others.pop(instance.image_id, ""):
            same = {"image": instance.image, "filter_spec": SHOWN_SIZE, "sha256": instance.sha256}
            Rendition.objects.bulk_create([Rendition(file=name, width=1, height=1, **same)])

    pre_save.connect(quicker, sender=Rendition)
    try:
        assert make_due(timezone.now()) == 1
    finally:
        pre_save.disconnect(quicker, sender=Rendition)
    assert shown_of(images[1])
    assert len(stored(tmp_path)) == 3, "nothing is left of what came too late"


def test_a_replaced_image_is_shown_as_before_until_the_new_one_is_made(
    cast: Cast,
    client: Client,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    image = make_image(Audience.PUBLIC)
    page, first, original = page_with(image), shown_of(image), image.file.name
    image.get_rendition("max-165x165")
    sign_in(client, cast.officer)
    data = {"title": "Bench", "collection": 1, "audience": "public", "tags": ""}
    with django_capture_on_commit_callbacks() as later:
        new = SimpleUploadedFile("new.png", png(1600, 1200))
        client.post(reverse("wagtailimages:edit", args=[image.pk]), data | {"file": new})
    assert first.url in client.get(page.url).text
    for call in later:
        call()
    image = Image.objects.get()
    assert image.file.name != original
    assert shown_of(image).pk == first.pk
    assert (shown_of(image).width, shown_of(image).url) != (first.width, first.url)
    assert shown_of(image).url in client.get(page.url).text
    assert stored(tmp_path) == {image.file.name, shown_of(image).file.name}


@pytest.mark.parametrize(("width", "is_at_once"), [(2000, True), (2001, False)])
def test_a_large_image_is_left_to_the_worker(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    width: int,
    is_at_once: bool,
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(make_renditions, "make_due", lambda now: asked.append(width))
    with django_capture_on_commit_callbacks(execute=True):
        image = make_image(content=png(width, 2000), is_made=False)
    assert (image.shown is not None, asked) == ((True, []) if is_at_once else (False, [width]))


def test_what_the_worker_missed_is_made_by_the_clock_once(db: None) -> None:
    image = make_image(is_made=False)
    assert make_due(timezone.now()) == 1
    assert make_due(timezone.now()) == 0
    assert shown_of(image).filter_spec == SHOWN_SIZE


def test_a_picture_of_a_telephone_is_taken_in_seconds() -> None:
    """48 megapixels; it took 20 seconds."""
    content = encoded(Picture.effect_noise((1008, 756), 40).convert("RGB").resize((8064, 6048)), "JPEG")
    assert processor_seconds(lambda: as_picture("a.jpg", content), runs=2) < 3
    assert as_picture("a.jpg", content).size == (4032, 3024)


def test_pictures_of_an_earlier_release_are_written_anew_once(
    db: None, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    image, document = (
        make_image(name="a.jpg", content=NOTED["exif.jpg"]),
        make_document(name="b.jpg", content=NOTED["exif.jpg"]),
    )
    broken, text = make_image(), make_document()
    for item, content in ((image, NOTED["exif.jpg"]), (document, NOTED["xmp.jpg"]), (broken, b"no picture")):
        item.file.storage.delete(item.file.name)
        item.file.storage.save(item.file.name, ContentFile(content))
    image.get_rendition("max-165x165")
    with django_capture_on_commit_callbacks(execute=True):
        assert rewrite_pictures(timezone.now()) == 2
    assert not [path for path in stored(tmp_path) if SECRET[:6] in (tmp_path / path).read_bytes()]
    image.refresh_from_db()
    assert shown_of(image).sha256 == image.sha256  # what pages show was made of the new file
    assert Document.objects.get(pk=text.pk).sha256 == text.sha256
    before = stored(tmp_path)
    make_image(name="c.jpg", content=NOTED["exif.jpg"], is_made=False)
    assert rewrite_pictures(timezone.now()) == 0
    assert before < stored(tmp_path)


def test_a_picture_written_anew_and_undone_has_its_old_file(db: None, tmp_path: Path) -> None:
    make_image(name="a.jpg", content=NOTED["exif.jpg"])
    image = Image.objects.get()
    image.sha256 = ""
    with transaction.atomic():
        image.save()
        transaction.set_rollback(True)
    assert Image.objects.get().file.name in stored(tmp_path)
