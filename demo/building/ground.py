"""What every part of the build stands on: the day it is built for, and the places and people made first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from knowledge.models import Practice
from portal.districts.models import County, District, RegionalOffice, User
from purchasing.models import Agreement

CHAPTER_NAME = "Illinois Chapter of CoSN"
ZONE = ZoneInfo("America/Chicago")
FRIDAY = 4


@dataclass
class Ground:
    """`now` is the end of the story: nothing is dated after it but what lies ahead on purpose."""

    now: datetime
    counties: dict[str, County] = field(default_factory=dict)
    offices: dict[str, RegionalOffice] = field(default_factory=dict)
    districts: dict[str, District] = field(default_factory=dict)
    directors: dict[str, User] = field(default_factory=dict)
    """By the district's key: its member and buyer."""
    network_admins: dict[str, User] = field(default_factory=dict)
    hosts: dict[str, User] = field(default_factory=dict)
    """By the office's code."""
    officers: list[User] = field(default_factory=list)
    practices: dict[str, Practice] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZONE).date()

    def day(self, days: int) -> date:
        """So many days after the build day; before it where negative."""
        return self.today + timedelta(days=days)

    def at(self, days: int, clock: time = time(10, 20)) -> datetime:
        """An instant so many days from the build day, by the clock in Illinois; what is past is never after now."""
        instant = datetime.combine(self.day(days), clock, tzinfo=ZONE)
        return min(instant, self.now) if days <= 0 else instant

    def spread(self, days_ago: int, key: str) -> datetime:
        """Some minute of the working day so many days ago, always the same for the same `key`; Friday for a weekend."""
        minutes = sum(key.encode()) * 37 % 540
        weekend = max(self.day(-days_ago).weekday() - FRIDAY, 0)
        return self.at(-days_ago - weekend, time(7 + minutes // 60, minutes % 60))
