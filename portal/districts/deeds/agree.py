"""The answer to a role that waits: agreed, refused, taken back, or none in 14 days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from portal.districts import rules
from portal.districts.deeds.grant import enroll, place_people
from portal.districts.deeds.invite import send_invitation
from portal.districts.models.grants import Outcome, WaitingGrant
from portal.districts.models.people import User
from portal.districts.models.standing import standing_of
from portal.districts.signals import notice_due
from portal.refusals import Refused

ACTIONS = {
    Outcome.AGREED: "agree_to_role",
    Outcome.REFUSED: "refuse_role",
    Outcome.TAKEN_BACK: "take_role_back",
    Outcome.LAPSED: "let_role_lapse",
}


def agree(waiting: WaitingGrant, *, by: User, at: datetime, here: Collection[int] = ()) -> WaitingGrant:
    """The person has the role from today; who has no account yet is invited. Raises `Refused` where it is decided.

    And where whoever agrees looks like the one who proposed it, or who gets it: `here` are the other accounts that
    were signed in in the browser at hand.
    """
    with transaction.atomic():
        stored = _locked(waiting, at)
        if not rules.may_agree(by, stored):
            raise PermissionDenied
        _judge(stored, by, here)
        _decide(stored, Outcome.AGREED, by, at)
        if stored.person is not None:
            enroll(stored.person, stored.role, stored.where, by=stored.proposed_by, at=at, agreed_by=by)
        else:
            send_invitation(
                stored.email, stored.name, stored.role, stored.where, by=stored.proposed_by, at=at, agreed=stored
            )
    return stored


def _judge(waiting: WaitingGrant, by: User, here: Collection[int]) -> None:
    proposer = waiting.proposed_by
    person = waiting.person or User(email=waiting.email, name=waiting.name)
    for other in (proposer, person):
        if other is not None and rules.are_one_person(by, other, here):
            raise Refused(
                _("You and %(other)s look like the same person. Another chapter officer decides this.")
                % {"other": other}
            )
    if standing_of(by).is_officer:
        return
    if proposer is None or not rules.may_grant(proposer, waiting.role, waiting.where):
        raise Refused(_("Whoever proposed this may no longer do so. A chapter officer decides it now."))


def refuse(waiting: WaitingGrant, *, by: User, at: datetime) -> WaitingGrant:
    """Nobody gets the role. Raises `Refused` where somebody was faster."""
    with transaction.atomic():
        stored = _locked(waiting, at)
        if not rules.may_agree(by, stored):
            raise PermissionDenied
        _decide(stored, Outcome.REFUSED, by, at)
    return stored


def take_back(waiting: WaitingGrant, *, by: User, at: datetime) -> WaitingGrant:
    """Whoever proposed it no longer does. Raises `Refused` where somebody was faster."""
    with transaction.atomic():
        stored = _locked(waiting, at)
        if not rules.may_take_back(by, stored):
            raise PermissionDenied
        _decide(stored, Outcome.TAKEN_BACK, by, at)
    return stored


def lapse_roles(now: datetime) -> int:
    """Close what nobody agreed to in time, each in a transaction of its own; how many."""
    lapsed = 0
    for pk in WaitingGrant.objects.due(now).values_list("pk", flat=True):
        with transaction.atomic():
            stored = _rows().filter(pk=pk, decided_at=None).first()
            if stored is not None:
                _decide(stored, Outcome.LAPSED, None, now)
                lapsed += 1
    return lapsed


def _rows() -> QuerySet[WaitingGrant]:
    return WaitingGrant.objects.select_for_update(of=("self",)).select_related(
        "person", "district", "regional_office", "proposed_by"
    )


def _locked(waiting: WaitingGrant, at: datetime) -> WaitingGrant:
    stored = _rows().get(pk=waiting.pk)
    if reason := stored.closed_because(at):
        raise Refused(reason)
    return stored


def _decide(waiting: WaitingGrant, outcome: Outcome, by: User | None, at: datetime) -> None:
    """Written, logged and told to who proposed it and to the officers; to the person where nothing else tells them."""
    waiting.decided_at, waiting.decided_by, waiting.outcome = at, by, outcome
    waiting.save(update_fields=["decided_at", "decided_by", "outcome"])
    data = {"role": waiting.role, "place": waiting.place, "email": waiting.email}
    log(instance=waiting, action=f"districts.{ACTIONS[outcome]}", user=by, timestamp=at, data=data)
    people = [*place_people(None, at=at), waiting.proposed_by, None if outcome == Outcome.AGREED else waiting.person]
    notice_due.send(
        sender=WaitingGrant,
        kind="role-decided",
        people=[person for person in people if person is not None and person != by],
        key=f"role-decided:{waiting.pk}",
        at=at,
        context={"waiting": waiting},
    )
