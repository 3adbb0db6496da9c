from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from portal.districts.deeds.describe import describe_chapter
from portal.districts.models import County, District, Invitation, Membership, RegionalOffice, Role, User
from portal.districts.models.chapter import LOGO_BYTES, Chapter, validate_logo_size
from portal.districts.screens.reach import reach
from tests.conftest import sign_in
from tests.people import Cast, join, make_user

DATA = Path(__file__).parent / "data"
ANSWERS = {
    "name": "Ohio Roundtable",
    "state": "Ohio",
    "zone": "America/New_York",
    "officer_email": "First@chapter.example",
    "officer_name": "First officer",
}


def started(**changes: str) -> str:
    out = StringIO()
    call_command("start_chapter", stdout=out, **(ANSWERS | changes))
    return out.getvalue()


@pytest.mark.django_db
def test_a_chapter_starts_and_its_first_officer_comes_in_by_the_link(client: Client) -> None:
    said = started()
    path = next(word for word in said.split() if "/invitations/" in word).replace("http://testserver", "")
    response = client.post(path)
    assert response.headers["Location"] == "/set-up/"
    assert client.get("/set-up/").status_code == 200
    assert client.get("/admin/").status_code == 200
    assert Chapter.objects.get().state == "Ohio"


@pytest.mark.django_db
def test_starting_again_keeps_one_officer_and_one_open_link() -> None:
    started()
    started()
    assert Invitation.objects.waiting().count() == 1
    assert Chapter.objects.count() == 1


