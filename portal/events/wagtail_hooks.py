"""Deeds that stand in Wagtail's log, beside what officers do in the admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry

ACTIONS = {
    "events.make_series": _("Make a meeting series"),
    "events.change_series": _("Change a meeting series"),
    "events.add_meeting": _("Add a meeting"),
    "events.change": _("Change a meeting"),
    "events.move": _("Move a meeting"),
    "events.cancel": _("Cancel a meeting"),
    "events.reinstate": _("Reinstate a canceled meeting"),
    "events.remove_item": _("Take an item off an agenda"),
    "events.change_decision": _("Change a decision in the minutes"),
    "events.change_action": _("Change an action in the minutes"),
    "events.hold": _("Record a meeting as held"),
    "events.circulate": _("Send out minutes"),
    "events.approve": _("Approve minutes"),
}


@hooks.register("register_log_actions")  # type: ignore[untyped-decorator]
def register_log_actions(actions: LogActionRegistry) -> None:
    for name, label in ACTIONS.items():
        actions.register_action(name, label, label)
