"""Whom a deed would write to, said before it is done."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import ngettext

from portal.districts.models import User
from portal.events.models.series import MeetingSeries


def told(kind: str, series: MeetingSeries, *, by: User, now: datetime) -> str:
    """ "26 people get an email.": those that `tell_everyone` would tell of this kind. One query."""
    people = series.people(now.astimezone(series.tz).date()).exclude(pk=by.pk).exclude(switched_off__kind=kind)
    count = people.count()
    return ngettext("%(count)d person gets an email.", "%(count)d people get an email.", count) % {"count": count}
