from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import F

from knowledge.deeds import post
from knowledge.models import Practice
from portal.refusals import Refused, Stale
from tests.knowledge.makers import NOON, make_adoption, make_practice
from tests.people import Cast

TEXT = post.PracticeText(
    title="Students repair Chromebooks",
    what_we_do="Two periods a day.",
    tags=("Chromebooks", "repair"),
    products=("Google Admin console",),
    cost=Decimal("4.25"),
    cost_per="device",
)


def test_a_posted_practice_is_live_with_its_tags_products_and_first_revision(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    stored = Practice.objects.get(pk=practice.pk)
    assert stored.live
    assert stored.posted_at == NOON
    assert stored.author == cast.member
    assert sorted(tag.slug for tag in stored.tags.all()) == ["chromebooks", "repair"]
    assert [product.name for product in stored.products.all()] == ["Google Admin console"]
    assert stored.revisions.count() == 1
    assert not stored.has_unpublished_changes


def test_an_edit_replaces_text_tags_and_products_and_raises_the_version(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    changed = replace(
        TEXT, title="Students fix them", tags=("repair", "staffing"), products=("google admin CONSOLE", "Jamf")
    )
    edited = post.edit(practice, changed, version=practice.version, by=cast.buyer, at=NOON)
    stored = Practice.objects.get(pk=practice.pk)
    assert stored.title == "Students fix them"
    assert sorted(tag.slug for tag in stored.tags.all()) == ["repair", "staffing"]
    assert sorted(product.name for product in stored.products.all()) == ["Google Admin console", "Jamf"]
    assert edited.version == stored.version == practice.version + 1
    assert stored.revisions.count() == 2
    assert stored.posted_at == NOON


def test_an_edit_of_an_older_version_is_a_conflict_and_changes_nothing(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    post.edit(practice, replace(TEXT, title="First"), version=practice.version, by=cast.buyer, at=NOON)
    with pytest.raises(Stale) as refused:
        post.edit(practice, replace(TEXT, title="Second"), version=practice.version, by=cast.member, at=NOON)
    assert refused.value.stored.title == "First"
    assert Practice.objects.get(pk=practice.pk).title == "First"


def test_a_members_edit_while_an_officers_draft_is_open_is_a_conflict(cast: Cast) -> None:
    """Otherwise: officer drafts, member saves, officer publishes, and the member's text is in no revision."""
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    draft = Practice.objects.get(pk=practice.pk)
    draft.title = "The officer's draft"
    revision = draft.save_revision(user=cast.officer)
    assert Practice.objects.get(pk=practice.pk).title == TEXT.title
    with pytest.raises(Stale):
        post.edit(practice, replace(TEXT, title="Mine"), version=practice.version, by=cast.member, at=NOON)
    revision.publish(user=cast.officer, skip_permission_checks=True)
    stored = Practice.objects.get(pk=practice.pk)
    assert stored.title == "The officer's draft"
    assert sorted(tag.slug for tag in stored.tags.all()) == ["chromebooks", "repair"]
    with pytest.raises(Stale):
        post.edit(practice, replace(TEXT, title="Mine"), version=practice.version, by=cast.member, at=NOON)
    post.edit(practice, replace(TEXT, title="Mine"), version=stored.version, by=cast.member, at=NOON)
    assert [r.content["title"] for r in stored.revisions.order_by("pk")] == [TEXT.title, "The officer's draft", "Mine"]


def test_a_locked_practice_is_not_edited(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    Practice.objects.filter(pk=practice.pk).update(locked=True)
    with pytest.raises(Refused):
        post.edit(practice, TEXT, version=practice.version, by=cast.member, at=NOON)
    with pytest.raises(Refused):
        post.withdraw(practice, by=cast.member, at=NOON)


def test_publishing_an_old_revision_brings_no_old_counts_back(cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    revision = practice.latest_revision
    make_adoption(practice, cast.geneva)
    revision.publish(user=cast.officer, skip_permission_checks=True)
    stored = Practice.objects.get(pk=practice.pk)
    assert stored.in_use_count == 1
    assert stored.last_confirmed_at == NOON


def test_the_first_edit_of_a_practice_without_a_revision_keeps_the_text_before(cast: Cast) -> None:
    [practice] = Practice.objects.bulk_create(
        [Practice(title="Imported", what_we_do="As it was", district=cast.kaneland, posted_at=NOON)]
    )
    post.edit(practice, TEXT, version=1, by=cast.member, at=NOON)
    assert [r.content["title"] for r in practice.revisions.order_by("pk")] == ["Imported", TEXT.title]


def test_a_withdrawn_practice_is_seen_by_nobody_until_it_is_restored(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    token = post.withdraw(practice, by=cast.member, at=NOON)
    assert not any(Practice.objects.visible_to(user).exists() for user in cast.everyone().values())
    post.restore(practice, token, by=cast.member, at=NOON)
    assert Practice.objects.visible_to(cast.member).get().title == TEXT.title
    assert not Practice.objects.get(pk=practice.pk).has_unpublished_changes


def test_what_an_officer_unpublished_is_not_restored_by_an_old_undo(cast: Cast) -> None:
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    token = post.withdraw(practice, by=cast.member, at=NOON)
    Practice.objects.filter(pk=practice.pk).update(version=F("version") + 1)
    with pytest.raises(Stale):
        post.restore(practice, token, by=cast.member, at=NOON)


def test_a_deed_asks_itself_who_may(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        post.post(TEXT, district=cast.kaneland, by=cast.neighbor, at=NOON)
    practice = post.post(TEXT, district=cast.kaneland, by=cast.member, at=NOON)
    with pytest.raises(PermissionDenied):
        post.edit(practice, TEXT, version=practice.version, by=cast.neighbor, at=NOON)
    with pytest.raises(PermissionDenied):
        post.withdraw(practice, by=cast.neighbor, at=NOON)
    with pytest.raises(Refused, match="Say why"):
        post.withdraw(practice, by=cast.officer, at=NOON)
    token = post.withdraw(practice, by=cast.officer, at=NOON, reason="A student is named")
    with pytest.raises(PermissionDenied):
        post.restore(practice, token, by=cast.neighbor, at=NOON)
