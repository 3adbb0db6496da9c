"""What a person may see and do, read once per request from the memberships in force today."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    buys_though_host_ids: frozenset[int] = frozenset()
    """Districts the person buys for even where they host the lead agency: an officer recorded why."""
    county_ids: frozenset[int] = frozenset()
    """Counties of the person's districts and of the offices they host."""
    office_counties: frozenset[tuple[int, int]] = frozenset()
    """(regional office, county) of each of the person's districts: one county may lie under several offices."""
    is_officer: bool = False
    is_member: bool = False
    district_ids: frozenset[int] = field(default=frozenset())
    office_ids: frozenset[int] = field(default=frozenset())
    """Regional offices the person hosts."""

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
