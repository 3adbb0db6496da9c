"""Who sees what, in the table, in search and in counts: one rule."""

from __future__ import annotations

import pytest

from knowledge.models import Practice, Question
from portal.search.asking.finding import find
from tests.knowledge.makers import make_adoption, make_practice, make_question
from tests.people import Cast

ALL = {"visitor", "stranger", "outsider", "member", "buyer", "neighbor", "host", "officer"}
MEMBERS = ALL - {"visitor", "stranger"}
EXPECTED = {
    "public": ALL,
    "members": MEMBERS,
    "county": MEMBERS - {"outsider"},
    "district": {"neighbor", "officer"},
}


@pytest.mark.parametrize("audience", list(EXPECTED))
def test_a_practice_and_its_question_are_seen_by_its_audience_alone(cast: Cast, audience: str) -> None:
    practice = make_practice(cast.geneva, audience=audience, title="Zebra carts")
    make_question(practice=practice, title="Zebra wheels?", district=cast.geneva)
    for who, person in cast.everyone().items():
        seen = who in EXPECTED[audience]
        assert Practice.objects.visible_to(person).exists() is seen, who
        assert Question.objects.visible_to(person).exists() is seen, who
        assert find("zebra", user=person).total == (2 if seen else 0), who


def test_a_question_alone_is_for_members(cast: Cast) -> None:
    make_question(title="Who has moved to Wi-Fi 7?", district=cast.geneva)
    seen = {who for who, person in cast.everyone().items() if Question.objects.visible_to(person).exists()}
    found = {who for who, person in cast.everyone().items() if find("moved", user=person).total}
    assert seen == found == MEMBERS


def test_a_narrower_audience_takes_practice_and_question_out_of_search(cast: Cast) -> None:
    from knowledge.deeds.post import PracticeText, edit

    practice = make_practice(cast.geneva, audience="public", title="Zebra carts")
    make_question(practice=practice, title="Zebra wheels?", district=cast.geneva)
    assert find("zebra", user=cast.visitor).total == 2
    text = PracticeText(title="Zebra carts", what_we_do="Steps.", audience="district")
    edit(practice, text, version=practice.version, by=cast.neighbor, at=practice.posted_at)
    assert find("zebra", user=cast.visitor).total == 0
    assert find("zebra", user=cast.neighbor).total == 2


def test_a_district_that_moves_to_another_county_takes_what_its_county_sees_along(cast: Cast) -> None:
    make_practice(cast.geneva, audience="county", title="Zebra carts")
    cast.geneva.county = cast.dekalb
    cast.geneva.save()
    assert find("zebra", user=cast.outsider).total == 1
    assert find("zebra", user=cast.member).total == 0
    assert Practice.objects.visible_to(cast.outsider).exists()
    assert not Practice.objects.visible_to(cast.member).exists()


def test_the_fact_line_says_in_how_many_districts_and_how_many_like_mine(cast: Cast) -> None:
    practice = make_practice(cast.geneva, title="Zebra carts")
    make_adoption(practice, cast.batavia)
    [hit] = find("zebra", user=cast.member).hits
    assert hit.fact == "In use in 1 district, 1 like yours"


def test_a_product_is_public_only_while_a_public_practice_uses_it(cast: Cast) -> None:
    from knowledge.deeds.post import PracticeText, edit

    practice = make_practice(cast.geneva, audience="public", title="Carts", products=("Zebra",))
    assert find("zebra", user=cast.visitor, kinds=["product"]).total == 1
    text = PracticeText(title="Carts", what_we_do="Steps.", audience="public")
    edit(practice, text, version=practice.version, by=cast.neighbor, at=practice.posted_at)
    assert find("zebra", user=cast.visitor, kinds=["product"]).total == 0
    assert find("zebra", user=cast.member, kinds=["product"]).total == 1
