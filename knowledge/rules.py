"""Who may do what. A district is spoken for by its members alone; officers moderate."""

from __future__ import annotations

from typing import Any

from knowledge.models import Practice, Question
from portal.districts.models import District
from portal.districts.models.standing import standing_of


def may_post(user: Any) -> bool:
    """Members of a district post for it; hosts and officers have none of their own."""
    return bool(standing_of(user).districts)


def may_edit(user: Any, practice: Practice) -> bool:
    """Change or withdraw it."""
    standing = standing_of(user)
    return standing.is_officer or practice.district_id in standing.district_ids


def adopting_districts(user: Any, practice: Practice) -> list[District]:
    """The person's districts that may say "we do this too": all but the one whose practice it is."""
    return [district for district in standing_of(user).districts if district.pk != practice.district_id]


def may_ask(user: Any) -> bool:
    return standing_of(user).is_member


def may_answer(user: Any) -> bool:
    return standing_of(user).is_member


def may_accept(user: Any, question: Question) -> bool:
    """The person who asked, or an officer."""
    standing = standing_of(user)
    return standing.is_officer or (standing.is_member and question.author_id == standing.person_id)
