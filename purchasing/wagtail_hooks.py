from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView, SnippetViewSet

from purchasing.models import BuyingRule
from purchasing.models.lifecycle import TRANSITIONS


@hooks.register("register_log_actions")
def agreement_actions(actions: Any) -> None:
    for row in TRANSITIONS:
        actions.register_action(f"purchasing.{row.verb}", row.label, row.label)
    for verb, label in (
        ("draft", _("Draft an agreement")),
        ("redraft", _("Change a draft agreement")),
        ("announce", _("Announce an agreement publicly")),
        ("hide", _("Take an agreement's announcement back")),
        ("withdraw", _("Withdraw a district's commitment")),
        ("restore", _("Take a district's withdrawal or lower quantity back")),
    ):
        actions.register_action(f"purchasing.{verb}", label, label)


class NewBuyingRule(CreateView):  # type: ignore[misc]
    def get_initial_form_instance(self) -> BuyingRule:
        """What is in force today, so that who changes one number does not set the others back."""
        return BuyingRule.on(timezone.localdate()).successor()


class BuyingRuleViewSet(SnippetViewSet):
    model = BuyingRule
    add_view_class = NewBuyingRule
    icon = "calendar"
    menu_label = _("Buying rules")
    list_display = ["in_force_from", "open_days", "notice_days", "fiscal_year_month"]
    panels = [FieldPanel(name) for name in list_display]


register_snippet(BuyingRuleViewSet)
