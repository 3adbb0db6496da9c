"""A role that waits is decided once, whoever decides it at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone
from wagtail.models import ModelLogEntry

from portal.districts.deeds.agree import agree, lapse_roles, refuse, take_back
from portal.districts.deeds.invite import invite
from portal.districts.models import Invitation, Role, User, WaitingGrant
from portal.districts.models.grants import Outcome
from tests.people import Cast, join, make_cast, make_user
from tests.purchasing.test_races import at_once

NOW = timezone.now()
DECIDED = ("agree_to_role", "refuse_role", "take_role_back", "let_role_lapse")


@pytest.fixture
def crowd(transactional_db: None) -> Cast:
    """With three more officers, each read before the race."""
    cast = make_cast()
    for number in range(3):
        join(make_user(f"officer{number}@chapter.example", f"Officer {number}"), Role.OFFICER)
    return cast


def propose(cast: Cast) -> WaitingGrant:
    made = invite("new@chapter.example", "New officer", Role.OFFICER, None, by=cast.officer, at=NOW)
    assert isinstance(made, WaitingGrant)
    return made


def decisions(waiting: WaitingGrant) -> int:
    actions = [f"districts.{name}" for name in DECIDED]
    return len(ModelLogEntry.objects.filter(action__in=actions, object_id=str(waiting.pk)))


def test_officers_who_agree_at_the_same_moment_send_one_invitation(crowd: Cast) -> None:
    waiting = propose(crowd)
    others = list(User.objects.filter(email__startswith="officer", memberships__role=Role.OFFICER))
    deeds = [partial(agree, waiting, by=person, at=NOW) for person in others if person != crowd.officer]
    ended = at_once(deeds)
    assert sorted(type(end).__name__ for end in ended) == ["Refused", "Refused", "WaitingGrant"], ended
    assert Invitation.objects.count() == 1
    assert decisions(waiting) == 1


def test_of_an_agreement_a_refusal_and_a_taking_back_one_holds(crowd: Cast) -> None:
    for _round in range(4):
        waiting = propose(crowd)
        one, two = User.objects.filter(email__in=["officer0@chapter.example", "officer1@chapter.example"])
        ended = at_once(
            [
                partial(agree, waiting, by=one, at=NOW),
                partial(refuse, waiting, by=two, at=NOW),
                partial(take_back, waiting, by=crowd.officer, at=NOW),
            ]
        )
        assert sorted(type(end).__name__ for end in ended) == ["Refused", "Refused", "WaitingGrant"], ended
        assert decisions(waiting) == 1
        waiting.refresh_from_db()
        agreed = Invitation.objects.filter(agreed=waiting).exists()
        assert agreed is (waiting.outcome == Outcome.AGREED)


def test_two_clocks_let_it_lapse_once(crowd: Cast) -> None:
    waiting = propose(crowd)
    assert sorted(at_once([partial(lapse_roles, waiting.expires_at)] * 2)) == [0, 1]
    assert decisions(waiting) == 1


def test_proposed_by_two_at_the_same_moment_it_waits_once(crowd: Cast) -> None:
    one = User.objects.get(email="officer0@chapter.example")
    said = ("new@chapter.example", "New officer", Role.OFFICER, None)
    ended = at_once([partial(invite, *said, by=person, at=NOW) for person in (crowd.officer, one)])
    assert ended[0] == ended[1] == WaitingGrant.objects.get()
