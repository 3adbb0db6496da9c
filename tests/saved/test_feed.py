"""A search as a feed: public things for everybody, a member's own by a secret address."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.districts.models import Membership
from portal.saved.models import SearchFeedSecret
from portal.search.models import Entry
from tests.conftest import sign_in
from tests.hostile import BYTES, STRINGS, share
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(client: Client, url: str = "/search/feed/", **query: str) -> ET.Element:
    """The feed, held to what RFC 4287 asks of it."""
    response = client.get(url, query)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)  # noqa: S314
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    for node in [feed, *feed.findall("a:entry", ATOM)]:
        for name in ("id", "title", "updated"):
            (one,) = node.findall(f"a:{name}", ATOM)
            assert one.text
        assert datetime.fromisoformat(str(node.findtext("a:updated", namespaces=ATOM))).tzinfo is not None
        (link,) = [link for link in node.findall("a:link", ATOM) if link.get("rel") == "alternate"]
        assert str(link.get("href")).startswith("http://testserver/")
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    (own,) = [link for link in feed.findall("a:link", ATOM) if link.get("rel") == "self"]
    assert str(own.get("href")).startswith(f"http://testserver{url}")
    ids = [entry.findtext("a:id", namespaces=ATOM) for entry in feed.findall("a:entry", ATOM)]
    assert len(set(ids)) == len(ids)
    return feed


def titles(feed: ET.Element) -> list[str]:
    return [str(entry.findtext("a:title", namespaces=ATOM)) for entry in feed.findall("a:entry", ATOM)]


def test_the_newest_that_fit_come_first_at_most_fifty(client: Client) -> None:
    for number in range(60):
        make_entry(number, f"Wi-Fi {number}", dated=date(2026, 1, 1) + timedelta(days=number))
    make_entry(99, "Carts", dated=date(2026, 9, 1))
    feed = read(client, q="wifi")
    assert titles(feed) == [f"Wi-Fi {number}" for number in range(59, 9, -1)]
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-03-01T00:00:00+00:00"


def test_what_came_last_comes_first_and_nothing_is_of_tomorrow(client: Client) -> None:
    today = timezone.localdate()
    make_entry(1, "Meeting next year", dated=today + timedelta(days=300))
    make_entry(2, "Meeting tomorrow", dated=today + timedelta(days=1))
    make_entry(3, "Practice of today", dated=today)
    for query in ({"kind": "note"}, {"q": "meeting"}):
        feed = read(client, **query)
        assert titles(feed) == ["Practice of today", "Meeting tomorrow", "Meeting next year"][-len(titles(feed)) :]
        for updated in feed.findall(".//a:updated", ATOM):
            assert datetime.fromisoformat(str(updated.text)).date() <= today
    days = [
        str(e.findtext("a:updated", namespaces=ATOM))[:10] for e in read(client, kind="note").findall("a:entry", ATOM)
    ]
    assert days == [str(today), str(today.replace(day=1)), str(today.replace(day=1))]


def test_tags_and_kinds_have_feeds_too(client: Client) -> None:
    make_entry(1, "Tagged", tags=("e-rate",))
    make_entry(2, "Other", tags=("wifi",))
    make_entry(3, "Another kind", tags=("e-rate",), kind="district")
    assert titles(read(client, tag="e-rate", kind="note")) == ["Tagged"]
    assert titles(read(client, q="tag:e-rate kind:note")) == ["Tagged"]
    assert titles(read(client, q="tag:nobody-has-this")) == []
    assert titles(read(client, q="-tag:wifi -kind:district")) == ["Tagged"]
    assert titles(read(client, q="-tag:nobody-has-this kind:note")) == ["Other", "Tagged"]


def test_a_session_adds_nothing_to_the_open_feed(client: Client, cast: Cast) -> None:
    make_entry(1, "For everybody")
    make_entry(2, "For members", audience=("members",))
    assert titles(read(client, kind="note")) == ["For everybody"]
    assert titles(read(sign_in(client, cast.officer), kind="note")) == ["For everybody"]


def test_a_secret_address_shows_what_its_person_may_see_today(client: Client, cast: Cast) -> None:
    make_entry(1, "Wi-Fi for members", audience=("members",))
    make_entry(2, "Wi-Fi for officers", audience=("officers",))
    url = f"/search/feed/{SearchFeedSecret.renew(cast.member, timezone.now())}/"
    assert titles(read(client, url, q="wifi")) == ["Wi-Fi for members"]
    Membership.objects.filter(person=cast.member).update(until=timezone.localdate() - timedelta(days=1))
    assert client.get(url).status_code == 404


def test_a_member_makes_renews_and_revokes_the_address(client: Client, cast: Cast) -> None:
    sign_in(client, cast.member)
    page = client.post("/search/feed/address/?q=wifi&kind=note").content.decode()
    first = str(re.search(r'value="http://testserver(/search/feed/[^"?]+)\?q=wifi', page)[1])  # type: ignore[index]
    assert Client().get(first).status_code == 200
    assert first.split("/")[3].split(".")[1] not in SearchFeedSecret.objects.get().secret_sha256
    again = client.post("/search/feed/address/").content.decode()
    second = str(re.search(r"http://testserver(/search/feed/[^\"?]+)", again)[1])  # type: ignore[index]
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    assert first not in client.get("/search/feed/address/").content.decode()
    client.post("/search/feed/revoke/")
    assert Client().get(second).status_code == 404
    for broken in ("1", "x.y", f"{cast.member.pk}.", "9" * 30 + ".a", f"{cast.member.pk}.wrong"):
        assert Client().get(f"/search/feed/{broken}/").status_code == 404


def test_an_unchanged_feed_is_not_sent_again_and_a_changed_one_is(client: Client) -> None:
    make_entry(1, "Wi-Fi")
    first = client.get("/search/feed/", {"q": "wifi"})
    again = client.get("/search/feed/", {"q": "wifi"}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = client.get("/search/feed/", {"q": "wifi"}, headers={"If-None-Match": f"W/{first.headers['ETag']}"})
    assert weak.status_code == 304
    make_entry(2, "Wi-Fi too")
    changed = client.get("/search/feed/", {"q": "wifi"}, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    empty = client.get("/search/feed/", {"q": "zebra"})
    assert client.get("/search/feed/", {"q": "zebra"}).headers["ETag"] == empty.headers["ETag"]


def test_an_entry_keeps_its_id_when_it_is_renamed(client: Client) -> None:
    make_entry(1, "Wi-Fi")
    before = read(client).findtext("a:entry/a:id", namespaces=ATOM)
    Entry.objects.filter(object_id=1, kind="note").update(title="Renamed")
    feed = read(client)
    assert titles(feed) == ["Renamed"]
    assert feed.findtext("a:entry/a:id", namespaces=ATOM) == before == "tag:testserver,2026:note/1"


def test_markup_stays_text(client: Client) -> None:
    make_entry(1, '<b>Bold</b> & "quoted" ]]> &amp;', summary="<script>alert(1)</script>")
    feed = read(client, q="bold")
    assert titles(feed) == ['<b>Bold</b> & "quoted" ]]> &amp;']
    assert feed.findtext("a:entry/a:summary", namespaces=ATOM) == "<script>alert(1)</script>"
    assert b"<script" not in client.get("/search/feed/").content


def test_any_text_gives_a_feed(client: Client) -> None:
    for number, text in enumerate(STRINGS):
        make_entry(number, text or "empty", body=text)
    for text in share():
        read(client, q=text, kind=text[:50], tag=text[:50])
    for raw in BYTES:
        assert client.get(f"/search/feed/?q=a&tag={raw.decode('ascii')}").status_code == 200


def test_the_search_page_names_its_feed(client: Client) -> None:
    page = client.get("/search/", {"q": 'wifi "<x>"', "kind": "note"}).content.decode()
    head = page.split("</head>")[0]
    assert '<link rel="alternate" type="application/atom+xml"' in head
    assert 'href="/search/feed/?q=wifi+%22%3Cx%3E%22&amp;kind=note"' in head


@pytest.mark.parametrize(
    ("page", "search"),
    [
        ("/practices/", "kind=practice"),
        ("/meetings/", "kind=meeting"),
        ("/agreements/", "kind=agreement"),
        ("/tags/e-rate/", "tag=e-rate"),
        ("/products/k12-filter/", "product=K12%20%26%20Filter"),
    ],
)
def test_lists_tags_and_products_name_their_feed(client: Client, cast: Cast, page: str, search: str) -> None:
    make_practice(cast.geneva, tags=("e-rate",), products=["K12 & Filter"], audience="public")
    open_feed = f'href="/search/feed/?{search}"'
    html = client.get(page).content.decode()
    head, _, body = html.partition("</head>")
    assert '<link rel="alternate" type="application/atom+xml"' in head
    announced = open_feed.replace("agreement", "announcement")
    assert announced in head
    assert f'<a {announced} type="application/atom+xml">Feed</a>' in body
    html = sign_in(client, cast.member).get(page).content.decode()
    head, _, body = html.partition("</head>")
    assert open_feed in head
    assert f'<a href="/search/feed/address/?{search}">Feed</a>' in body


def test_a_feed_costs_the_same_for_one_and_for_fifty(client: Client) -> None:
    make_entry(1, "Wi-Fi")
    read(client, q="wifi")
    with CaptureQueriesContext(connection) as one:
        read(client, q="wifi")
    for number in range(2, 52):
        make_entry(number, f"Wi-Fi {number}")
    with CaptureQueriesContext(connection) as fifty:
        read(client, q="wifi")
    assert len(one) == len(fifty) <= 2


def test_an_operator_of_a_feed_is_looked_up_once(client: Client) -> None:
    make_entry(1, "Wi-Fi", tags=("racks",))
    read(client, q="wifi tag:racks")
    with CaptureQueriesContext(connection) as queries:
        feed = read(client, q="wifi tag:racks")
    assert feed.findtext("a:entry/a:title", namespaces=ATOM) == "Wi-Fi"
    assert len(queries) == 2
