"""What is scheduled in the admin comes and goes with the due jobs, on the page and in the search alike."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import PageLogEntry

from portal.due_jobs import due_jobs
from portal.pages.models import StandardPage
from portal.search.asking.finding import find
from tests.pages.makers import make_page
from tests.people import Cast
from tests.purchasing.test_races import at_once

NOW = timezone.now()
DUE = "publish-scheduled"


def shown(path: str, word: str) -> tuple[int, int]:
    """The page's status, and how many hits a visitor has for its word."""
    return Client().get(path).status_code, find(word, user=None).total


def scheduled(title: str) -> StandardPage:
    """To go live tomorrow."""
    page = make_page(title, live=False)
    page.go_live_at = NOW + timedelta(days=1)
    page.save_revision().publish()
    return page


def come(page: StandardPage) -> None:
    """Its time has."""
    past = NOW - timedelta(seconds=1)
    content = page.revisions.get().content | {"go_live_at": past.isoformat()}
    page.revisions.update(approved_go_live_at=past, content=content)


def test_a_page_goes_live_when_its_time_has_come(cast: Cast) -> None:
    page = scheduled("Quokka evening")
    assert due_jobs[DUE].run(NOW) == 0
    assert shown("/quokka-evening/", "quokka") == (404, 0)
    come(page)
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


@pytest.mark.django_db(transaction=True)
def test_of_two_clocks_one_publishes_it_and_one_takes_it_down(cast: Cast) -> None:
    pages = [scheduled(f"Quokka evening {number}") for number in range(3)]
    for page in pages:
        come(page)
    offers = [make_page(f"Quokka offer {number}", expire_at=NOW - timedelta(seconds=1)) for number in range(3)]
    assert sum(at_once([partial(due_jobs[DUE].run, NOW)] * 2)) == 6
    for action, of in (("wagtail.publish.scheduled", pages), ("wagtail.unpublish.scheduled", offers)):
        rows = PageLogEntry.objects.filter(action=action).values_list("page", flat=True)
        assert sorted(rows) == sorted(page.pk for page in of), action


def test_where_nothing_is_scheduled_it_costs_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_page()
    with django_assert_num_queries(2):
        assert due_jobs[DUE].run(NOW) == 0
