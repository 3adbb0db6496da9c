"""A deed asks the rules itself, whoever calls it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal.districts.deeds import describe, grant, import_directory, invite, join, mail_domains
from portal.districts.models import Chapter, Membership, Role
from tests.districts.makers import make_invitation, make_join_request
from tests.people import Cast

NAMES = (
    *("grant", "end", "restore", "change the role", "invite", "withdraw", "decide"),
    *("describe the district", "confirm the domains", "answer a proposal", "describe the chapter", "import"),
)


def deeds_on(cast: Cast) -> dict[str, Callable[..., object]]:
    """Each as a function of `by` and `at`, about Sycamore, which lies under another office than the host's."""
    place, member = cast.sycamore, cast.outsider.memberships.get()
    invitation, _path = make_invitation("ann@sycamore.example", place)
    request = make_join_request(cast.stranger, place)
    return {
        "grant": lambda **who: grant.grant(cast.stranger, Role.MEMBER, place, **who),
        "end": lambda **who: grant.end(member, **who),
        "restore": lambda **who: grant.restore(member, **who),
        "change the role": lambda **who: grant.change_role(member, Role.BUYER, **who),
        "invite": lambda **who: invite.invite("bob@sycamore.example", "Bob", Role.MEMBER, place, **who),
        "withdraw": lambda **who: invite.withdraw(invitation, **who),
        "decide": lambda **who: join.decide(request, approve=True, **who),
        "describe the district": lambda **who: describe.describe_district(
            place, short_name="Sycamore", other_names=[], domains=[], **who
        ),
        "confirm the domains": lambda **who: mail_domains.confirm_proposed({place.pk: "sycamore.org"}, **who),
        "answer a proposal": lambda **who: mail_domains.answer_proposal(place, "sycamore.org", "refuse", **who),
        "describe the chapter": lambda **who: describe.describe_chapter(Chapter(), ["name"], **who),
        "import": lambda by, at: import_directory.import_directory([], by=by),
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_deed_is_refused_to_whom_the_rules_forbid_it(cast: Cast, name: str) -> None:
    deed = deeds_on(cast)[name]
    for person in (cast.stranger, cast.buyer, cast.host):
        with pytest.raises(PermissionDenied):
            deed(by=person, at=timezone.now())
    assert not Membership.objects.filter(person=cast.stranger).exists()
    deed(by=cast.officer, at=timezone.now())


def test_who_is_invited_comes_in_also_when_who_invited_them_has_left(cast: Cast) -> None:
    invitation, _path = make_invitation("ann@kaneland.example", cast.kaneland, by=cast.host)
    grant.end(cast.host.memberships.get(), by=cast.officer, at=timezone.now())
    assert invite.accept(invitation, at=timezone.now())[0].standing.is_member


def test_the_officers_group_follows_a_membership_however_it_goes(cast: Cast) -> None:
    other = cast.stranger
    membership = grant.grant(other, Role.OFFICER, None, by=cast.officer, at=timezone.now())
    assert other.groups.filter(name="Chapter officers").exists()
    Membership.objects.filter(pk=membership.pk).delete()
    assert not other.groups.filter(name="Chapter officers").exists()
