from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from knowledge.deeds.ask import MOST_ASKED, accept
from knowledge.deeds.rewrite import take_back
from knowledge.models import Practice, Question
from portal.districts.models import Role, User
from portal.limits import RECEIVED
from portal.notices.models import Notice, SwitchedOff
from portal.refusals import Refused
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.people import Cast, join, make_user


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


# --- a question that stands alone -------------------------------------------------------------------------------------
def test_the_members_of_the_county_hear_of_a_question_asked_alone(cast: Cast) -> None:
    make_question(district=cast.kaneland, by=cast.member)
    assert told() == [("question-alone", cast.neighbor.email), ("question-alone", cast.buyer.email)]


def test_those_elsewhere_who_do_what_its_tags_name_hear_of_it_too(cast: Cast) -> None:
    make_practice(cast.sycamore, by=cast.outsider, tags=("wifi",))
    make_question(title="Carts?", district=cast.kaneland, by=cast.member)
    assert cast.outsider.email not in {email for _kind, email in told()}
    make_question(district=cast.kaneland, by=cast.member, tags=("wifi",))
    assert ("question-alone", cast.outsider.email) in told()
    adopted = make_practice(cast.geneva, title="Other", tags=("dock",))
    make_adoption(adopted, cast.sycamore, by=cast.outsider, status="stopped", note="Too dear")
    Notice.objects.all().delete()
    make_question(title="Docks?", district=cast.kaneland, by=cast.member, tags=("dock",))
    assert ("question-alone", cast.outsider.email) in told()


def test_a_host_asks_the_county_and_an_officer_the_hosts(cast: Cast) -> None:
    make_question(district=None, by=cast.host)
    assert {email for _kind, email in told()} == {cast.member.email, cast.buyer.email, cast.neighbor.email}
    Notice.objects.all().delete()
    make_question(district=None, by=cast.officer)
    assert told() == [("question-alone", cast.host.email)]


def test_no_more_than_fifty_hear_of_it_and_those_who_do_it_come_first(cast: Cast) -> None:
    for number in range(MOST_ASKED + 5):
        join(make_user(f"person{number}@geneva.example", f"Person {number}"), Role.MEMBER, district=cast.geneva)
    late = make_user("late@sycamore.example", "Late")
    join(late, Role.MEMBER, district=cast.sycamore)
    make_practice(cast.sycamore, by=late, tags=("wifi",))
    SwitchedOff.objects.create(person=cast.neighbor, kind="question-alone")
    make_question(district=cast.kaneland, by=cast.member, tags=("wifi",))
    found = {email for _kind, email in told()}
    assert len(found) == MOST_ASKED
    assert late.email in found
    assert cast.neighbor.email not in found


def test_who_has_had_enough_of_these_mails_is_left_out_and_the_others_hear(cast: Cast) -> None:
    most = RECEIVED["question-alone"].most
    for number in range(most + 1):
        make_question(title=f"{number}?", district=cast.geneva, by=cast.neighbor)
    assert Notice.objects.filter(email=cast.member.email).count() == most
    make_question(district=cast.kaneland, by=cast.member)
    assert Notice.objects.filter(email=cast.neighbor.email).count() == 1


def test_a_question_taken_back_takes_no_answer(cast: Cast) -> None:
    question = make_question(district=cast.kaneland, by=cast.member)
    make_answer(question, district=cast.geneva, by=cast.neighbor)
    take_back(question, by=cast.member, at=NOON)
    assert question.removed_at is None, "as a page shows it that was read before"
    with pytest.raises(Refused, match="takes no more answers"):
        make_answer(question, district=cast.geneva, by=cast.neighbor)


@pytest.mark.parametrize(("gone", "said"), [("question", "This question was"), ("answer", "This answer was")])
def test_what_was_taken_back_meanwhile_is_not_accepted(cast: Cast, gone: str, said: str) -> None:
    question = make_question(district=cast.kaneland, by=cast.member)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    take_back(question if gone == "question" else given, by=cast.officer, at=NOON, reason="A student is named")
    with pytest.raises(Refused, match=said):
        accept(question, given, by=cast.member)
    assert Question.objects.get().accepted is None
