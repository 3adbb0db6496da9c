"""A question or an answer changed and taken back by its author, and hidden by an officer."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from knowledge.deeds.adopt import hide_note
from knowledge.deeds.ask import accept
from knowledge.deeds.post import withdraw
from knowledge.deeds.rewrite import restore, rewrite, take_back
from knowledge.models import Adoption, Answer, Practice, Question
from knowledge.rules import moderates
from portal.districts.models import Role
from portal.notices.models import Notice
from portal.refusals import Refused, Stale
from portal.search.asking.finding import find
from tests.conftest import sign_in
from tests.html import packed
from tests.knowledge.makers import NOON, make_adoption, make_answer, make_practice, make_question
from tests.people import Cast, join

LATER = NOON + timedelta(hours=1)


def asked(cast: Cast) -> Question:
    return make_question(title="Zebra carts?", body="For the gym.", district=cast.kaneland, by=cast.member)


def test_own_words_are_changed_by_the_page_and_marked(cast: Cast) -> None:
    question = asked(cast)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    for person, url, typed in (
        (cast.member, f"/questions/{question.pk}/edit/", {"title": "Zebra benches?", "body": "", "tags": "repair"}),
        (cast.neighbor, f"/answers/{given.pk}/edit/", {"body": "Only after the safety hour."}),
    ):
        client = sign_in(Client(), person)
        opened = client.get(url)
        sent = typed | {"over": opened.context["form"]["over"].value()}
        page = packed(client.post(url, sent, follow=True))
        assert "edited" in page
    assert "Zebra benches?" in page
    assert "Only after the safety hour." in page
    stored = Question.objects.get()
    assert (stored.title, [tag.slug for tag in stored.tags.all()]) == ("Zebra benches?", ["repair"])
    assert find("benches", user=cast.outsider).total == 1


def test_words_that_stay_as_they_were_are_not_marked(cast: Cast) -> None:
    question = asked(cast)
    rewrite(question, question.words(), over=question.digest(), by=cast.member, at=LATER)
    assert Question.objects.get().edited_at is None


def test_what_somebody_changed_meanwhile_is_shown_and_not_lost(cast: Cast) -> None:
    question = asked(cast)
    over = question.digest()
    Question.objects.update(title="Put right by an officer")
    with pytest.raises(Stale, match="It now says: Put right by an officer"):
        rewrite(question, {"title": "Mine", "body": ""}, over=over, by=cast.member, at=LATER)
    client = sign_in(Client(), cast.member)
    stale = client.post(f"/questions/{question.pk}/edit/", {"title": "Mine", "over": over})
    assert stale.status_code == 409
    assert 'value="Mine"' in stale.content.decode()


def test_nobody_changes_or_takes_back_what_another_wrote(cast: Cast) -> None:
    question = asked(cast)
    for person in (cast.buyer, cast.neighbor, cast.host, cast.officer):
        with pytest.raises(PermissionDenied):
            rewrite(question, question.words(), over=question.digest(), by=person, at=LATER)
    for person in (cast.buyer, cast.neighbor, cast.host):
        with pytest.raises(PermissionDenied):
            take_back(question, by=person, at=LATER, reason="I do not like it")


def test_a_question_nobody_answered_is_gone_when_it_is_taken_back_and_comes_back_by_undo(cast: Cast) -> None:
    question = asked(cast)
    client = sign_in(Client(), cast.member)
    page = client.post(f"/questions/{question.pk}/take-back/", follow=True).content.decode()
    assert "This question was taken back" in page
    assert "Zebra carts?" not in page
    for person in (cast.neighbor, cast.outsider, cast.host):
        assert not Question.objects.visible_to(person).exists()
        assert find("zebra", user=person).total == 0
        assert "Zebra carts?" not in sign_in(Client(), person).get("/questions/").content.decode()
    assert f'action="/questions/{question.pk}/restore/"' in page
    assert "Zebra carts?" in client.post(f"/questions/{question.pk}/restore/", follow=True).content.decode()
    assert find("zebra", user=cast.outsider).total == 1


def test_where_others_answered_a_line_stays_and_their_answers_with_it(cast: Cast) -> None:
    question = asked(cast)
    make_answer(question, body="Ask Batavia.", district=cast.geneva, by=cast.neighbor)
    take_back(question, by=cast.member, at=LATER)
    page = packed(sign_in(Client(), cast.outsider).get(question.get_absolute_url()))
    assert "This question was taken back" in page
    assert "Ask Batavia." in page
    assert "Zebra carts?" not in page
    assert "For the gym." not in page
    assert "Zebra carts?" not in sign_in(Client(), cast.outsider).get("/questions/").content.decode()


def test_an_answer_taken_back_leaves_a_line_only_where_another_came_after_it(cast: Cast) -> None:
    question = asked(cast)
    first = make_answer(question, body="Buy zebras.", district=cast.geneva, by=cast.neighbor)
    accept(question, first, by=cast.member)
    take_back(first, by=cast.neighbor, at=LATER)
    stored = Question.objects.get()
    assert (stored.answer_count, stored.accepted) == (0, None)
    reader = sign_in(Client(), cast.outsider)
    assert "taken back" not in reader.get(question.get_absolute_url()).content.decode()
    make_answer(question, body="Do not.", district=cast.sycamore, by=cast.outsider, at=LATER)
    page = packed(reader.get(question.get_absolute_url()))
    assert "This answer was taken back." in page
    assert "Buy zebras." not in page
    assert "1 answer" in page
    restore(first, by=cast.neighbor, at=LATER)
    assert "Buy zebras." in reader.get(question.get_absolute_url()).content.decode()


@pytest.mark.parametrize("by_officer", [False, True])
def test_an_answer_that_helped_is_marked_again_when_it_comes_back(cast: Cast, by_officer: bool) -> None:
    question = asked(cast)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    who = cast.officer if by_officer else cast.neighbor
    for _time in range(2):
        accept(question, given, by=cast.member)
        take_back(given, by=who, at=LATER, reason="It names a student")
        restore(given, by=who, at=LATER)
        assert Question.objects.get().accepted == given
    accept(question, None, by=cast.member)
    take_back(given, by=who, at=LATER, reason="It names a student")
    restore(given, by=who, at=LATER)
    assert Question.objects.get().accepted is None


def test_the_mark_that_another_answer_got_meanwhile_stays_there(cast: Cast) -> None:
    question = asked(cast)
    first = make_answer(question, district=cast.geneva, by=cast.neighbor)
    other = make_answer(question, district=cast.sycamore, by=cast.outsider)
    accept(question, first, by=cast.member)
    take_back(first, by=cast.neighbor, at=LATER)
    accept(question, other, by=cast.member)
    restore(first, by=cast.neighbor, at=LATER)
    assert Question.objects.get().accepted == other


def test_a_question_that_was_taken_back_offers_no_mark(client: Client, cast: Cast) -> None:
    question = asked(cast)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    accept_url = reverse("knowledge:answer-accept", args=[given.pk])
    assert accept_url in sign_in(client, cast.member).get(question.get_absolute_url()).content.decode()
    take_back(question, by=cast.member, at=LATER)
    assert accept_url not in client.get(question.get_absolute_url()).content.decode()


def test_what_was_taken_back_is_taken_back_once(cast: Cast) -> None:
    question = asked(cast)
    take_back(question, by=cast.member, at=LATER)
    with pytest.raises(Refused, match="already taken back"):
        take_back(question, by=cast.officer, at=LATER, reason="A student is named")


# --- officers hide ----------------------------------------------------------------------------------------------------
def test_an_officer_says_why_and_the_author_reads_it_with_their_words(cast: Cast) -> None:
    question = asked(cast)
    given = make_answer(question, body="Ann Lee, grade 5, does.", district=cast.geneva, by=cast.neighbor)
    officer, url = sign_in(Client(), cast.officer), reverse("knowledge:answer-hide", args=[given.pk])
    assert url in officer.get(question.get_absolute_url()).content.decode()
    assert "/hide/" not in sign_in(Client(), cast.host).get(question.get_absolute_url()).content.decode()
    refused = officer.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert "Say why you hide this." in refused.content.decode()
    assert officer.post(url, {"reason": "A student is named."}).status_code == 302
    [notice] = Notice.objects.filter(kind="hidden")
    assert notice.email == cast.neighbor.email
    for text in ("A student is named.", "Ann Lee, grade 5, does.", question.get_absolute_url()):
        assert text in notice.body
    make_answer(question, district=cast.sycamore, by=cast.outsider, at=LATER)
    assert "A chapter officer has hidden this answer." in officer.get(question.get_absolute_url()).content.decode()
    author = sign_in(Client(), cast.neighbor)
    assert "Ann Lee" not in author.get(question.get_absolute_url()).content.decode()
    assert author.post(f"/answers/{given.pk}/restore/").status_code == 403
    assert author.get(f"/answers/{given.pk}/edit/").status_code == 403
    assert officer.post(f"/answers/{given.pk}/restore/").status_code == 302
    assert Answer.objects.get(pk=given.pk).removed_because == ""
    take_back(question, by=cast.officer, at=LATER, reason="It names a student")
    page = author.get(question.get_absolute_url()).content.decode()
    assert "A chapter officer has hidden this question" in page
    assert "Zebra carts?" not in page


def test_an_officer_hides_a_practice_and_its_people_are_told_why(cast: Cast) -> None:
    practice = make_practice(cast.geneva, by=cast.neighbor)
    officer = sign_in(Client(), cast.officer)
    assert f"/practices/{practice.pk}/hide/" in officer.get(practice.get_absolute_url()).content.decode()
    page = officer.post(f"/practices/{practice.pk}/hide/", {"reason": "It names a student."}, follow=True)
    assert not Practice.objects.get().live
    [notice] = Notice.objects.filter(kind="hidden")
    assert (notice.email, "It names a student." in notice.body) == (cast.neighbor.email, True)
    undo = page.content.decode().split(f'action="/practices/{practice.pk}/restore/')[1].split('"')[0]
    officer.post(f"/practices/{practice.pk}/restore/{undo}")
    assert Practice.objects.get().live


def test_an_officer_moderates_what_is_of_others_and_nobody_else_does(cast: Cast) -> None:
    practice, question = make_practice(cast.geneva, by=cast.neighbor), asked(cast)
    given = make_answer(question, district=cast.geneva, by=cast.neighbor)
    for written in (practice, question, given):
        for person in (cast.stranger, cast.member, cast.neighbor, cast.outsider, cast.host):
            assert not moderates(person, written)
        assert moderates(cast.officer, written)


def test_an_officer_is_not_told_that_somebody_hears_of_what_they_hide_of_their_own(cast: Cast) -> None:
    """Their own words and their district's practice are taken back, and nobody is mailed."""
    join(cast.officer, Role.MEMBER, district=cast.geneva)
    practice, question = make_practice(cast.geneva, by=cast.neighbor), make_question(by=cast.officer)
    officer = sign_in(Client(), cast.officer)
    for written, of in ((practice, "practice"), (question, "question")):
        url = reverse(f"knowledge:{of}-hide", args=[written.pk])
        assert url not in officer.get(written.get_absolute_url()).content.decode()
        for refused in (officer.get(url), officer.post(url, {"reason": "It is old"})):
            assert refused.status_code == 403
            assert "Take it back on its page" in refused.content.decode()
    assert Practice.objects.get().live
    assert Question.objects.kept().exists()


