"""Officers in the Wagtail admin: one group whose rights follow from their memberships."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page

from portal.districts.models.people import Membership, Role

GROUP = "Chapter officers"
PAGE_RIGHTS = ("add_page", "bulk_delete_page", "change_page", "lock_page", "publish_page", "unlock_page")
COLLECTION_MODELS = (("pages", "image"), ("pages", "document"))
OWN_APPS = ("knowledge", "pages")
"""Every model of these apps may be edited as a snippet or a setting; who may change a user may become one, so no
right over accounts, groups or permissions is ever among them."""
OTHER_MODELS = (
    ("wagtailredirects", "redirect"),
    ("wagtailcore", "collection"),
    ("wagtailcore", "workflow"),
    ("wagtailcore", "groupapprovaltask"),
    ("wagtailforms", "formsubmission"),
    ("purchasing", "buyingrule"),
    ("curation", "loggedsearch"),
    ("curation", "promotedanswer"),
    ("search", "synonymset"),
)
"""Single models. Of purchasing only the numbers an officer sets: agreements have their own screens."""


def sync_group(instance: Membership, *, raw: bool = False, **kwargs: Any) -> None:
    """Told by Django that a membership was written, in the transaction that wrote it.

    Puts an officer into the group or takes them out, as their memberships say today.
    """
    if raw or instance.role != Role.OFFICER:
        return
    person = instance.person
    group, _made = Group.objects.get_or_create(name=GROUP)
    if Membership.objects.filter(person=person, role=Role.OFFICER).current(timezone.localdate()).exists():
        person.groups.add(group)
    else:
        person.groups.remove(group)


def grant_group_rights(using: str = "default", **kwargs: Any) -> None:
    """Give the group its rights and no others, after the last app's migrate made its permissions. Safe to repeat.

    The one place that says what an officer may do in the admin; also who approves in every moderation task.
    """
    root, collection = Page.objects.filter(depth=1).first(), Collection.objects.filter(depth=1).first()
    if using != "default" or root is None or collection is None:
        return
    group, _made = Group.objects.get_or_create(name=GROUP)
    wanted = Q(content_type__app_label="wagtailadmin", codename="access_admin")
    wanted |= Q(content_type__app_label__in=OWN_APPS)
    for label, model in OTHER_MODELS:
        wanted |= Q(content_type__app_label=label, content_type__model=model)
    group.permissions.set(Permission.objects.filter(wanted))
    rights = {p.codename: p for p in Permission.objects.filter(content_type__app_label="wagtailcore")}
    for codename in PAGE_RIGHTS:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=rights[codename])
    for label, model in COLLECTION_MODELS:
        for permission in Permission.objects.filter(content_type__app_label=label, content_type__model=model):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
    for task in GroupApprovalTask.objects.exclude(groups=group):
        task.groups.add(group)
