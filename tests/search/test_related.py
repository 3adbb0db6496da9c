"""Beside a thing stand others about the same, each with the reason, and only what the reader may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from knowledge.models import Practice
from portal.search.asking.related import related
from tests.conftest import sign_in
from tests.events.makers import make_meeting
from tests.knowledge.makers import make_adoption, make_practice, make_question
from tests.pages.makers import make_toolkit
from tests.people import Cast
from tests.purchasing.makers import make_agreement
from tests.search import differences


@pytest.fixture
def wifi(cast: Cast) -> Practice:
    return make_practice(
        cast.geneva, title="Wi-Fi in every classroom", tags=("wifi", "e-rate"), products=("Aruba",), audience="public"
    )


def seen(practice: Practice, user: object) -> dict[str, str]:
    found = related("practice", practice.pk, user)
    assert found is not None
    return {thing.title: thing.reason for thing in found}


def test_what_shares_tags_and_products_is_related_and_says_so(cast: Cast, wifi: Practice) -> None:
    make_practice(cast.batavia, title="Filing form 471", tags=("e-rate",))
    make_practice(cast.batavia, title="New access points", tags=("wifi", "e-rate"), products=("Aruba",))
    make_practice(cast.batavia, title="Cell phones in lockers", tags=("phones",))
    make_question(title="Which Aruba controllers last?", district=cast.batavia, tags=("wifi",))
    make_toolkit("Everything about E-Rate", tags=("e-rate",))
    assert {title: set(reason[7:].split(", ")) for title, reason in seen(wifi, cast.member).items()} == {
        "New access points": {"wifi", "e-rate", "Aruba"},
        "Filing form 471": {"e-rate"},
        "Which Aruba controllers last?": {"wifi"},
        "Everything about E-Rate": {"e-rate"},
    }
    assert next(iter(seen(wifi, cast.member))) == "New access points"


def test_titles_that_agree_in_two_words_are_related_and_one_word_is_not_enough(cast: Cast) -> None:
    ours = make_practice(cast.geneva, title="Repairing Chromebook screens")
    make_practice(cast.batavia, title="Chromebook screen spares")
    make_practice(cast.batavia, title="Screens in the hall")
    assert seen(ours, cast.member) == {"Chromebook screen spares": "Shares Chromebook, screens"}


def test_it_is_never_itself_and_at_most_four(cast: Cast, wifi: Practice) -> None:
    for number in range(8):
        make_practice(cast.batavia, title=f"Number {number}", tags=("wifi",))
    found = seen(wifi, cast.member)
    assert len(found) == 4
    assert wifi.title not in found


def test_where_the_best_are_all_of_one_kind_the_last_is_of_another(cast: Cast, wifi: Practice) -> None:
    for number in range(6):
        make_practice(cast.batavia, title=f"Number {number}", tags=("wifi", "e-rate"))
    make_question(title="Which controllers last?", district=cast.batavia, tags=("wifi",))
    found = list(seen(wifi, cast.member))
    assert found[-1] == "Which controllers last?"
    assert len(found) == 4


def test_what_nobody_does_any_more_comes_last(cast: Cast, wifi: Practice) -> None:
    longer = " ".join(f"word{number}" for number in range(30))
    make_practice(cast.batavia, title="First", what_we_do=longer, tags=("wifi",))
    given_up = make_practice(cast.batavia, title="Second", tags=("wifi",))
    assert list(seen(wifi, cast.member)) == ["Second", "First"]
    make_adoption(given_up, cast.sycamore, status="stopped")
    assert list(seen(wifi, cast.member)) == ["First", "Second"]


def test_spellings_of_one_label_are_told_once(cast: Cast) -> None:
    ours = make_practice(cast.geneva, title="Ours", tags=("google-workspace",), products=("Google Workspace",))
    make_practice(cast.batavia, title="Theirs", tags=("google-workspace",))
    assert seen(ours, cast.member) == {"Theirs": "Shares Google Workspace"}


def test_what_the_reader_may_not_see_is_not_related(cast: Cast, wifi: Practice) -> None:
    make_practice(cast.batavia, title="For the county", tags=("wifi",), audience="county")
    make_practice(cast.batavia, title="For members", tags=("wifi",), audience="members")
    assert set(seen(wifi, cast.member)) == {"For the county", "For members"}
    assert set(seen(wifi, cast.outsider)) == {"For members"}
    assert seen(wifi, cast.visitor) == seen(wifi, cast.stranger) == {}


def test_nothing_is_said_of_a_thing_that_the_reader_may_not_see(client: Client, cast: Cast) -> None:
    hidden = make_practice(cast.batavia, title="For the county", tags=("wifi",), audience="county")
    assert related("practice", hidden.pk, cast.outsider) is None
    assert related("practice", 987654, cast.member) is None
    url = reverse("search:related", args=["practice", hidden.pk])
    assert client.get(url).status_code == 404
    assert sign_in(client, cast.outsider).get(url).status_code == 404
    assert sign_in(client, cast.member).get(url).status_code == 200


def test_it_costs_two_queries_for_one_and_for_many(cast: Cast, wifi: Practice) -> None:
    make_practice(cast.batavia, title="First", tags=("wifi",))
    costs: list[int] = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            related("practice", wifi.pk, cast.member)
        costs.append(len(queries) - (1 if not costs else 0))  # the first reads the memberships
        for number in range(6):
            make_practice(cast.batavia, title=f"More {number}", tags=("wifi",))
    assert costs == [1 + differences.queries_of_a_search()] * 2


def test_pages_of_practices_agreements_meetings_and_toolkits_lead_to_it(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Chromebook carts", tags=("carts",))
    toolkit = make_toolkit("Cart toolkit", tags=("carts",))
    agreement = make_agreement(cast, title="Chromebook carts for nine districts")
    meeting = make_meeting(cast, title="Chromebook carts, a visit")
    sign_in(client, cast.host)
    things: dict[str, Any] = {"practice": practice, "toolkit": toolkit, "agreement": agreement, "meeting": meeting}
    for kind, thing in things.items():
        url = reverse("search:related", args=[kind, thing.pk])
        page = client.get(thing.get_absolute_url()).content.decode()
        assert f'hx-get="{url}"' in page
        assert f'href="{url}"' in page, "without scripts it is one link away"
        piece = client.get(url, headers={"HX-Request": "true"}).content.decode()
        assert 'id="related-title"' in piece
        assert "<html" not in piece
        whole = client.get(url).content.decode()
        assert "<h1>Related</h1>" in whole
        assert "Shares " in whole


def test_where_nothing_is_related_the_panel_goes_away_and_the_page_says_so(client: Client, cast: Cast) -> None:
    alone = make_practice(cast.geneva, title="Alone", audience="public")
    url = reverse("search:related", args=["practice", alone.pk])
    assert client.get(url, headers={"HX-Request": "true"}).content.strip() == b""
    assert "Nothing yet" in client.get(url).content.decode()