@pytest.mark.django_db
def test_an_officer_who_is_in_gets_no_second_link(client: Client) -> None:
    said = started()
    client.post(next(word for word in said.split() if "/invitations/" in word).replace("http://testserver", ""))
    assert "signs in at http://testserver/accounts/login/" in started()
    assert Membership.objects.filter(role=Role.OFFICER).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [({"zone": "Mars/Base"}, "time zone"), ({"officer_email": "nobody"}, "email"), ({"name": ""}, "Missing: --name")],
)
def test_a_wrong_answer_starts_nothing(changes: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        started(**changes)
    assert not Chapter.objects.exists()


@pytest.mark.parametrize("path", ["/set-up/", "/set-up/identity/", "/set-up/directory/", "/reach/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("visitor", 302), ("stranger", 404), ("member", 403), ("host", 403), ("officer", 200)],
)
def test_the_chapters_screens_are_the_officers(cast: Cast, client: Client, path: str, who: str, status: int) -> None:
    assert sign_in(client, getattr(cast, who)).get(path).status_code == status


def picture(kind: str, size: int = 40) -> bytes:
    out = BytesIO()
    Image.new("RGB", (size, size), "teal").save(out, kind)
    return out.getvalue()


def identity(**changes: object) -> dict[str, object]:
    return {"name": "Our chapter", "state": "Ohio", "zone": "America/New_York", "sentence": "Meet."} | changes


def test_identity_is_kept_and_shown_everywhere(cast: Cast, client: Client, settings: object, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    logo = SimpleUploadedFile("logo.png", picture("PNG"), "image/png")
    assert sign_in(client, cast.officer).post("/set-up/identity/", identity(logo=logo)).status_code == 302
    assert "Our chapter" in client.get("/set-up/").content.decode()
    assert Chapter.objects.get().set_up_at is not None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("logo.gif", picture("GIF")),
        ("logo.png", picture("BMP")),
        ("logo.png", b"not a picture"),
        ("logo.png", picture("PNG") + b"\0" * LOGO_BYTES),
    ],
)
def test_a_logo_that_is_no_small_picture_is_refused(cast: Cast, client: Client, name: str, content: bytes) -> None:
    sent = identity(logo=SimpleUploadedFile(name, content, "image/png"))
    response = sign_in(client, cast.officer).post("/set-up/identity/", sent)
    assert response.status_code == 422
    assert not Chapter.objects.filter(name="Our chapter").exists()


def test_a_logo_is_kept_small_without_its_notes_and_the_one_before_goes(
    cast: Cast,
    client: Client,
    settings: Any,
    tmp_path: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, cast.officer)
    kept = []
    for name, size in (("first.png", 40), ("second.jpg", 4000)):
        content = picture("PNG" if name.endswith("png") else "JPEG", size)
        with django_capture_on_commit_callbacks(execute=True):
            sent = identity(logo=SimpleUploadedFile(name, content + b"Mrs. Secret"))
            assert client.post("/set-up/identity/", sent).status_code == 302
        kept.append(Chapter.objects.get().logo.name)
        assert [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()] == kept[-1:]
    with Chapter.objects.get().logo.open() as logo:
        assert b"Secret" not in logo.read()
        assert Image.open(logo).size == (346, 346)


@pytest.mark.parametrize("size", [(1, 20_000), (8000, 8000)])
def test_a_logo_of_too_many_pixels_is_refused_in_words(cast: Cast, client: Client, size: tuple[int, int]) -> None:
    out = BytesIO()
    Image.new("1", size).save(out, "PNG")
    sent = identity(logo=SimpleUploadedFile("logo.png", out.getvalue()))
    response = sign_in(client, cast.officer).post("/set-up/identity/", sent)
    assert response.status_code == 422
    assert "pixels" in response.text


def test_the_directory_is_uploaded(cast: Cast, client: Client) -> None:
    sent = {
        "directory": SimpleUploadedFile("d.csv", (DATA / "directory.csv").read_bytes()),
        "offices": SimpleUploadedFile("o.csv", (DATA / "offices.csv").read_bytes()),
    }
    response = sign_in(client, cast.officer).post("/set-up/directory/", sent)
    assert response.status_code == 200
    assert response.context["report"].count("refused") == 0
    assert District.objects.filter(nces_id="1713710").exists()


def send_directory(client: Client, content: str | bytes, **more: object) -> Any:
    content = content if isinstance(content, bytes) else content.encode()
    return client.post("/set-up/directory/", {"directory": SimpleUploadedFile("d.csv", content)} | more)


def test_refused_rows_are_downloaded_with_their_reasons_by_whoever_sent_them(cast: Cast, client: Client) -> None:
    assert sign_in(client, cast.officer).get("/set-up/directory/refused.csv").status_code == 404
    page = send_directory(client, "Name;NCES ID;Notes\nNew CUSD 1;12;=1+1\n\nGood CUSD 2;1799999;\n")
    assert "/set-up/directory/refused.csv" in page.text
    file = client.get("/set-up/directory/refused.csv").content.decode("utf-8-sig")
    reason = "The NCES id must be seven digits, not “12”."
    assert file == f'line,reason,name,nces_id,notes\r\n2,"{reason}",New CUSD 1,12,\'=1+1\r\n'
    other = join(make_user("other@chapter.example", "Other officer"), Role.OFFICER).person
    assert sign_in(Client(), other).get("/set-up/directory/refused.csv").status_code == 404


def test_a_file_to_start_from_is_taken_as_it_is(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    files = {what: client.get(f"/set-up/directory/{what}.csv").content for what in ("districts", "offices")}
    offices = SimpleUploadedFile("o.csv", files["offices"])
    report = send_directory(client, files["districts"], offices=offices).context["report"]
    assert (report.count("created"), report.count("refused"), report.notes) == (1, 0, [])
    new = District.objects.select_related("regional_office").get(name="Prairie View CUSD 12")
    assert str(new.regional_office) == "ROE 1: Lake, Prairie"


def test_what_would_move_is_listed_and_moves_when_that_is_ticked(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    moving = "name,nces_id,county\nKaneland CUSD 302,1724480,DeKalb\n"
    assert "from Kane County to DeKalb County" in send_directory(client, moving).text
    assert District.objects.get(pk=cast.kaneland.pk).county == cast.kane
    send_directory(client, moving, move="on")
    assert District.objects.get(pk=cast.kaneland.pk).county == cast.dekalb


def test_a_file_from_older_excel_is_read_as_what_it_is_when_that_is_chosen(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    content = "name,nces_id\nPeña CUSD 7,1700007\n".encode("cp1252")
    assert "it reads “Peña CUSD 7”" in send_directory(client, content).text
    assert send_directory(client, content, encoding="cp1252").context["report"].count("created") == 1


def test_another_word_for_offices_names_them_anew(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer).post("/set-up/identity/", identity(office_word="CESA"))
    assert {str(office) for office in RegionalOffice.objects.all()} == {"CESA 31: Kane", "CESA 16: DeKalb"}


def test_only_looking_changes_nothing(cast: Cast, client: Client) -> None:
    before = District.objects.count(), County.objects.count()
    sent = {"directory": SimpleUploadedFile("d.csv", (DATA / "directory.csv").read_bytes()), "only_look": "on"}
    page = sign_in(client, cast.officer).post("/set-up/directory/", sent)
    assert "What would be done" in page.content.decode()
    assert (District.objects.count(), County.objects.count()) == before


def test_a_file_of_another_kind_is_refused_with_the_reason(cast: Cast, client: Client) -> None:
    sent = {"directory": SimpleUploadedFile("d.csv", b"a,b\n1,2\n")}
    response = sign_in(client, cast.officer).post("/set-up/directory/", sent)
    assert response.status_code == 422
    assert "lacks the columns" in response.content.decode()


def test_reach_counts_people_once_and_by_county(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    today = timezone.localdate()
    User.objects.filter(pk=cast.buyer.pk).update(last_seen=today - timedelta(days=30))
    User.objects.filter(pk=cast.member.pk).update(last_seen=today - timedelta(days=31))
    with django_assert_num_queries(4):
        rows = {row.county.name: row for row in reach(today)}
    kane = rows["Kane"]
    assert (kane.districts, kane.districts_joined, kane.people, kane.active, kane.has_host) == (3, 2, 3, 1, True)
    assert not rows["DeKalb"].has_host


def test_who_closed_the_account_or_left_is_out_of_reach(cast: Cast) -> None:
    today = timezone.localdate()
    User.objects.filter(pk__in=[cast.member.pk, cast.host.pk]).update(is_active=False)
    cast.neighbor.memberships.update(until=today - timedelta(days=1))
    kane = next(row for row in reach(today) if row.county == cast.kane)
    assert (kane.districts_joined, kane.people, kane.has_host) == (1, 1, False)


def test_the_day_of_setting_up_is_kept(cast: Cast) -> None:
    first = timezone.now()
    for days in (0, 1):
        describe_chapter(Chapter.current(), ["name"], by=cast.officer, at=first + timedelta(days=days))
    assert Chapter.objects.get().set_up_at == first


@pytest.mark.parametrize(("size", "is_taken"), [(512 * 1024 - 1, True), (512 * 1024, True), (512 * 1024 + 1, False)])
def test_a_logo_may_have_just_512_kilobytes(size: int, is_taken: bool) -> None:
    with nullcontext() if is_taken else pytest.raises(ValidationError):
        validate_logo_size(ContentFile(b"x" * size))


def test_reach_costs_the_same_for_many_counties(
    cast: Cast, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sign_in(client, cast.officer).get("/reach/")
    with django_assert_num_queries(8):
        client.get("/reach/")
    for number in range(20):
        County.objects.create(name=f"County {number}")
        join(make_user(f"many{number}@example.org", "Many"), Role.MEMBER, district=cast.geneva)
    with django_assert_num_queries(8):
        client.get("/reach/")