def test_a_district_withdraws_its_own_without_a_reason(cast: Cast) -> None:
    withdraw(make_practice(cast.geneva, by=cast.neighbor), by=cast.neighbor, at=LATER)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("whole", [False, True])
def test_an_officer_hides_a_note_and_leaves_the_status_unless_all_goes(cast: Cast, whole: bool) -> None:
    practice = make_practice(cast.geneva)
    said = make_adoption(
        practice,
        cast.kaneland,
        by=cast.member,
        since=date(2024, 8, 1),
        scale="Nine schools",
        again="changes",
        note="Vendor X cheats.",
        contact="Ann, x 301",
    )
    with pytest.raises(PermissionDenied):
        hide_note(said, by=cast.neighbor, at=LATER, reason="It is false")
    hide_note(said, by=cast.officer, at=LATER, reason="It is false", whole=whole)
    assert list(Adoption.objects.values_list("status", "note")) == ([] if whole else [("in_use", "")])
    assert Practice.objects.get().in_use_count == (0 if whole else 1)
    [notice] = Notice.objects.filter(kind="hidden")
    assert (notice.email, "Vendor X cheats." in notice.body) == (cast.member.email, True)
    rest = ["Status: In use", "Since: Aug 1, 2024", "Nine schools", "Yes, with changes", "Note: ", "Ann, x 301"]
    assert [text in notice.body for text in rest] == [whole] * len(rest)
    if not whole:
        with pytest.raises(Refused, match="wrote no note"):
            hide_note(said, by=cast.officer, at=LATER, reason="It is false")


def test_words_that_were_taken_back_go_for_good_on_the_way_to_a_release_that_would_show_them(cast: Cast) -> None:
    answered, alone, seen = asked(cast), asked(cast), asked(cast)
    gone = make_answer(answered, district=cast.geneva, by=cast.neighbor)
    kept = make_answer(answered, district=cast.geneva, by=cast.neighbor)
    alone.tags.add("carts")
    take_back(gone, by=cast.neighbor, at=LATER)
    for question in (answered, alone):
        take_back(question, by=cast.member, at=LATER)
    with connection.cursor() as cursor:
        for statement in import_module("knowledge.migrations.0004_taken_back_for_good").FORGET:
            cursor.execute(statement)
    titles = set(Question.objects.values_list("pk", "title", "body"))
    assert titles == {(answered.pk, "This question was taken back", ""), (seen.pk, seen.title, seen.body)}
    assert list(Answer.objects.all()) == [kept]
