"""Who may do what with districts and people. Every right follows from the memberships in force today.

`user` is a request's user or an account.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from portal.districts.models.grants import WaitingGrant, Why
from portal.districts.models.people import Membership, Role, User
from portal.districts.models.places import District, MailDomain, Place, domain_of
from portal.districts.models.standing import standing_of
from portal.text import clean, one_line

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
    return may_grant(user, membership.role, membership.where)


def why_wait(
    by: User | None,
    person: User,
    role: str,
    place: Place,
    *,
    on: date,
    here: Collection[int] = (),
    agreed: WaitingGrant | None = None,
) -> str:
    """The `Why` for which somebody else must agree before `by` gives `person` the role; "" where nobody needs to.

    `person` may be an account that is not made yet. `here` are the accounts that were signed in in the browser at
    hand, without the one that acts. `agreed` is what somebody else agreed to before. The operator needs nobody.
    """
    if by is None:
        return ""
    if are_one_person(by, person, here):
        covered = agreed is not None and agreed.why == Why.ONESELF and agreed.proposed_by_id == by.pk
        return "" if covered else Why.ONESELF
    if agreed is not None:
        return ""
    if role == Role.OFFICER and Membership.objects.officers(on).values("person").distinct().count() > 1:
        return Why.OFFICER
    if role == Role.BUYER and isinstance(place, District) and not _vouches(by, person, place):
        return Why.DOMAIN
    return ""


def _vouches(by: User, person: User, district: District) -> bool:
    """An officer or a buyer of the district says that it is theirs, or its mail domain does, which no other one has."""
    standing = standing_of(by)
    if standing.is_officer or district.pk in standing.buyer_district_ids:
        return True
    owners = MailDomain.objects.filter(domain=domain_of(person.email)).values_list("district_id", flat=True)
    return list(owners) == [district.pk]


def are_one_person(one: User, other: User, here: Collection[int] = ()) -> bool:
    """Whether two accounts share a confirmed mailbox, a name, or the browser at hand. One query."""
    if one.pk == other.pk or {one.pk, other.pk}.intersection(here) or _plain(one.name) == _plain(other.name) != "":
        return True
    rows = EmailAddress.objects.filter(user__in=[user.pk for user in (one, other) if user.pk], verified=True)
    confirmed = list(rows.values_list("user_id", "email"))
    return bool(_mailboxes(one, confirmed) & _mailboxes(other, confirmed))


def _plain(name: str) -> str:
    return one_line(clean(name)).casefold()


def _mailboxes(user: User, confirmed: list[tuple[int, str]]) -> set[str]:
    """An address with a tag ("ann+kane@") ends in the mailbox of the one without."""
    addresses = [user.email, *(address for pk, address in confirmed if pk == user.pk)]
    parts = [address.lower().rpartition("@") for address in addresses]
    return {f"{name.partition('+')[0]}@{domain}" for name, _at, domain in parts}


def may_agree(user: Any, waiting: WaitingGrant) -> bool:
    """Say yes or no to a waiting role: officers, and a buyer of the district to an address from outside.

    Nobody to what they proposed or would get; that they are not one person with either, and that whoever proposed it
    still may, is the deed's to judge.
    """
    standing = standing_of(user)
    if standing.person_id in {None, waiting.proposed_by_id, waiting.person_id} or user.email == waiting.email:
        return False
    return standing.is_officer or (waiting.why == Why.DOMAIN and waiting.district_id in standing.buyer_district_ids)


def may_take_back(user: Any, waiting: WaitingGrant) -> bool:
    """Whoever proposed it, while they still may."""
    return waiting.proposed_by_id == standing_of(user).person_id and may_grant(user, waiting.role, waiting.where)


def may_let_host_buy(user: Any, membership: Membership) -> bool:
    """Record why a buyer who hosts an office buys in agreements that it leads: an officer, for somebody else."""
    standing = standing_of(user)
    return standing.is_officer and membership.role == Role.BUYER and membership.person_id != standing.person_id


def may_see_rights(user: Any, district: District) -> bool:
    """Who got and lost which role there, when and by whom: its people, hosts of its office, officers."""
    standing = standing_of(user)
    hosts_it = district.regional_office_id in standing.office_ids
    return standing.is_officer or hosts_it or district.pk in standing.district_ids


def may_decide_request(user: Any, district: District, *, address_fits: bool = True) -> bool:
    """Whether somebody joins: officers, hosts of the district's office, and the district's own buyers.

    Somebody whose address is not in the district's mail domains is not the buyers' to take in.
    """
    as_buyer = address_fits and district.pk in standing_of(user).buyer_district_ids
    return may_grant(user, Role.MEMBER, district) or as_buyer


def may_run_chapter(user: Any) -> bool:
    """Set up, Reach."""
    return standing_of(user).is_officer
