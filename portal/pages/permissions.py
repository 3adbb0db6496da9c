"""What the chapter's officers may do in the Wagtail admin: the whole page tree, images, documents and redirects."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupApprovalTask, GroupCollectionPermission, GroupPagePermission, Page

OFFICERS = "Chapter officers"
"""The name of the group; its people follow from the memberships."""

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
MEDIA_RIGHTS = ("add", "change", "choose", "delete")


def grant(group: Group) -> None:
    """Give the group an officer's rights. Run twice, it changes nothing."""
    group.permissions.add(
        *Permission.objects.filter(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="wagtailredirects"),
        *Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="collection"),
    )
    root = Page.get_first_root_node()
    if root is not None:
        for right in _rights("wagtailcore", *PAGE_RIGHTS):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)
    collection = Collection.get_first_root_node()
    if collection is not None:
        names = [f"{verb}_{noun}" for verb in MEDIA_RIGHTS for noun in ("image", "document")]
        for right in _rights("pages", *names):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=right)
    for task in GroupApprovalTask.objects.exclude(groups=group):
        task.groups.add(group)


def _rights(app_label: str, *codenames: str) -> list[Permission]:
    return list(Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames))


def grant_after_migrate(using: str = "default", **kwargs: Any) -> None:
    """Make the officers' group and its rights where the tables are new."""
    for label in ("pages", "wagtailcore", "wagtailredirects"):
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    grant(Group.objects.get_or_create(name=OFFICERS)[0])
