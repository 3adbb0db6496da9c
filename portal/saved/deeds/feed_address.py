"""A person's secret address for feeds of searches: made, and taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.districts.models import User
from portal.saved.models import SearchFeedSecret


@transaction.atomic
def renew_address(person: User, *, at: datetime) -> str:
    """Its secret part, which is told once; the one before stops working."""
    return SearchFeedSecret.renew(person, at)


@transaction.atomic
def revoke_address(person: User) -> None:
    SearchFeedSecret.objects.filter(person=person).delete()
