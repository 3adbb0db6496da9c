from __future__ import annotations

from django.test import Client
from django.urls import reverse

from purchasing.models import BuyingRule
from tests.conftest import sign_in
from tests.people import Cast


def test_an_officer_sets_the_buying_rules(cast: Cast, client: Client) -> None:
    sign_in(client, cast.officer)
    rules = "wagtailsnippets_purchasing_buyingrule"
    assert client.get(reverse(f"{rules}:list")).status_code == 200
    sent = {"in_force_from": "2027-07-01", "open_days": 14, "notice_days": 12, "fiscal_year_month": 10}
    assert client.post(reverse(f"{rules}:add"), sent).status_code == 302
    rule = BuyingRule.objects.get(in_force_from="2027-07-01")
    assert client.post(reverse(f"{rules}:edit", args=[rule.pk]), sent | {"notice_days": 15}).status_code == 302
    rule.refresh_from_db()
    assert (rule.open_days, rule.notice_days, rule.fiscal_year_month) == (14, 15, 10)


def test_a_new_rule_starts_from_the_one_in_force(cast: Cast, client: Client) -> None:
    BuyingRule.objects.create(in_force_from="2026-01-01", open_days=14, notice_days=12, fiscal_year_month=10)
    page = sign_in(client, cast.officer).get(reverse("wagtailsnippets_purchasing_buyingrule:add"))
    form = page.context["form"]
    names = ("in_force_from", "open_days", "notice_days", "fiscal_year_month")
    assert [form[name].value() for name in names] == [None, 14, 12, 10]


def test_of_purchasing_an_officer_gets_nothing_else(cast: Cast) -> None:
    """An agreement has a life of its own: nobody writes around it, nor into its ledgers."""
    granted = {name for name in cast.officer.get_group_permissions() if name.startswith("purchasing.")}
    assert granted == {f"purchasing.{verb}_buyingrule" for verb in ("add", "change", "delete", "view")}
