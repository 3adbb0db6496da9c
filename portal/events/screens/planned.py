"""What planning a series will do, shown before it is done: the meetings it makes, and how many people are told."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.districts.models import User
from portal.events.models.series import MeetingSeries
from portal.events.screens.telling import told


@dataclass(frozen=True, slots=True)
class Check:
    """Of a series that is not stored yet."""

    series: MeetingSeries
    by: User
    now: datetime

    @property
    def starts(self) -> list[datetime]:
        return self.series.planned_starts(self.now)

    @property
    def months(self) -> list[tuple[date, list[date]]]:
        """Each month that has a meeting, with its days."""
        days = [start.astimezone(self.series.tz).date() for start in self.starts]
        return [(date(*month, 1), list(group)) for month, group in groupby(days, key=lambda d: (d.year, d.month))]

    @property
    def told(self) -> str:
        """Who is told of the first one to come; nobody where there is none."""
        if not any(start > self.now for start in self.starts):
            return _("Nobody is told: there is no upcoming meeting.")
        return told("series-made", self.series, by=self.by, now=self.now)

    @property
    def deed(self) -> str:
        count = len(self.starts)
        return ngettext("Plan %(count)d meeting", "Plan %(count)d meetings", count) % {"count": count}

    @property
    def fingerprint(self) -> str:
        """Of what was shown: for whom, and when."""
        shown = (self.series.regional_office_id, self.series.county_id, self.starts)
        return hashlib.sha256(repr(shown).encode()).hexdigest()
