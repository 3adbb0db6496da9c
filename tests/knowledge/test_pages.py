"""Every page of knowledge, by HTTP: what is seen, what is refused, and that it costs the same with more rows."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from knowledge.models import Adoption, Answer, Practice, Question
from portal.districts.models import Membership, Role
from portal.kept import Kept
from tests.conftest import sign_in
from tests.knowledge.makers import make_adoption, make_answer, make_practice, make_question
from tests.people import Cast, join

FORM = {
    "kind": "how",
    "title": "Students repair Chromebooks",
    "what_we_do": "Two periods a day.",
    "tags": "Chromebooks, Repair",
    "products": "Google Admin console",
    "cost": "4.25",
    "cost_per": "device",
    "audience": "members",
}


def queries(client: Client, url: str) -> int:
    Kept.forget_all()
    client.get(url)  # what is kept in the process for five seconds is kept anew
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_a_director_posts_another_finds_it_and_says_we_do_this_too_and_undoes_it(client: Client, cast: Cast) -> None:
    sign_in(client, cast.member)
    posted = client.post(reverse("knowledge:practice-new"), FORM)
    practice = Practice.objects.get()
    assert posted.headers["Location"] == practice.get_absolute_url()
    sign_in(client, cast.neighbor)
    listed = client.get(reverse("knowledge:practice-list") + "?tag=repair").content.decode()
    assert "Students repair Chromebooks" in listed
    page = client.get(practice.get_absolute_url()).content.decode()
    assert "We do this too" in page
    assert "$4.25 per device" in page
    client.post(reverse("knowledge:adoption-new", args=[practice.pk]))
    client.post(reverse("knowledge:adoption-new", args=[practice.pk]))
    assert Adoption.objects.get().district == cast.geneva
    page = client.get(practice.get_absolute_url()).content.decode()
    assert "In use in 1 district" in page
    undo = page.split(f'action="/practices/{practice.pk}/our-use/undo/')[1].split('"')[0]
    assert client.post(f"/practices/{practice.pk}/our-use/undo/{undo}").status_code == 302
    assert not Adoption.objects.exists()


def test_a_page_of_a_district_i_have_left_says_nothing_for_my_other_one(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    sign_in(client, cast.member)
    page = client.get(practice.get_absolute_url()).content.decode()
    assert f'name="district" value="{cast.kaneland.pk}"' in page
    edit = reverse("knowledge:adoption-edit", args=[practice.pk]) + f"?district={cast.kaneland.pk}"
    assert f'href="{edit}"' in page
    join(cast.member, Role.MEMBER, district=cast.batavia)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(person=cast.member, district=cast.kaneland).update(until=yesterday)
    press = client.post(reverse("knowledge:adoption-new", args=[practice.pk]), {"district": cast.kaneland.pk})
    assert press.status_code == client.post(edit, {"status": "in_use"}).status_code == 404
    assert not Adoption.objects.exists()


def test_a_cost_of_less_than_a_cent_is_shown_whole(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland, cost=Decimal("0.0425"), cost_per="student")
    page = sign_in(client, cast.member).get(practice.get_absolute_url()).content.decode()
    assert "$0.0425 per student" in page


def test_districts_like_mine_come_first_with_the_reason_and_stops_with_theirs(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.sycamore, status="stopped", note="The parts cost more than the device.")
    make_adoption(practice, cast.batavia)
    page = sign_in(client, cast.member).get(practice.get_absolute_url()).content.decode()
    assert "In use in 1 district, 1 stopped; 1 like yours" in page
    assert "Like yours: 4,903 students to your 3,736, same grades" in page
    assert "The parts cost more than the device." in page
    assert "Batavia: in use" in page


def test_what_districts_say_stays_a_table_where_its_rows_are_shown_as_paragraphs(client: Client, cast: Cast) -> None:
    """A browser takes `display: flex` for no table; a role says that it is one."""
    practice = make_practice(cast.kaneland)
    make_adoption(practice, cast.geneva, note="Since spring.")
    page = sign_in(client, cast.member).get(practice.get_absolute_url()).content.decode()
    (table,) = re.findall(r'<table class="said".*?</table>', page, re.DOTALL)
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for tag, attributes in re.findall(r"<(table|thead|tbody|tr|th|td)\b([^>]*)>", table):
        role = roles.get(tag, "rowheader" if 'scope="row"' in attributes else "columnheader")
        assert f'role="{role}"' in attributes, tag


def test_a_visitor_sees_the_counts_of_a_public_practice_and_no_names(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva, audience="public", by=cast.neighbor)
    make_adoption(practice, cast.batavia, note="Works for us.")
    page = client.get(practice.get_absolute_url()).content.decode()
    assert "In use in 1 district" in page
    for hidden in ("Batavia", "Works for us", str(cast.neighbor)):
        assert hidden not in page


def test_the_practices_own_district_cannot_adopt_it(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    sign_in(client, cast.member)
    assert "We do this too" not in client.get(practice.get_absolute_url()).content.decode()
    assert client.post(reverse("knowledge:adoption-new", args=[practice.pk])).status_code == 403
    assert not Adoption.objects.exists()


def test_a_form_that_is_not_complete_comes_back_as_typed(client: Client, cast: Cast) -> None:
    answer = sign_in(client, cast.member).post(reverse("knowledge:practice-new"), FORM | {"title": ""})
    assert answer.status_code == 422
    assert "Two periods a day." in answer.content.decode()
    assert not Practice.objects.exists()


def test_a_stale_save_is_a_409_with_both_texts(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    url = reverse("knowledge:practice-edit", args=[practice.pk])
    sign_in(client, cast.member)
    assert client.post(url, FORM | {"version": practice.version, "title": "First words"}).status_code == 302
    refused = client.post(url, FORM | {"version": practice.version, "title": "Second words"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "First words" in page
    assert "Second words" in page
    assert Practice.objects.get().title == "First words"
    again = page.split('name="version" value="')[1].split('"')[0]
    assert client.post(url, FORM | {"version": again, "title": "Second words"}).status_code == 302
    assert Practice.objects.get().title == "Second words"


def test_what_was_typed_into_a_practice_that_is_unpublished_meanwhile_is_not_lost(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    url = reverse("knowledge:practice-edit", args=[practice.pk])
    practice.unpublish()
    sent = FORM | {"version": practice.version, "what_we_do": "Twenty thousand characters"}
    refused = sign_in(client, cast.member).post(url, sent)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Twenty thousand characters" in page
    assert "taken out of sight while you were writing" in page
    assert "Put the two together" not in page
    assert client.get(url).status_code == 404
    assert sign_in(Client(), cast.neighbor).post(url, sent).status_code == 404
    assert Practice.objects.get().what_we_do == practice.what_we_do


def test_an_edit_while_an_officers_draft_is_open_is_a_409(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    draft = Practice.objects.get()
    draft.title = "The officer's draft"
    draft.save_revision(user=cast.officer)
    sign_in(client, cast.member)
    url = reverse("knowledge:practice-edit", args=[practice.pk])
    refused = client.post(url, FORM | {"version": practice.version, "title": "Mine"})
    assert refused.status_code == 409
    assert "Mine" in refused.content.decode()


def test_what_an_officer_locked_or_works_on_is_refused_with_the_reason(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    Practice.objects.filter(pk=practice.pk).update(locked=True)
    sign_in(client, cast.member)
    version = Practice.objects.get().version
    edit = reverse("knowledge:practice-edit", args=[practice.pk])
    refused = client.post(edit, FORM | {"version": version, "what_we_do": "Typed with care"})
    assert refused.status_code == 422
    assert "has locked this practice" in refused.content.decode()
    assert "Typed with care" in refused.content.decode()
    withdraw = reverse("knowledge:practice-withdraw", args=[practice.pk])
    assert client.post(withdraw).status_code == 422
    Practice.objects.filter(pk=practice.pk).update(locked=False)
    Practice.objects.get().save_revision(user=cast.officer)
    refused = client.post(withdraw)
    assert refused.status_code == 409
    assert "their draft is not published yet" in refused.content.decode()
    assert Practice.objects.get().live


def test_another_districts_practice_is_not_edited(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    sign_in(client, cast.member)
    assert client.get(reverse("knowledge:practice-edit", args=[practice.pk])).status_code == 403
    assert client.post(reverse("knowledge:practice-withdraw", args=[practice.pk])).status_code == 403


def test_withdrawn_and_undone(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.kaneland)
    sign_in(client, cast.member)
    page = client.post(reverse("knowledge:practice-withdraw", args=[practice.pk]), follow=True).content.decode()
    assert client.get(practice.get_absolute_url()).status_code == 404
    undo = page.split(f'action="/practices/{practice.pk}/restore/')[1].split('"')[0]
    client.post(f"/practices/{practice.pk}/restore/{undo}")
    assert client.get(practice.get_absolute_url()).status_code == 200


def test_a_stop_without_a_reason_is_asked_for_one(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    url = reverse("knowledge:adoption-edit", args=[practice.pk])
    sign_in(client, cast.member)
    assert client.get(url).status_code == 200
    assert client.post(url, {"status": "stopped"}).status_code == 422
    assert client.post(url, {"status": "stopped", "note": "Too slow."}).status_code == 302
    assert Practice.objects.get().stopped_count == 1


def test_each_of_my_two_districts_changes_its_own_words(client: Client, cast: Cast) -> None:
    join(cast.member, Role.MEMBER, district=cast.batavia)
    practice = make_practice(cast.geneva)
    make_adoption(practice, cast.kaneland, note="Kaneland repairs", contact="help desk")
    make_adoption(practice, cast.batavia, status="piloting", note="Batavia tries", contact="network admin")
    url = reverse("knowledge:adoption-edit", args=[practice.pk])
    first = sign_in(client, cast.member).get(url).content.decode()
    theirs = f"{url}?district={cast.batavia.pk}"
    assert "Kaneland repairs" in first
    assert f'href="{theirs}"' in first
    second = client.get(theirs).content.decode()
    assert "Batavia tries" in second
    assert "network admin" in second
    assert "Kaneland repairs" not in second
    assert client.post(theirs, {"status": "in_use", "note": "Batavia does"}).status_code == 302
    assert dict(Adoption.objects.values_list("district__short_name", "note")) == {
        "Kaneland": "Kaneland repairs",
        "Batavia": "Batavia does",
    }
    assert client.post(f"{url}?district={cast.sycamore.pk}", {"status": "in_use"}).status_code == 404
    remove = reverse("knowledge:adoption-remove", args=[practice.pk])
    assert client.post(remove, {"district": cast.sycamore.pk}).status_code == 404
    client.post(remove, {"district": cast.batavia.pk})
    assert Adoption.objects.get().district == cast.kaneland


def test_a_question_is_asked_answered_and_accepted(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva)
    sign_in(client, cast.member)
    client.post(
        reverse("knowledge:practice-ask", args=[practice.pk]), {"title": "Do freshmen swap boards?", "tags": "repair"}
    )
    question = Question.objects.get()
    assert question.district == cast.kaneland
    sign_in(client, cast.neighbor)
    client.post(reverse("knowledge:answer-new", args=[question.pk]), {"body": "After the **safety hour**."})
    given = Answer.objects.get()
    accept = reverse("knowledge:answer-accept", args=[given.pk])
    assert client.post(accept).status_code == 403
    sign_in(client, cast.member)
    assert client.post(accept).status_code == 302
    page = client.get(question.get_absolute_url()).content.decode()
    assert "<strong>safety hour</strong>" in page
    assert "1 answer" in page
    assert Question.objects.get().accepted == given
    client.post(accept, {"accepted": "no"})
    assert Question.objects.get().accepted is None


@pytest.mark.parametrize("who", ["visitor", "member", "officer"])
def test_lists_cost_the_same_with_1_and_20_rows(client: Client, cast: Cast, who: str) -> None:
    sign_in(client, getattr(cast, who))
    urls = [
        reverse("knowledge:practice-list"),
        reverse("knowledge:question-list"),
        "/tags/repair/",
        "/products/jamf/",
    ]

    def fill(count: int) -> None:
        for number in range(count):
            tags = ("repair", f"tag-{number}")
            practice = make_practice(
                cast.geneva, title=f"Practice {number}", audience="public", tags=tags, products=("Jamf",)
            )
            make_adoption(practice, cast.batavia)
            make_question(practice=practice, district=cast.sycamore, tags=("repair",))

    fill(1)
    before = [queries(client, url) for url in urls]
    fill(19)
    assert [queries(client, url) for url in urls] == before
    signed_in = 0 if who == "visitor" else 3
    assert before[0] - signed_in <= 4
    assert before[1] - signed_in <= 4


def test_a_practice_costs_at_most_five_queries_however_many_do_it(client: Client, cast: Cast) -> None:
    practice = make_practice(cast.geneva, tags=("repair", "wifi"), products=("Jamf", "Mosyle"))
    sign_in(client, cast.member)
    make_adoption(practice, cast.batavia)
    make_answer(make_question(practice=practice, district=cast.sycamore), district=cast.geneva)
    before = queries(client, practice.get_absolute_url())
    make_adoption(practice, cast.sycamore)
    make_adoption(practice, cast.kaneland, status="piloting")
    for _ in range(5):
        make_answer(make_question(practice=practice, district=cast.sycamore), district=cast.geneva)
    assert queries(client, practice.get_absolute_url()) == before
    assert before - 3 <= 5
