"""The officers' admin of the page tree: everything opens, nothing else decides who sees a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models.signals import post_migrate
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupCollectionPermission, GroupPagePermission, PageViewRestriction, Workflow
from wagtail.rich_text import RichText

from portal.districts.deeds.officers_group import GROUP, grant_group_rights
from portal.pages.models import Audience, HomePage, PortalPage, StandardPage
from tests.conftest import sign_in
from tests.pages.makers import home, make_document, make_image, make_page
from tests.people import Cast

PATHS = [
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/images/add/",
    "/admin/documents/",
    "/admin/documents/add/",
    "/admin/redirects/",
    "/admin/reports/audience/",
    "/admin/reports/audience/?shown_to=members",
    "/admin/reports/audience/?export=csv",
    "/admin/reports/aging-pages/",
    "/admin/reports/site-history/",
    "/admin/reports/workflow/",
    "/admin/reports/locked/",
]


@pytest.fixture
def officer(cast: Cast, client: Client) -> Client:
    """An officer by membership, no superuser."""
    assert not cast.officer.is_superuser
    return sign_in(client, cast.officer)


@pytest.mark.parametrize("path", PATHS)
def test_an_officer_opens_every_part(officer: Client, path: str) -> None:
    make_image()
    make_document()
    make_page("Members' page", audience=Audience.MEMBERS)
    assert officer.get(path).status_code == 200


def test_an_officer_edits_images_documents_and_pages(officer: Client) -> None:
    page = make_page("About")
    for name, pk in (
        ("wagtailimages:edit", make_image().pk),
        ("wagtaildocs:edit", make_document().pk),
        ("wagtailadmin_explore", home().pk),
        ("wagtailadmin_pages:edit", page.pk),
        ("wagtailadmin_pages:edit", home().pk),
        ("wagtailadmin_pages:history", page.pk),
        ("wagtailadmin_pages:add_subpage", home().pk),
    ):
        assert officer.get(reverse(name, args=[pk])).status_code == 200, name
    for model in ("standardpage", "boardpage", "newsindexpage", "toolkitindexpage"):
        assert officer.get(f"/admin/pages/add/pages/{model}/{home().pk}/").status_code == 200


def test_wagtails_own_view_restrictions_are_out_of_the_admin(officer: Client) -> None:
    page = make_page("About")
    text = officer.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    assert address not in text
    officer.post(address, {"restriction_type": "login"})
    assert not PageViewRestriction.objects.exists()


def _posted(**fields: Any) -> dict[str, Any]:
    return {"title": "Page", "slug": "page", "audience": "public", "summary": "", "body-count": "0"} | fields


PAGE_TYPES = sorted(
    (model for model in apps.get_models() if issubclass(model, PortalPage) and model is not PortalPage),
    key=lambda model: model.__name__,
)


@pytest.mark.parametrize("kind", PAGE_TYPES, ids=lambda kind: kind.__name__)
def test_who_can_see_a_page_is_chosen_beside_publish_and_nowhere_else(officer: Client, kind: type[PortalPage]) -> None:
    """For every type that an officer can add; a news item was for members unless one looked under Promote."""
    if kind is HomePage:
        text = officer.get(reverse("wagtailadmin_pages:edit", args=[home().pk])).content.decode()
        assert "Everyone can see the home page." in _footer(text)
        assert 'name="audience"' not in text
        return
    parents = [parent for parent in kind.allowed_parent_page_models() if parent is not HomePage]
    parent = home().add_child(instance=parents[0](title="Above", slug="above")) if parents else home()
    add = reverse("wagtailadmin_pages:add", args=["pages", kind._meta.model_name, parent.pk])
    text = officer.get(add).content.decode()
    assert text.count('name="audience"') == 1
    assert '<option value="members" selected>' in _footer(text)
    sent = _posted(audience="public", date="2026-11-30", topic="") | {"seats-count": "0", "items-count": "0"}
    page = parent.add_child(instance=kind(title="Page", slug="page", audience="officers"))
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert '<option value="officers" selected>' in _footer(officer.get(edit).content.decode())
    answer = officer.post(edit, sent | {"action-publish": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert kind.objects.get(pk=page.pk).audience == "public"


def _footer(page: str) -> str:
    return page.split("<footer", 1)[1].split("</footer>", 1)[0]


def _testimonial(consent: str) -> dict[str, str]:
    block = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "testimonial"}
    block |= {"body-0-value-text": "Gratitude", "body-0-value-who": "Director"}
    return block | ({"body-0-value-consent": consent} if consent else {})


@pytest.mark.parametrize(("consent", "status"), [("", 200), ("on", 302)])
def test_a_testimonial_needs_consent_to_be_published(officer: Client, consent: str, status: int) -> None:
    data = _posted(**_testimonial(consent)) | {"action-publish": "1"}
    response = officer.post(f"/admin/pages/add/pages/standardpage/{home().pk}/", data)
    assert response.status_code == status
    assert StandardPage.objects.filter(live=True).exists() == bool(consent)


def test_a_preview_may_be_framed_by_the_admin_and_the_page_itself_by_nobody(officer: Client) -> None:
    page = make_page("About", body=[("text", RichText("<p>Words</p>"))])
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    assert officer.post(address, _posted(title="Draft title", slug=page.slug)).json()["is_valid"]
    preview = officer.get(address)
    assert "Draft title" in preview.content.decode()
    assert "frame-ancestors 'self'" in preview.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in preview.headers["Content-Security-Policy"]
    assert preview.headers["X-Frame-Options"] == "SAMEORIGIN"
    shown = officer.get(page.url)
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Frame-Options"] == "DENY"


def test_a_page_goes_through_moderation(officer: Client, cast: Cast) -> None:
    workflow = Workflow.objects.get()
    page = make_page("About", live=False)
    page.save_revision(user=cast.officer)
    state = workflow.start(page, cast.officer)
    assert GROUP in {group.name for group in state.current_task_state.task.specific.groups.all()}
    state.current_task_state.approve(user=cast.officer)
    page.refresh_from_db()
    assert page.live


def _rights(group: Group) -> tuple[int, int, int]:
    return (
        group.permissions.count(),
        GroupPagePermission.objects.filter(group=group).count(),
        GroupCollectionPermission.objects.filter(group=group).count(),
    )


def test_granting_twice_changes_nothing(db: None) -> None:
    group = Group.objects.get(name=GROUP)
    before = _rights(group)
    grant_group_rights()
    assert _rights(group) == before
    assert before[1:] == (6, 8)


def test_what_an_officer_may_do_in_the_admin_is_said_in_one_place(db: None) -> None:
    """Another giver would come before or after this one, as the apps happen to be listed."""
    group = Group.objects.get(name=GROUP)
    wanted = set(group.permissions.all())
    group.permissions.clear()
    GroupPagePermission.objects.filter(group=group).delete()
    pages = apps.get_app_config("pages")
    post_migrate.send(sender=pages, app_config=pages, verbosity=0, interactive=False, using="default")
    assert not group.permissions.exists()
    assert not GroupPagePermission.objects.filter(group=group).exists()
    group.permissions.add(Permission.objects.get(codename="change_user"))
    grant_group_rights()
    assert set(group.permissions.all()) == wanted
