"""A person's secret address for calendars: made, and taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.districts.models import User
from portal.events.models.feed_secret import FeedSecret


@transaction.atomic
def renew_address(person: User, *, at: datetime) -> str:
    """Its secret part, which is told once; the one before stops working."""
    return FeedSecret.renew(person, at)


@transaction.atomic
def revoke_address(person: User) -> None:
    FeedSecret.objects.filter(person=person).delete()
