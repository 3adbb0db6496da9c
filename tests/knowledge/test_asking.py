from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from knowledge.deeds.ask import accept
from knowledge.models import Practice, Question
from portal.districts.models import User
from portal.notices.models import Notice
from tests.knowledge.makers import make_answer, make_practice, make_question
from tests.people import Cast


def told() -> list[tuple[str, str]]:
    return sorted((notice.kind, notice.email) for notice in Notice.objects.all())


def test_the_author_of_a_practice_hears_of_a_question_and_the_asker_of_the_answer(cast: Cast) -> None:
    practice = make_practice(cast.geneva, by=cast.neighbor)
    question = make_question(practice=practice, district=cast.kaneland, by=cast.member)
    assert told() == [("question-asked", cast.neighbor.email)]
    make_answer(question, district=cast.geneva, by=cast.neighbor)
    assert told() == [("question-answered", cast.member.email), ("question-asked", cast.neighbor.email)]
    body = Notice.objects.get(kind="question-answered").body
    assert question.get_absolute_url() in body
    assert "After the safety hour, yes." in body


def test_an_author_who_left_is_replaced_by_the_districts_members(cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    Practice.objects.update(author=cast.outsider)
    make_question(practice=practice, district=cast.geneva, by=cast.neighbor)
    assert told() == [("question-asked", cast.buyer.email), ("question-asked", cast.member.email)]


def test_an_author_whose_account_is_closed_is_replaced_by_the_districts_members(cast: Cast) -> None:
    practice = make_practice(cast.kaneland, by=cast.member)
    User.objects.filter(pk=cast.member.pk).update(is_active=False)
    make_question(practice=practice, district=cast.geneva, by=cast.neighbor)
    assert told() == [("question-asked", cast.buyer.email)]


def test_an_answer_to_another_question_is_not_accepted(cast: Cast) -> None:
    question = make_question(district=cast.kaneland, by=cast.member)
    other = make_answer(make_question(title="Other?", district=cast.kaneland), district=cast.geneva)
    with pytest.raises(ValueError, match="another question"):
        accept(question, other, by=cast.member)


def test_a_deleted_accepted_answer_is_forgotten_and_the_count_is_true(cast: Cast) -> None:
    question = make_question(district=cast.kaneland, by=cast.member)
    given = make_answer(question, district=cast.geneva)
    accept(question, given, by=cast.member)
    given.delete()
    stored = Question.objects.get()
    assert (stored.accepted, stored.answer_count) == (None, 0)


def test_members_ask_and_answer_and_the_one_who_asked_accepts(cast: Cast) -> None:
    question = make_question(district=cast.kaneland, by=cast.member)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    with pytest.raises(PermissionDenied):
        make_question(by=cast.stranger)
    with pytest.raises(PermissionDenied):
        make_answer(question, by=cast.stranger)
    with pytest.raises(PermissionDenied):
        accept(question, given, by=cast.neighbor)
