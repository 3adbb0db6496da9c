"""What knowledge offers for an agenda, and names as needed: how far back it looks."""

from __future__ import annotations

from datetime import timedelta

from portal.districts.models import User
from portal.registry import PanelContext, agenda_sources, need_sources
from tests.knowledge.makers import NOON, make_adoption, make_practice, make_question
from tests.people import Cast

MOMENT = timedelta(microseconds=1)


def offered(cast: Cast) -> list[str]:
    return [row.title for row in agenda_sources["knowledge"].suggest([cast.kane.pk], cast.host, NOON)]


def test_confirmations_of_the_last_forty_five_days_are_offered(cast: Cast) -> None:
    practice, edge = make_practice(cast.sycamore, title="Carts"), NOON - timedelta(days=45)
    make_adoption(practice, cast.geneva, at=edge - MOMENT)
    assert offered(cast) == []
    make_adoption(practice, cast.geneva, at=edge)
    assert offered(cast) == ["Carts"]


def test_questions_of_the_last_ninety_days_are_offered_and_needed(cast: Cast) -> None:
    edge = NOON - timedelta(days=90)
    for title, at in (("Too old?", edge - MOMENT), ("Oldest?", edge)):
        make_question(title=title, district=cast.geneva, by=cast.neighbor, at=at)
    assert offered(cast) == ["Oldest?"]
    needed = need_sources["knowledge.questions"].load(PanelContext(User.objects.get(pk=cast.member.pk), NOON))
    assert [need.text for need in needed] == ["Geneva asks: Oldest?"]
