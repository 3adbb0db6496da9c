"""Panels of other features: one that has nothing to say costs no query of its own."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from knowledge.models import Practice
from portal.registry import PanelContext, shown_panels, with_panels
from purchasing.models import Agreement
from tests.events.makers import make_item, make_meeting
from tests.knowledge.makers import make_practice
from tests.people import Cast
from tests.purchasing.makers import make_agreement


def shown(practice: Practice, cast: Cast) -> tuple[list[str], int]:
    """The keys of the panels on its page, that of what is related left out, and the queries for them."""
    assert cast.member.standing.is_member
    found = with_panels("practice", Practice.objects.all()).get(pk=practice.pk)
    with CaptureQueriesContext(connection) as queries:
        panels = shown_panels("practice", PanelContext(user=cast.member, now=timezone.now(), about=found))
    return [panel["key"] for panel in panels if not panel["key"].startswith("search.related")], len(queries)


def test_one_query_for_each_that_has_something(cast: Cast) -> None:
    practice, other = make_practice(cast.geneva, title="Carts"), make_practice(cast.batavia, title="Labs")
    assert shown(practice, cast) == ([], 0)
    make_item(make_meeting(cast), link=("practice", practice.pk))
    assert shown(practice, cast) == (["events.discussed"], 1)
    agreement = make_agreement(cast)
    Agreement.objects.filter(pk=agreement.pk).update(born_of_kind="practice", born_of_id=practice.pk)
    assert sorted(shown(practice, cast)[0]) == ["agreements-of-practice", "events.discussed"]
    assert shown(other, cast) == ([], 0)


def test_what_is_behind_a_panel_shows_nothing_by_itself(cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Carts", audience="public")
    agreement = make_agreement(cast, districts=[cast.batavia])
    Agreement.objects.filter(pk=agreement.pk).update(born_of_kind="practice", born_of_id=practice.pk)
    assert shown(practice, cast) == ([], 1)
