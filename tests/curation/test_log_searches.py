"""What people search for is kept without their names, and a search still writes nothing."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.curation.deeds import log_searches
from portal.curation.models import LoggedSearch, LogSalt
from portal.due_jobs import due_jobs
from tests.conftest import sign_in
from tests.hostile import share
from tests.people import Cast
from tests.search.makers import make_entry

pytestmark = pytest.mark.usefixtures("note")


def logged() -> list[tuple[str, int, str]]:
    log_searches.flush()
    return list(LoggedSearch.objects.order_by("pk").values_list("text", "total", "kind"))


def make_logged(text: str, total: int = 0, *, days_ago: int = 0, reader: str = "") -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    LoggedSearch.objects.create(day=day, reader=reader, text=text, total=total, milliseconds=5)


def test_words_total_and_kind_are_kept_and_the_request_writes_nothing(client: Client, cast: Cast) -> None:
    make_entry(1, "Résumé of the budget", audience=("members",))
    sign_in(client, cast.member)
    client.get("/search/", {"q": "Résumé  BUDGET", "kind": "note"})
    client.get("/search/", {"q": "budget"})
    client.get("/search/", {"q": "budget", "page": "2"})
    client.get("/search/", {"q": ""})
    assert not LoggedSearch.objects.exists()
    assert logged() == [("resume budget", 1, "note"), ("budget", 1, "")]


def test_what_has_only_some_of_the_words_counts_as_nothing_found(client: Client) -> None:
    make_entry(1, "Budget")
    client.get("/search/", {"q": "budget zebra"})
    assert logged() == [("budget zebra", 0, "")]


def test_a_reader_is_a_number_that_changes_every_month_and_a_visitor_is_none(client: Client, cast: Cast) -> None:
    client.get("/search/", {"q": "one"})
    sign_in(client, cast.member)
    client.get("/search/", {"q": "two"})
    client.get("/search/", {"q": "three"})
    log_searches.flush()
    visitor, first, second = LoggedSearch.objects.order_by("pk").values_list("reader", flat=True)
    assert visitor == ""
    assert first == second != ""
    assert str(cast.member.pk) != first
    LogSalt.objects.all().delete()
    client.get("/search/", {"q": "four"})
    log_searches.flush()
    assert LoggedSearch.objects.latest("pk").reader not in {"", first}


def test_old_searches_and_the_secrets_of_past_months_are_forgotten(db: None) -> None:
    make_logged("old", days_ago=91)
    make_logged("the last day", days_ago=90)
    make_logged("kept", days_ago=89)
    this_month = timezone.localdate().replace(day=1)
    for month in (this_month, date(2020, 1, 1)):
        LogSalt.objects.create(month=month, salt="x")
    assert due_jobs["forget-searches"].run(timezone.now()) == 1
    assert due_jobs["forget-searches"].run(timezone.now()) == 0
    assert {row.text for row in LoggedSearch.objects.all()} == {"the last day", "kept"}
    assert [row.month for row in LogSalt.objects.all()] == [this_month]


def test_what_the_database_refused_waits_and_no_more_than_a_thousand(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(day: date) -> str:
        raise DatabaseError

    client.get("/search/", {"q": "first"})
    (noted,) = log_searches.waiting
    log_searches.waiting.extend([noted] * 5000)
    assert len(log_searches.waiting) == log_searches.MOST_WAITING
    with monkeypatch.context() as broken:
        broken.setattr(LogSalt, "of", refuse)
        with pytest.raises(DatabaseError):
            log_searches.flush()
    assert log_searches.flush() == log_searches.MOST_WAITING
    assert log_searches.flush() == 0


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_what_waits_soon(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(log_searches, "SECONDS", 0.05)
    client.get("/search/", {"q": "by and by"})
    deadline = time.monotonic() + 10
    while not LoggedSearch.objects.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [row.text for row in LoggedSearch.objects.all()] == ["by and by"]
    connection.close()


def test_any_text_is_kept(client: Client) -> None:
    sent = share()
    for text in sent:
        client.get("/search/", {"q": text})
    assert len(logged()) > len(sent) / 2, "the others have no words"


def test_officers_see_what_finds_nothing_and_mend_it_in_one_click(client: Client, cast: Cast) -> None:
    for _time in range(3):
        make_logged("trolleys & carts", reader="a")
    make_logged("wifi", 4, reader="a")
    make_logged("wifi", 4, reader="b")
    make_logged("long ago", days_ago=40)
    sign_in(client, cast.officer)
    page = client.get("/admin/reports/searches/").content.decode()
    assert page.index("trolleys &amp; carts") < page.index("wifi") < page.index("long ago")
    assert page.count("Make a synonym") == 2
    nothing = client.get("/admin/reports/searches/", {"found": "nothing", "days": "30"}).content.decode()
    assert "wifi" not in nothing
    assert "long ago" not in nothing
    words = "trolleys%20%26%20carts"
    for name, parameter in (
        ("wagtailsnippets_search_synonymset:add", "words"),
        ("wagtailsnippets_curation_promotedanswer:add", "phrases"),
        ("knowledge:question-new", "title"),
    ):
        address = f"{reverse(name)}?{parameter}={words}"
        assert f'href="{address}"' in nothing
        assert "trolleys &amp; carts" in client.get(address).content.decode()
    assert client.get("/admin/reports/searches/results/").status_code == 200
    assert client.get("/admin/reports/searches/", {"export": "csv"}).status_code == 200


@pytest.mark.parametrize("days", [7, 30])
def test_the_report_looks_back_so_many_days(client: Client, cast: Cast, days: int) -> None:
    make_logged("the last of them", days_ago=days)
    make_logged("the day before", days_ago=days + 1)
    page = sign_in(client, cast.officer).get("/admin/reports/searches/", {"days": str(days)}).content.decode()
    assert "the last of them" in page
    assert "the day before" not in page


def test_what_is_offered_for_a_search_is_about_its_words_alone(client: Client, cast: Cast) -> None:
    make_logged('the "carts" county:kane -tag:fun -old')
    make_logged("tag:fun")
    page = sign_in(client, cast.officer).get("/admin/reports/searches/").content.decode()
    assert f'href="{reverse("wagtailsnippets_search_synonymset:add")}?words=the%20carts"' in page
    assert f'href="{reverse("knowledge:question-new")}?title=the%20carts"' in page
    assert page.count("Make a synonym") == page.count("Ask the members") == page.count("Promote an answer") == 1


def test_nobody_else_sees_the_report(client: Client, cast: Cast) -> None:
    for who in (cast.member, cast.host, cast.stranger):
        assert sign_in(Client(), who).get("/admin/reports/searches/").status_code == 404
    assert client.get("/admin/reports/searches/").status_code == 302
