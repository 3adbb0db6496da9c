"""Practices, adoptions and questions for any test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from knowledge.deeds.adopt import AdoptionText, adopt
from knowledge.deeds.ask import answer, ask
from knowledge.deeds.post import PracticeText, post
from knowledge.models import Adoption, Answer, Practice, Question
from portal.districts.models import District, User

NOON = datetime(2026, 11, 2, 18, 0, tzinfo=UTC)


def make_practice(
    district: District,
    *,
    title: str = "Students repair Chromebooks",
    by: User | None = None,
    at: datetime = NOON,
    **text: Any,
) -> Practice:
    """A published practice of `district`; `text` overrides fields of `PracticeText`."""
    words = {"what_we_do": "Two periods a day, six students, one bench."} | text
    return post(PracticeText(title=title, **words), district=district, by=by, at=at)


def make_adoption(
    practice: Practice, district: District, *, by: User | None = None, at: datetime = NOON, **text: Any
) -> Adoption:
    """ "We do this too", in use unless `status` says otherwise; `text` overrides fields of `AdoptionText`."""
    return adopt(practice, district, AdoptionText(**text), by=by, at=at)


def make_question(
    *,
    title: str = "Do you let freshmen do board swaps?",
    body: str = "",
    practice: Practice | None = None,
    district: District | None = None,
    by: User | None = None,
    at: datetime = NOON,
    tags: tuple[str, ...] = (),
) -> Question:
    return ask(title, body, district=district, by=by, at=at, practice=practice, tags=tags)


def make_answer(
    question: Question,
    *,
    body: str = "After the safety hour, yes.",
    district: District | None = None,
    by: User | None = None,
    at: datetime = NOON,
) -> Answer:
    return answer(question, body, district=district, by=by, at=at)
