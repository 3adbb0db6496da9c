"""What a person may see and do, read once per request from the memberships in force today."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portal.districts.models.people import User
    from portal.districts.models.places import District, RegionalOffice


@dataclass(frozen=True, slots=True)
class Standing:
    """The places and roles of one person on one day.

    `is_member` is true for anybody with a membership in force: it opens what is shared with all members.
    A superuser stands where an officer stands. A visitor's standing has nothing in it.
    """

    person_id: int | None = None
    districts: tuple[District, ...] = ()
    offices: tuple[RegionalOffice, ...] = ()
    buyer_district_ids: frozenset[int] = frozenset()
    county_ids: frozenset[int] = frozenset()
    """Counties of the person's districts and of the offices they host."""
    office_counties: frozenset[tuple[int, int]] = frozenset()
    """(regional office, county) of each of the person's districts: one county may lie under several offices."""
    is_officer: bool = False
    is_member: bool = False
    district_ids: frozenset[int] = field(default=frozenset())
    office_ids: frozenset[int] = field(default=frozenset())
    """Regional offices the person hosts."""

    @classmethod
    def of(cls, user: User, *, on: date) -> Standing:
        """Read it from the database: one query."""
        from portal.districts.models.people import Role

        if not user.is_active:
            return cls()
        memberships = list(
            user.memberships.current(on)  # type: ignore[attr-defined]
            .select_related("district", "regional_office")
            .order_by("since", "pk")
        )
        districts = {m.district.pk: m.district for m in memberships if m.district is not None}
        offices = {m.regional_office.pk: m.regional_office for m in memberships if m.regional_office is not None}
        counties = {d.county_id for d in districts.values() if d.county_id is not None}
        for office in offices.values():
            counties.update(office.county_ids)
        return cls(
            person_id=user.pk,
            districts=tuple(districts.values()),
            offices=tuple(offices.values()),
            buyer_district_ids=frozenset(
                m.district_id for m in memberships if m.role == Role.BUYER and m.district_id is not None
            ),
            county_ids=frozenset(counties),
            office_counties=frozenset(
                (d.regional_office_id, d.county_id)
                for d in districts.values()
                if d.regional_office_id is not None and d.county_id is not None
            ),
            is_officer=user.is_superuser or any(m.role == Role.OFFICER for m in memberships),
            is_member=user.is_superuser or bool(memberships),
            district_ids=frozenset(districts),
            office_ids=frozenset(offices),
        )

    @property
    def district(self) -> District | None:
        """The district the person speaks for: the oldest membership's, None for hosts and officers."""
        return self.districts[0] if self.districts else None

    def audience_keys(self) -> frozenset[str]:
        """The keys of what this person may see; an object is visible when it carries one of them.

        `public`; `members`; `county:<id>`; `office-county:<id>:<id>` (members of the office's districts there);
        `district:<id>`; `office:<id>` (hosts); `person:<id>`; `officers`.
        """
        keys = {"public"}
        if self.person_id is not None:
            keys.add(f"person:{self.person_id}")
        if self.is_member:
            keys.add("members")
        if self.is_officer:
            keys.add("officers")
        keys.update(f"county:{pk}" for pk in self.county_ids)
        keys.update(f"office-county:{office}:{county}" for office, county in self.office_counties)
        keys.update(f"district:{pk}" for pk in self.district_ids)
        keys.update(f"office:{pk}" for pk in self.office_ids)
        return frozenset(keys)


VISITOR = Standing()


def standing_of(user: Any) -> Standing:
    """The standing of a request's user, signed in or not."""
    if user is None or not user.is_authenticated:
        return VISITOR
    standing: Standing = user.standing
    return standing
