"""What is scheduled in the admin comes and goes with the due jobs, on the page and in the search alike."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.due_jobs import due_jobs
from portal.search import find
from tests.pages.makers import make_page
from tests.people import Cast

NOW = timezone.now()
DUE = "publish-scheduled"


def shown(path: str, word: str) -> tuple[int, int]:
    """The page's status, and how many hits a visitor has for its word."""
    return Client().get(path).status_code, find(word, user=None).total


def test_a_page_goes_live_when_its_time_has_come(cast: Cast) -> None:
    page = make_page("Quokka evening", live=False)
    page.go_live_at = NOW + timedelta(days=1)
    revision = page.save_revision()
    revision.publish()
    assert due_jobs[DUE].run(NOW) == 0
    assert shown("/quokka-evening/", "quokka") == (404, 0)
    past = NOW - timedelta(seconds=1)
    content = revision.content | {"go_live_at": past.isoformat()}
    page.revisions.update(approved_go_live_at=past, content=content)
    assert due_jobs[DUE].run(NOW) == 1
    assert shown("/quokka-evening/", "quokka") == (200, 1)
    assert due_jobs[DUE].run(NOW) == 0


def test_a_page_is_taken_down_when_it_expires(cast: Cast) -> None:
    page = make_page("Quokka offer", expire_at=NOW + timedelta(days=1), show_in_menus=True)
    assert due_jobs[DUE].run(NOW) == 0
    assert shown("/quokka-offer/", "quokka") == (200, 1)
    type(page).objects.filter(pk=page.pk).update(expire_at=NOW - timedelta(seconds=1))
    assert due_jobs[DUE].run(NOW) == 1
    assert shown("/quokka-offer/", "quokka") == (404, 0)
    assert "Quokka offer" not in Client().get("/").content.decode()
    assert due_jobs[DUE].run(NOW) == 0


def test_where_nothing_is_scheduled_it_costs_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_page()
    with django_assert_num_queries(2):
        assert due_jobs[DUE].run(NOW) == 0
