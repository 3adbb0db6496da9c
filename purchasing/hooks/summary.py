"""What buying together says in the Monday summary."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.districts.models import User
from portal.registry import SummarySection
from portal.templatetags.wording import when
from purchasing.models.agreements import Agreement

CLOSING_DAYS = 14
LINES = 5


def agreements(person: User, since: datetime, until: datetime) -> SummarySection | None:
    """Open agreements that close within 14 days or were opened in the week, the nearest closing first. One query."""
    opened = Q(opened_at__gte=since, opened_at__lt=until)
    closing = Q(closes_at__lt=until + timedelta(days=CLOSING_DAYS))
    rows = Agreement.objects.visible_to(person).open_at(until).filter(opened | closing).order_by("closes_at", "pk")
    lines = []
    for row in rows[:LINES]:
        new = row.opened_at is not None and since <= row.opened_at < until
        sentence = _("New: %(title)s, open until %(when)s") if new else _("%(title)s closes %(when)s")
        lines.append((sentence % {"title": row.title, "when": when(row.closes_at, row.zone)}, row.get_absolute_url()))
    return SummarySection(_("Buying together"), lines) if lines else None
