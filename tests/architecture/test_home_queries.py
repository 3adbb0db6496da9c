"""What the pages that gather everybody's panels cost, with something in each of them.

Beyond the three queries of every signed-in page: session, person, memberships.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from knowledge.models import Practice
from portal.events.deeds.reschedule import move
from purchasing.deeds.open import open_agreement
from tests.architecture.queries import SIGNED_IN, cost
from tests.conftest import sign_in
from tests.events.makers import make_item, make_meeting
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.people import Cast
from tests.purchasing.makers import make_agreement, make_draft, make_show


@pytest.fixture
def busy(cast: Cast) -> Practice:
    """A month of a county in which everything happens; the practice that all of it hangs on."""
    now = timezone.now()
    lately = now - timedelta(days=2)
    practice = make_practice(
        cast.geneva, title="Students repair Chromebooks", tags=("repair",), products=("Incident IQ",), at=lately
    )
    make_practice(cast.kaneland, title="Ours", at=lately)
    make_adoption(practice, cast.batavia, at=lately)
    make_adoption(practice, cast.kaneland, at=lately)
    make_answer(make_question(practice=practice, district=cast.batavia, at=lately), district=cast.geneva, at=lately)
    make_question(title="Which dock lasts?", district=cast.batavia, at=lately)
    meeting = make_meeting(cast, days=6, first_date=now.date() + timedelta(days=14))  # the first to come
    for title in ("One", "Two", "Three", "Four"):
        make_item(meeting, title, link=("practice", practice.pk))
    make_show(cast)
    make_agreement(cast, title="Docks", closes_in_days=9)
    born = make_draft(cast, title="Repair parts", born_of_kind="practice", born_of_id=practice.pk)
    open_agreement(born, by=cast.host, at=now - timedelta(days=20), closes_at=now + timedelta(days=10))
    move(meeting, meeting.starts_at + timedelta(days=1), by=cast.host, at=now, reason="Snow", quiet=True)
    return practice


@pytest.mark.parametrize("who", ["member", "buyer", "host", "officer"])
@pytest.mark.parametrize(("page", "most"), [("home", 12), ("district", 8), ("practice", 5)])
def test_a_page_of_panels_stays_within_its_queries(cast: Cast, busy: Practice, page: str, most: int, who: str) -> None:
    url = {"home": "/", "district": cast.kaneland.get_absolute_url(), "practice": busy.get_absolute_url()}[page]
    queries, _templates = cost(sign_in(Client(), getattr(cast, who)), url)
    assert queries - SIGNED_IN <= most


def test_the_panels_have_something_to_show(cast: Cast, busy: Practice) -> None:
    client = sign_in(Client(), cast.member)
    home = client.get("/").content.decode()
    for words in ("Docks", "Repair parts", "Which dock lasts?", "Students repair Chromebooks", "Three"):
        assert words in home, words
    practice = client.get(busy.get_absolute_url()).content.decode()
    for words in ("Repair parts", "Kane technology directors", "Incident IQ", "Batavia"):
        assert words in practice, words
