"""Deeds about people's rights, as they stand in Wagtail's log and its reports."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator,unused-ignore]
def register_log_actions(actions: Any) -> None:
    actions.register_action("districts.grant_membership", _("Grant a role"), _("Role granted"))
    actions.register_action("districts.end_membership", _("End a role"), _("Role ended"))
    actions.register_action("districts.invite", _("Invite"), _("Invitation sent"))
    actions.register_action("districts.decline_request", _("Decline a request"), _("Request to join declined"))
