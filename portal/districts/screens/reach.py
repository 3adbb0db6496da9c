"""How far the chapter reaches: who joined and was active, by county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from portal.districts.models.people import Membership, Role
from portal.districts.models.places import County, District

ACTIVE_DAYS = 30


@dataclass(frozen=True, slots=True)
class CountyReach:
    county: County
    districts: int
    districts_joined: int
    people: int
    active: int
    """People who signed in or did something in the last 30 days."""
    has_host: bool


def reach(on: date) -> list[CountyReach]:
    """Every county by name. Four queries for any number of counties."""
    listed = dict(
        District.objects.in_directory().filter(county__isnull=False).values_list("county").annotate(n=Count("pk"))
    )
    current = Membership.objects.active(on)
    joined = {
        row["district__county"]: row
        for row in current.filter(district__isnull=False)
        .order_by()
        .values("district__county")
        .annotate(
            people=Count("person", distinct=True),
            active=Count("person", distinct=True, filter=Q(person__last_seen__gte=on - timedelta(days=ACTIVE_DAYS))),
            districts=Count("district", distinct=True),
        )
    }
    hosted: set[int] = set()
    for county_ids in current.filter(role=Role.HOST).values_list("regional_office__county_ids", flat=True):
        hosted.update(county_ids)
    nothing = {"people": 0, "active": 0, "districts": 0}
    return [
        CountyReach(
            county=county,
            districts=listed.get(county.pk, 0),
            districts_joined=joined.get(county.pk, nothing)["districts"],
            people=joined.get(county.pk, nothing)["people"],
            active=joined.get(county.pk, nothing)["active"],
            has_host=county.pk in hosted,
        )
        for county in County.objects.all()
    ]
