"""What officers say about a district, and about the chapter itself; each with its row in the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.deeds.mail_domains import change_domains
from portal.districts.models.chapter import Chapter
from portal.districts.models.people import User
from portal.districts.models.places import District, RegionalOffice


@transaction.atomic
def describe_district(
    district: District, *, short_name: str, other_names: list[str], domains: Sequence[str], by: User, at: datetime
) -> None:
    """Names and mail domains. Changed names are the officer's own from now on: the next import leaves them alone.

    Who has an address in one of `domains` may ask to join, so the log says which came and which went.
    """
    if not rules.may_edit_district(by, district):
        raise PermissionDenied
    stored = District.objects.select_for_update().get(pk=district.pk)
    was = (stored.short_name, list(stored.aliases))
    if was != (short_name, other_names):
        stored.short_name, stored.aliases, stored.names_edited = short_name, other_names, True
        stored.save()
        log(instance=stored, action="districts.rename", user=by, data={"from": was, "to": (short_name, other_names)})
    kept = set(stored.mail_domains.values_list("domain", flat=True))
    added, removed = sorted(set(domains) - kept), sorted(kept - set(domains))
    change_domains(stored, added, removed, by=by, at=at)


@transaction.atomic
def describe_chapter(chapter: Chapter, changed: Sequence[str], *, by: User, at: datetime) -> None:
    """Keep the chapter's identity as it is in hand; `changed` names what the form changed. An old logo is deleted.

    Another word for regional offices names each of them anew.
    """
    if not rules.may_run_chapter(by):
        raise PermissionDenied
    chapter.set_up_at = chapter.set_up_at or at
    before = Chapter.objects.filter(pk=chapter.pk).values_list("logo", flat=True).first()
    chapter.save()
    if "office_word" in changed:
        for office in RegionalOffice.objects.prefetch_related("counties"):
            office.set_counties(list(office.counties.all()))
    if before and before != chapter.logo.name:
        transaction.on_commit(lambda: chapter.logo.storage.delete(before))
    log(instance=chapter, action="districts.describe_chapter", user=by, data={"changed": sorted(changed)})
