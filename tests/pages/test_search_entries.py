"""Search knows of a page what the page itself shows, after every way of writing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Page

from portal.districts.models.standing import standing_of
from portal.pages.hooks.search import AUDIENCE_KEYS
from portal.pages.models import Audience, PortalPage, ToolkitPage
from portal.registry import search_sources
from portal.search.asking.finding import find
from portal.search.entries.indexing import row_of
from portal.search.models import Entry
from tests.pages.makers import home, make_board, make_news, make_page, make_toolkit
from tests.people import Cast
from tests.search.contract import check_source

KINDS = ("page", "toolkit", "news")
COMPARED = ("kind", "object_id", "audience_id", "title", "summary", "tags", "body")


def drift() -> int:
    """How many entries of pages a rebuild would add, remove or change."""
    kept = {
        (e.kind, e.object_id): [getattr(e, name) for name in COMPARED] for e in Entry.objects.filter(kind__in=KINDS)
    }
    due = {}
    for kind in KINDS:
        source = search_sources[kind]
        for entry in source.entries(list(source.rows())):
            row = row_of(kind, entry)
            due[kind, entry.object_id] = [row[name] for name in COMPARED]
    return sum(kept.get(key) != due.get(key) for key in kept.keys() | due.keys())


def _bare(page: PortalPage) -> Page:
    return Page.objects.get(pk=page.pk)


def _edit(page: PortalPage) -> None:
    page.title = page.draft_title = "Changed"
    page.save_revision().publish()


def _alias(page: PortalPage) -> None:
    alias = _bare(page).specific.create_alias(parent=home(), update_slug="alias")
    page.title = "Changed with its alias"
    page.save_revision().publish()
    assert Entry.objects.get(object_id=alias.pk, kind="page").title == "Changed with its alias"


VERBS: dict[str, Callable[[Any], Any]] = {
    "publish": _edit,
    "unpublish": lambda page: page.unpublish(),
    "unpublish by the base class": lambda page: _bare(page).unpublish(),
    "delete": lambda page: page.delete(),
    "delete by the base class": lambda page: _bare(page).delete(),
    "delete the parent": lambda page: page.get_parent().delete(),
    "move": lambda page: _bare(page).move(_bare(PortalPage.objects.get(slug="closed")), pos="last-child"),
    "copy": lambda page: page.copy(update_attrs={"slug": "copied", "title": "Copied"}),
    "copy with all below": lambda page: _bare(page).specific.copy(recursive=True, update_attrs={"slug": "copied"}),
    "alias": _alias,
    "audience": lambda page: PortalPage.objects.filter(pk=page.pk).update(audience=Audience.OFFICERS),
    "audience of the parent": lambda page: PortalPage.objects.filter(slug="top").update(audience=Audience.MEMBERS),
    "update many": lambda page: PortalPage.objects.filter(depth__gt=2).update(title="All the same"),
    "unpublish many": lambda page: PortalPage.objects.filter(depth__gt=2).update(live=False),
    "delete many": lambda page: PortalPage.objects.filter(depth__gt=2).delete(),
    "unpublish by the query set": lambda page: PortalPage.objects.filter(depth__gt=2).unpublish(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_entries_never_drift(db: None, verb: str) -> None:
    top = make_page("Top")
    page = make_page("Page", parent=top, summary="Words about repair.")
    make_page("Below", parent=page, audience=Audience.MEMBERS)
    make_page("Closed", audience=Audience.OFFICERS)
    make_toolkit(tags=("repair", "Chromebooks"))
    make_news()
    make_board()
    assert Entry.objects.filter(kind__in=KINDS).count() == 7
    assert drift() == 0
    VERBS[verb](page)
    assert drift() == 0
    for kind in KINDS:
        check_source(kind)


def test_an_entry_is_gone_again_when_the_transaction_is(db: None) -> None:
    with transaction.atomic():
        make_page("Never")
        assert Entry.objects.filter(kind="page").exists()
        transaction.set_rollback(True)
    assert not Entry.objects.filter(kind="page").exists()


def test_tags_of_a_toolkit_are_in_its_entry(db: None) -> None:
    page = make_toolkit(tags=("repair",))
    assert Entry.objects.get(kind="toolkit").tags == ["repair"]
    page.tags.add("students")
    page.save_revision().publish()
    assert sorted(Entry.objects.get(kind="toolkit").tags) == ["repair", "students"]
    assert set(ToolkitPage.objects.get().tags.names()) == {"repair", "students"}


def test_everybody_finds_what_they_may_see(cast: Cast) -> None:
    for audience in Audience:
        make_page(f"Zebra {audience}", audience=audience)
    for person in cast.everyone().values():
        found = {hit.title for hit in find("zebra", user=person).hits}
        visible = PortalPage.objects.visible_to(person).filter(title__startswith="Zebra")
        assert found == set(visible.values_list("title", flat=True))
        keys = standing_of(person).audience_keys()
        assert len(found) == sum(bool(AUDIENCE_KEYS[audience] & keys) for audience in Audience)


def test_the_words_of_a_testimonial_are_found_only_with_consent(db: None) -> None:
    quoted = {"text": "Gratitude", "who": "Network administrator"}
    make_page("With", body=[("testimonial", quoted | {"consent": True})])
    make_page("Without", body=[("testimonial", quoted | {"consent": False})])
    bodies = dict(Entry.objects.filter(kind="page").values_list("title", "body"))
    assert "Gratitude" in bodies["With"]
    assert "Gratitude" not in bodies["Without"]
