"""Dates, money and numbers as these readers write them, and Markdown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import formats, prose
from portal.districts.models.chapter import Chapter
from portal.form_keys import new_key

register = template.Library()


def _local(instant: datetime, zone: str | None) -> datetime:
    return instant.astimezone(ZoneInfo(zone) if zone else Chapter.current().tz)


@register.filter
def when(instant: datetime | None, zone: str | None = None) -> str:
    """ "Thu, Dec 11, 1:30 PM CST", in the named zone or the chapter's; with the year where it is not this year."""
    if instant is None:
        return ""
    local = _local(instant, zone)
    if local.year != timezone.now().astimezone(local.tzinfo).year:
        return when_in_full(instant, zone)
    return formats.when(local, with_year=False)


def when_in_full(instant: datetime, zone: str | None = None) -> str:
    """ "Thu, Dec 11, 2026, 1:30 PM CST": with its year, for what is kept and read later."""
    return formats.when(_local(instant, zone), with_year=True)


@register.filter
def clock(instant: datetime | None, zone: str | None = None) -> str:
    """ "1:30 PM"."""
    return "" if instant is None else formats.clock(_local(instant, zone))


@register.filter
def day(value: date | datetime | None, zone: str | None = None) -> str:
    """ "Dec 11, 2026"."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = _local(value, zone).date()
    return formats.day(value)


@register.filter
def bare_address(url: str) -> str:
    """ "www.kaneland.org": a web address as people say it."""
    return url.split("://", 1)[-1].rstrip("/")


@register.filter
def month(value: date | datetime | None) -> str:
    """ "Oct 2026"."""
    if value is None:
        return ""
    return formats.month(_local(value, None) if isinstance(value, datetime) else value)


money = register.filter(formats.money)
unit_price = register.filter(formats.unit_price)
number = register.filter(formats.number)


def days_until(instant: datetime, now: datetime, zone: str | None = None) -> int:
    """Midnights between now and then, as the named zone (or the chapter's) counts them."""
    return (_local(instant, zone).date() - _local(now, zone).date()).days


@register.simple_tag(takes_context=True)
def days_left(context: template.Context, instant: datetime, zone: str | None = None) -> str:
    """ "19 days left", "closes today", "closed", against the page's `now`."""
    now: datetime = context["now"]
    if instant <= now:
        return _("closed")
    days = days_until(instant, now, zone)
    if days == 0:
        return _("closes today")
    sentence = ngettext("%(days)d day left", "%(days)d days left", days)
    return str(sentence % {"days": days})


@register.filter
def markdown(row: Any, column: str) -> SafeString:
    """`{{ practice|markdown:"problem" }}`: the HTML of a Markdown column, as it is kept beside it."""
    return prose.shown(row, column)


@register.simple_tag(takes_context=True)
def form_key(context: template.Context) -> SafeString:
    """The hidden key that makes a form safe to send twice; see `portal.once`."""
    key = new_key(getattr(context.get("user"), "pk", None))
    return format_html('<input type="hidden" name="form_key" value="{}">', key)


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed; None or "" takes one out. Starts with "?"."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
