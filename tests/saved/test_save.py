"""A member keeps a search by one press, names it, says how often we write, and takes it away again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from portal.saved.deeds.forget import forget_old
from portal.saved.deeds.save import MOST, TooManySearches, save_search, take_away
from portal.saved.models import SavedSearch
from tests.conftest import sign_in
from tests.hostile import share
from tests.knowledge.makers import make_practice
from tests.people import Cast


@pytest.fixture
def member(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.member)


def press(client: Client, query: str) -> Any:
    """[Save this search] on the page of that search."""
    page = client.get(f"/search/?{query}").content.decode()
    assert "Save this search" in page
    search = page.split('name="search" value="')[1].split('"')[0].replace("&amp;", "&")
    return client.post("/search/saved/add/", {"search": search}, follow=True)


def test_one_press_saves_words_and_filters_under_a_name_that_says_them(member: Client, cast: Cast) -> None:
    make_practice(cast.geneva, title="Wi-Fi", tags=("e-rate",))
    page = press(member, f"q=wifi+tag:e-rate&county={cast.kane.pk}&page=3").content.decode()
    saved = SavedSearch.objects.get()
    assert saved.address == f"q=wifi&tag=e-rate&county={cast.kane.pk}"
    assert saved.name == "wifi, e-rate, Kane"
    assert saved.often == "daily"
    assert saved.get_absolute_url() in page.replace("&amp;", "&")
    assert "Undo" in page


def test_a_search_too_long_to_be_saved_is_refused_and_not_cut(member: Client) -> None:
    told = member.post("/search/saved/add/", {"search": f"q={'wifi+' * 300}"}, follow=True).text
    assert "This search is too long to be saved." in told
    press(member, f"q={'wifi+' * 30}")
    assert SavedSearch.objects.get().name.endswith("\u2026")


def test_the_same_search_is_saved_once(member: Client, cast: Cast) -> None:
    press(member, "q=wifi")
    press(member, "q=wifi")
    assert SavedSearch.objects.count() == 1


def test_it_is_renamed_and_written_about_as_often_as_said(member: Client, cast: Cast) -> None:
    press(member, "q=wifi")
    saved = SavedSearch.objects.get()
    url = f"/search/saved/{saved.pk}/"
    assert member.get(url).status_code == 200
    assert member.post(url, {"name": "", "often": "now"}).status_code == 422
    assert member.post(url, {"name": "Wireless", "often": "hourly"}).status_code == 422
    assert member.post(url, {"name": "Wireless", "often": "weekly"}).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.often) == ("Wireless", "weekly")
    assert "Wireless" in member.get("/search/saved/").content.decode()


def test_it_is_deleted_and_had_back(member: Client, cast: Cast) -> None:
    press(member, "q=wifi")
    saved = SavedSearch.objects.get()
    page = member.post(f"/search/saved/{saved.pk}/delete/", follow=True).content.decode()
    assert "No saved searches yet" in page
    assert f"/search/saved/{saved.pk}/restore/" in page
    assert member.get(f"/search/saved/{saved.pk}/").status_code == 404
    assert saved.name in member.post(f"/search/saved/{saved.pk}/restore/", follow=True).content.decode()
    member.post(f"/search/saved/{saved.pk}/delete/")
    press(member, "q=wifi")
    assert SavedSearch.objects.get().deleted_at is None


def test_nothing_is_no_search_and_fifty_are_enough(member: Client, cast: Cast) -> None:
    page = member.post("/search/saved/add/", {"search": "page=2"}, follow=True).content.decode()
    assert "Search for something first" in page
    for number in range(MOST):
        save_search(cast.member, f"q={number}", str(number), at=timezone.now())
    refused = member.post("/search/saved/add/", {"search": "q=one+more"})
    assert refused.status_code == 422
    assert "You have 50 saved searches" in refused.content.decode()


def test_what_was_deleted_comes_back_only_where_there_is_room_and_only_to_its_person(
    member: Client, cast: Cast
) -> None:
    saved = save_search(cast.member, "q=wifi", "wifi", at=timezone.now())
    take_away(saved, timezone.now())
    for number in range(MOST):
        save_search(cast.member, f"q={number}", str(number), at=timezone.now())
    refused = member.post(f"/search/saved/{saved.pk}/restore/")
    assert refused.status_code == 422
    assert "Delete one to save another" in refused.content.decode()
    with pytest.raises(TooManySearches):
        save_search(cast.member, "q=wifi", "wifi", at=timezone.now())
    assert save_search(cast.member, "q=1", "1", at=timezone.now()).name == "1"
    saved.refresh_from_db()
    assert saved.deleted_at is not None
    take_away(SavedSearch.objects.get(address="q=1"), timezone.now())
    assert sign_in(Client(), cast.neighbor).post(f"/search/saved/{saved.pk}/restore/").status_code == 404
    assert member.post(f"/search/saved/{saved.pk}/restore/").status_code == 302
    saved.refresh_from_db()
    assert saved.deleted_at is None


def test_a_search_saved_again_begins_anew(cast: Cast) -> None:
    now = timezone.now()
    saved = save_search(cast.member, "q=wifi", "wifi", at=now - timedelta(days=20))
    saved.found.create(kind="practice", object_id=1)
    take_away(saved, now - timedelta(days=20))
    assert save_search(cast.member, "q=wifi", "wifi", at=now) == saved
    assert saved.found.get().told_at == now


def test_what_was_taken_away_and_told_long_ago_is_forgotten(cast: Cast) -> None:
    now = timezone.now()
    moment = timedelta(microseconds=1)
    kept, old = (save_search(cast.member, f"q={name}", "wifi", at=now) for name in ("kept", "old"))
    take_away(kept, now - timedelta(days=30))
    take_away(old, now - timedelta(days=30) - moment)
    live = save_search(cast.member, "q=live", "wifi", at=now - timedelta(days=400))
    for number, age in enumerate((timedelta(days=90), timedelta(days=90) + moment)):
        live.found.create(kind="practice", object_id=number, told_at=now - age)
    live.found.create(kind="practice", object_id=9, found_at=now - timedelta(days=400))
    assert forget_old(now) == 2
    assert set(SavedSearch.objects.all()) == {kept, live}
    assert set(live.found.values_list("object_id", flat=True)) == {0, 9}
    assert forget_old(now + timedelta(days=1) - moment) == 0
    assert forget_old(now + timedelta(days=1)) == 2


def test_a_visitor_is_offered_the_feed_alone(client: Client, cast: Cast) -> None:
    page = client.get("/search/", {"q": "wifi"}).content.decode()
    assert "Save this search" not in page
    assert 'href="/search/feed/?q=wifi"' in page


def test_any_text_is_saved_or_refused(member: Client, cast: Cast) -> None:
    for text in share():
        SavedSearch.objects.all().delete()
        response = member.post("/search/saved/add/", {"search": text}, follow=True)
        assert response.status_code == 200, text
        for saved in SavedSearch.objects.all():
            assert member.get(saved.get_absolute_url()).status_code == 200, text
