"""Deeds about people's rights and what they follow from, as they stand in Wagtail's log and its reports."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator,unused-ignore]
def register_log_actions(actions: Any) -> None:
    actions.register_action("districts.grant_membership", _("Grant a role"), _("Role granted"))
    actions.register_action("districts.end_membership", _("End a role"), _("Role ended"))
    actions.register_action("districts.let_host_buy", _("Record why a host may buy"), _("Host's buying decided"))
    actions.register_action("districts.propose_role", _("Propose a role"), _("Role waits for another's agreement"))
    actions.register_action("districts.agree_to_role", _("Agree to a role"), _("Waiting role agreed to"))
    actions.register_action("districts.refuse_role", _("Refuse a role"), _("Waiting role refused"))
    actions.register_action("districts.take_role_back", _("Take a waiting role back"), _("Waiting role taken back"))
    actions.register_action("districts.let_role_lapse", _("Let a waiting role lapse"), _("Waiting role lapsed"))
    actions.register_action("districts.invite", _("Invite"), _("Invitation sent"))
    actions.register_action("districts.decline_request", _("Decline a request"), _("Request to join declined"))
    actions.register_action("districts.withdraw_invitation", _("Withdraw an invitation"), _("Invitation withdrawn"))
    actions.register_action("districts.rename", _("Change a district's names"), _("District's names changed"))
    actions.register_action(
        "districts.change_mail_domains", _("Change a district's mail domains"), _("Mail domains changed")
    )
    actions.register_action(
        "districts.confirm_mail_domains", _("Confirm the proposed mail domains"), _("Mail domains confirmed")
    )
    actions.register_action(
        "districts.describe_chapter", _("Change the chapter's identity"), _("Chapter's identity changed")
    )
    actions.register_action("districts.import_directory", _("Import the directory"), _("Directory imported"))
