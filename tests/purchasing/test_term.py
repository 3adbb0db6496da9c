"""An agreement past its term is nowhere among those ready to order."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.refusals import Refused
from portal.search.asking.finding import find
from portal.search.models import Entry
from purchasing import rules
from purchasing.deeds.award import activate_agreement
from purchasing.deeds.close import refile_ended
from purchasing.models import Agreement
from purchasing.models.lifecycle import TERM_ENDED, State
from tests.conftest import sign_in
from tests.people import Cast
from tests.purchasing.makers import make_draft
from tests.purchasing.test_lifecycle import put


def active(cast: Cast, title: str, ends_in_days: int | None, zone: str = "America/Chicago") -> Agreement:
    agreement = make_draft(cast, title=title, zone=zone)
    put(agreement, State.ACTIVE)
    ends = None if ends_in_days is None else timezone.localdate() + timedelta(days=ends_in_days)
    Agreement.objects.filter(pk=agreement.pk).update(term_ends_on=ends)
    agreement.refresh_from_db()
    return agreement


def test_the_filter_tells_those_past_their_term_apart(client: Client, cast: Cast) -> None:
    for title, days in (("Docks", -1), ("Carts", 0), ("Cables", None)):
        active(cast, title, days)
    sign_in(client, cast.member)

    def titles(state: str) -> set[str]:
        return {row.agreement.title for row in client.get(f"/agreements/?state={state}").context["rows"]}

    assert titles("active") == {"Carts", "Cables"}
    assert titles("term-ended") == {"Docks"}


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Chicago", "Pacific/Honolulu"])
def test_the_queryset_and_the_row_judge_the_same_day(cast: Cast, zone: str) -> None:
    agreement = active(cast, "Docks", 0, zone)
    active(cast, "Another zone", 0, "Pacific/Auckland")
    assert agreement.term_ends_on is not None
    midnight = datetime.combine(agreement.term_ends_on + timedelta(days=1), datetime.min.time(), agreement.tz)
    for now, over in ((midnight - timedelta(microseconds=1), False), (midnight, True)):
        ended, ready = (Agreement.objects.in_state_at(place, now) for place in (TERM_ENDED, State.ACTIVE))
        assert agreement.is_past_term_at(now) is over
        assert (agreement in ended, agreement in ready) == (over, not over)


def test_search_files_it_anew_when_its_term_ends(cast: Cast) -> None:
    agreement, now = active(cast, "Docks", 0), timezone.now()
    active(cast, "Carts", 40)
    statuses = Entry.objects.filter(kind__in=["agreement", "line-item"], title__in=["Docks", "Chromebook"])
    assert set(statuses.values_list("status", flat=True)) == {"active"}
    assert refile_ended(now) == 0
    Agreement.objects.filter(pk=agreement.pk).update(term_ends_on=timezone.localdate() - timedelta(days=1))
    Entry.objects.filter(kind__in=["agreement", "line-item"]).update(status="active")  # as before the day passed
    assert refile_ended(now) == 1
    assert refile_ended(now) == 0
    filed = Entry.objects.get(kind="agreement", object_id=agreement.pk)
    assert filed.status == TERM_ENDED
    assert Entry.objects.get(kind="line-item", object_id=agreement.lines.get().pk).status == TERM_ENDED
    assert find("status:term-ended", user=cast.member).total


def test_nobody_makes_it_ready_to_order_after_its_last_day(cast: Cast) -> None:
    agreement, today = make_draft(cast), timezone.localdate()
    put(agreement, State.AWARDED)
    for days in (-1, 0):
        ends = today + timedelta(days=days)
        began = today - timedelta(days=30)
        if days < 0:
            with pytest.raises(Refused, match="The term has ended already"):
                activate_agreement(agreement, by=cast.host, at=timezone.now(), effective_on=began, term_ends_on=ends)
        else:
            activate_agreement(agreement, by=cast.host, at=timezone.now(), effective_on=began, term_ends_on=ends)
    assert agreement.state == State.ACTIVE


def test_what_cannot_be_resumed_offers_no_button(cast: Cast) -> None:
    agreement = active(cast, "Docks", -1)
    put(agreement, State.SUSPENDED)
    assert "resume" not in {row.verb for row in rules.verbs_at(cast.host, agreement, timezone.now())}
