"""The queries of the pages that are opened most, beyond the three of every signed-in page. Times are measured by
script/bench and never asserted."""

from __future__ import annotations

import pytest
from django.test import Client

from knowledge.models import Practice
from portal.search.asking.finding import FEW
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
    "agreement": ("/agreements/{agreement}/", 5),
    "agreement with a what-if": ("/agreements/{agreement}/?quantity=240", 5),
    "agreements": ("/agreements/", 3),
    "search, practices alone": ("/search/?q=repair&kind=practice", 2),
    # Each further kind on the page asks its own source for its facts, and an item for its agreement's address.
    "search, three kinds": ("/search/?q=chromebook&kind=practice&kind=question&kind=agreement", 4),
    "search, five kinds": ("/search/?q=chromebook", 6),
    "search, where little is found": ("/search/?q=lasts", 6),
    "search, a word nobody uses": ("/search/?q=repair+zebra&kind=practice", 5),
}


MOST_QUESTIONS = {"search, where little is found": 5, "search, a word nobody uses": 3}
"""How often the engine is asked, where that is more than once."""


@pytest.fixture
def chapter(cast: Cast) -> dict[str, int]:
    """A practice with all that can hang on it, and the show's agreement."""
    practice = make_practice(
        cast.geneva, title="Students repair Chromebooks", tags=("repair",), products=("Incident IQ",), by=cast.neighbor
    )
    make_adoption(practice, cast.batavia, note="It works.")
    question = make_question(practice=practice, district=cast.kaneland, by=cast.buyer)
    make_answer(question, district=cast.geneva, by=cast.neighbor)
    for number in range(FEW):  # so many that search asks no further
        make_practice(cast.geneva, title=f"Chromebook repair {number}", tags=("repair",), by=cast.neighbor)
    make_question(title="Which Chromebook lasts?", district=cast.kaneland, by=cast.buyer)
    agreement = make_show(cast)
    return {"practice": practice.pk, "agreement": agreement.pk}


@pytest.mark.parametrize("who", ["member", "buyer", "host", "officer"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_what_is_written_here(cast: Cast, chapter: dict[str, int], page: str, who: str) -> None:
    url, queries = PAGES[page]
    found, _ = cost(sign_in(Client(), cast.everyone()[who]), url.format(**chapter))
    questions = MOST_QUESTIONS.get(page, 1) if page.startswith("search") else 0
    assert found - SIGNED_IN <= queries + questions * differences.queries_of_a_question()
    assert (Practice.objects.count(), Agreement.objects.count()) == (1 + FEW, 1)
