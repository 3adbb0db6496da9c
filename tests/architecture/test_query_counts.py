"""The queries of the pages that are opened most, beyond the three of every signed-in page. Times are measured by
script/bench and never asserted."""

from __future__ import annotations

import pytest
from django.test import Client

from knowledge.models import Practice
from purchasing.models import Agreement
from tests.architecture.queries import SIGNED_IN, cost
from tests.conftest import sign_in
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.people import Cast
from tests.purchasing.makers import make_show
from tests.search import differences

PAGES = {
    "practices": ("/practices/", 4),
    "practices with every filter": (
        "/practices/?kind=how&status=in_use&county=kane&tag=repair&product=incident-iq",
        4,
    ),
    "practice": ("/practices/{practice}/", 5),
    "agreement": ("/agreements/{agreement}/", 4),
    "agreement with a what-if": ("/agreements/{agreement}/?quantity=240", 4),
    "agreements": ("/agreements/", 3),
    "search, practices alone": ("/search/?q=repair&kind=practice", 2),
    "search, every kind": ("/search/?q=chromebook", 4),
}


@pytest.fixture
def chapter(cast: Cast) -> dict[str, int]:
    """A practice with all that can hang on it, and the show's agreement."""
    practice = make_practice(
        cast.geneva, title="Students repair Chromebooks", tags=("repair",), products=("Incident IQ",), by=cast.neighbor
    )
    make_adoption(practice, cast.batavia, note="It works.")
    question = make_question(practice=practice, district=cast.kaneland, by=cast.buyer)
    make_answer(question, district=cast.geneva, by=cast.neighbor)
    make_question(title="Which Chromebook lasts?", district=cast.kaneland, by=cast.buyer)
    agreement = make_show(cast)
    return {"practice": practice.pk, "agreement": agreement.pk}


@pytest.mark.parametrize("who", ["member", "buyer", "host", "officer"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_what_is_written_here(cast: Cast, chapter: dict[str, int], page: str, who: str) -> None:
    url, queries = PAGES[page]
    found, _ = cost(sign_in(Client(), cast.everyone()[who]), url.format(**chapter))
    questions = {"search, practices alone": 1, "search, every kind": 2}.get(page, 0)  # the second looks for near words
    assert found - SIGNED_IN <= queries + questions * differences.QUERIES_OF_A_QUESTION
    assert Practice.objects.count() == Agreement.objects.count() == 1
