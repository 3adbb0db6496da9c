"""Who may do what with districts and people. Every right follows from the memberships in force today.

`user` is a request's user or an account.
"""

from __future__ import annotations

from typing import Any

from portal.districts.models.people import Membership, Role
from portal.districts.models.places import District, Place
from portal.districts.models.standing import standing_of

DISTRICT_ROLES = frozenset({Role.MEMBER, Role.BUYER})


def may_edit_district(user: Any, district: District) -> bool:
    """Its names and mail domains."""
    return standing_of(user).is_officer


def may_ask_to_join(user: Any, district: District) -> bool:
    return not standing_of(user).is_member


def may_see_people(user: Any) -> bool:
    """The screen of memberships: hosts for the districts of their offices, officers for all."""
    standing = standing_of(user)
    return standing.is_officer or bool(standing.office_ids)


def may_grant(user: Any, role: str, place: Place) -> bool:
    """Officers grant every role; a host makes members and buyers in the districts of an office they host.

    Nobody grants a role above their own, and nobody else grants any.
    """
    standing = standing_of(user)
    if standing.is_officer:
        return True
    return role in DISTRICT_ROLES and isinstance(place, District) and place.regional_office_id in standing.office_ids


def may_change_membership(user: Any, membership: Membership) -> bool:
    """End it, take the end back, or change its role: whoever may grant it."""
    return may_grant(user, membership.role, membership.district or membership.regional_office)


def may_decide_request(user: Any, district: District, *, address_fits: bool = True) -> bool:
    """Whether somebody joins: officers, hosts of the district's office, and the district's own buyers.

    Somebody whose address is not in the district's mail domains is not the buyers' to take in.
    """
    as_buyer = address_fits and district.pk in standing_of(user).buyer_district_ids
    return may_grant(user, Role.MEMBER, district) or as_buyer


def may_run_chapter(user: Any) -> bool:
    """Set up, Reach."""
    return standing_of(user).is_officer
