"""Requests to join, and roles that wait, as something that needs an answer."""

from django.utils.translation import gettext as _

from portal.districts import rules
from portal.districts.models.grants import WaitingGrant
from portal.districts.models.joining import JoinRequest
from portal.districts.models.standing import standing_of
from portal.registry import Need, PanelContext


def needs(context: PanelContext) -> list[Need]:
    """The oldest three requests this person may answer. One query, none for people who answer nothing."""
    standing = standing_of(context.user)
    if not (standing.is_officer or standing.office_ids or standing.buyer_district_ids):
        return []
    waiting = JoinRequest.objects.waiting().decidable_by(context.user).select_related("person", "district")[:3]
    return [
        Need(
            text=_("%(person)s asks to join %(district)s.") % {"person": asked.person, "district": asked.district},
            url=f"{asked.district.get_absolute_url()}#requests",
            deed=_("Answer"),
        )
        for asked in waiting
    ]


def waiting_roles(context: PanelContext) -> list[Need]:
    """The oldest three roles that this officer may agree to. One query, none for others: their mail leads there."""
    if not standing_of(context.user).is_officer:
        return []
    rows = WaitingGrant.objects.waiting().select_related("person", "district", "regional_office")
    return [
        Need(
            text=_("%(who)s waits to be %(role)s of %(place)s.")
            % {"who": waiting.who, "role": waiting.get_role_display().lower(), "place": waiting.place},
            url=f"{waiting.page}#waiting",
            deed=_("Look at it"),
            by=waiting.expires_at,
        )
        for waiting in rows[:20]
        if rules.may_agree(context.user, waiting)
    ][:3]
